// Memory as bars of parts on one scale. Streamlit calls the default export when the component is mounted, and again,
// with the same parentElement, whenever its data or the theme change.

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".memory");
  const [legend, list] = [root.querySelector(".parts"), root.querySelector("dl")];
  const most = Math.max(...data.bars.map(({ total }) => total));
  legend.replaceChildren();
  for (const { label, colour } of data.parts) {
    const entry = append(legend, "li");
    append(entry, "i").style.background = colour;
    append(entry, "span", "", label);
  }
  list.replaceChildren();
  for (const bar of data.bars) drawBar(list, bar, data, most);
  root.dataset.total = data.bars[0].total;
}

function drawBar(list, { label, bytes, total }, { parts, words }, most) {
  append(list, "dt", "", `${label}: ${size(total, words)}`);
  const track = append(list, "dd");
  bytes.forEach((count, i) => {
    if (!count) return;
    const text = size(count, words);
    const part = append(track, "span", "part");
    append(part, "span", "", text);
    part.style.width = `${(100 * count) / most}%`;
    part.style.background = parts[i].colour;
    part.title = `${parts[i].label}: ${text}`;
  });
}

/** Bytes as people say them. */
function size(bytes, words) {
  const [word, unit] = bytes >= 1e9 ? ["gigabytes", 1e9] : ["megabytes", 1e6];
  return fillIn(words[word], { value: Number((bytes / unit).toPrecision(3)).toLocaleString() });
}
