// Blocks with the norms of what flows through them. The ways are as wide as what flows there; arrows up mark the norms of
// the gradient. Streamlit calls the default export when the component is mounted and whenever its data change.

const [WIDTH, HEIGHT] = [500, 296]; // with room for a power of ten at the end of each line
const [MIDDLE, SKIP, SPLIT, JOIN, END] = [88, 324, 62, 236, 282]; // x of the branch and of the skip, y of where they part
const WIDEST = 14; // pixels, of a way

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".block-picture");
  root.setAttribute("aria-label", data.alt);
  root.replaceChildren();
  for (const block of data.blocks) drawBlock(root, block, data.unchanged);
}

function drawBlock(root, { title, color, layers, skip, last, widths, texts }, unchanged) {
  const svg = appendSvg(root, "svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" });
  const write = (x, y, text, name = "") => appendSvg(svg, "text", { x, y, class: name }, text);
  const way = (d, width) =>
    appendSvg(svg, "path", { d, class: "way", stroke: color, "stroke-width": Math.max(WIDEST * width, 1.5) });
  write(8, 12, title, "title");
  write(MIDDLE + 14, 40, texts.read);
  write(SKIP + 14, 40, texts.passed, "back");
  way(`M${MIDDLE} 28 V${SPLIT}`, widths.read);
  if (skip) {
    way(`M${MIDDLE} ${SPLIT} H${SKIP} V${JOIN} H${MIDDLE}`, widths.read);
    write(SKIP + 14, 128, unchanged);
    write(SKIP + 14, 154, texts.incoming, "back");
  }
  way(`M${MIDDLE} ${SPLIT} V${SPLIT + 16}`, widths.read);
  way(`M${MIDDLE} ${SPLIT + 16} V${JOIN}`, widths.branch);
  layers.forEach((layer, i) => {
    const y = SPLIT + 34 + 52 * i;
    appendSvg(svg, "rect", { x: 4, y, width: 2 * MIDDLE - 8, height: 34, rx: 6, class: "box" });
    write(MIDDLE, y + 18, layer, "layer");
  });
  write(MIDDLE + 14, SPLIT + 18, texts.back, "back");
  write(MIDDLE + 14, JOIN - 34, texts.branch);
  way(`M${MIDDLE} ${JOIN} V${END}`, widths.sum);
  if (skip) drawSum(svg);
  write(MIDDLE + 18, JOIN + 32, `${texts.sum}${last ? ` → ${last}` : ""}`);
  if (!skip) write(SKIP + 14, JOIN - 34, texts.incoming, "back");
}

function drawSum(svg) {
  appendSvg(svg, "circle", { cx: MIDDLE, cy: JOIN, r: 12, class: "sum" });
  for (const d of [`M${MIDDLE - 7} ${JOIN} h14`, `M${MIDDLE} ${JOIN - 7} v14`]) appendSvg(svg, "path", { d, class: "plus" });
}
