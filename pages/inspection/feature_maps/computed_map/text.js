// The arithmetic of a place, written out.

/** How the core's value at a place comes about, written out. */
function coreText(data, row, column) {
  const { words, sources, core } = data;
  if (core === "weighted sum") {
    const parts = data.isUnits
      ? [fillIn(words.listed, { sum: short(sources.reduce((sum, { partial }) => sum + partial[0], 0)), count: sources.length })]
      : sources.map(({ partial }) => bracketed(data.at(partial, row, column)));
    if (data.rest) parts.push(fillIn(words.rest, { count: data.others.toLocaleString("en"), sum: bracketed(data.at(data.rest, row, column)) }));
    parts.push(fillIn(words.bias, { bias: bracketed(data.bias) }));
    return parts.join(" + ");
  }
  if (core === "maximum" || core === "mean") {
    const met = data.meets(sources[0], row, column);
    const count = core === "mean" && data.counts ? met.length : met.filter(({ inside }) => inside).length;
    return fillIn(words[core], { count });
  }
  if (core === "sum" || core === "product") {
    const numbers = sources.map(({ values, size: [height, width] }) => values[height * width === 1 ? 0 : row * width + column]);
    return numbers.map((value) => bracketed(value)).join(core === "sum" ? " + " : " × ");
  }
  return words.other;
}

function writeCell(element, { value, weight, inside }, { weighted, most, best, look }) {
  if (!inside && !weighted) return;
  const product = value * weight;
  if (weighted) append(element, "span", "", `${short(value, 2)}×${bracketed(weight, 2)}`);
  append(element, "b", "", short(weighted ? product : value, 3));
  const shade = look.shades[shadeOf(product, most)];
  const [red, green, blue] = [shade & 255, (shade >> 8) & 255, (shade >> 16) & 255];
  element.style.background = `rgb(${red} ${green} ${blue})`;
  element.style.color = 0.299 * red + 0.587 * green + 0.114 * blue > 140 ? "#14212f" : "#ffffff";
  if (inside && value === best) element.style.outline = `3px solid ${look.primary}`;
}

function stepText({ kind, detail, title, numbers }, before) {
  if (kind === "normalization" && numbers.length) {
    const [mean, deviation, scale, shift] = numbers.map((value) => short(value));
    return `(${short(before)} − ${mean.startsWith("−") ? `(${mean})` : mean}) / ${deviation} × ${scale} + ${shift.startsWith("−") ? `(${shift})` : shift}`;
  }
  return kind === "activation" ? `${detail || title}(${short(before)})` : title;
}

function bracketed(value, digits = 3) {
  const text = short(value, digits);
  return text.startsWith("−") ? `(${text})` : text;
}
