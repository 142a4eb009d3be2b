// The stages of a network. elements.js precedes this file in the same module.

const [TALL, LEAST, APART, MOST_SHEETS] = [168, 5, 5, 6];
const [COLUMN, BELOW] = [74, 66]; // least width of a column, and height of what stands below it
const pictures = new WeakMap(); // root -> its ResizeObserver

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".stages");
  const scroller = root.querySelector(".scroller");
  pictures.get(root)?.disconnect();
  const resizing = new ResizeObserver(() => draw(root, data));
  resizing.observe(scroller);
  pictures.set(root, resizing);
  draw(root, data);
  return () => setTimeout(() => root.isConnected || resizing.disconnect());
}

function draw(root, { stages, kinds, words }) {
  const [scroller, svg] = [root.querySelector(".scroller"), root.querySelector("svg")];
  if (!scroller.clientWidth) return;
  const unit = zoomOf();
  const column = Math.max(COLUMN, scroller.clientWidth / unit / stages.length);
  const [width, height] = [column * stages.length, TALL + BELOW + MOST_SHEETS * APART];
  const largest = Math.max(...stages.map(({ side }) => side));
  svg.replaceChildren();
  setAttributes(svg, { width: width * unit, height: height * unit, viewBox: `0 0 ${width} ${height}`, "aria-label": stages.map((stage) => `${stage.name} ${sizeOf(stage)}`).join(", ") });
  stages.forEach((stage, i) => drawStage(svg, stage, { middle: (i + 0.5) * column, largest, room: column - 26, fill: kinds[stage.kind] }));
  const list = root.querySelector(".kinds");
  list.replaceChildren();
  for (const kind of new Set(stages.map((stage) => stage.kind))) {
    const entry = append(list, "li");
    append(entry, "i").style.background = kinds[kind];
    append(entry, "span", "", words[kind]);
  }
}

/** A pile of sheets as tall as its maps are, beside the largest; units without a place are one column. */
function drawStage(svg, { name, maps, side, kind }, { middle, largest, room, fill }) {
  const isUnits = side === 1;
  const tall = isUnits ? clamped((TALL * maps) / 200, 14, TALL) : Math.max(LEAST, (TALL * side) / largest);
  const wide = isUnits ? 12 : Math.min(tall, room - MOST_SHEETS * APART);
  const sheets = isUnits ? 1 : Math.min(MOST_SHEETS, maps);
  const floor = TALL + MOST_SHEETS * APART;
  for (let sheet = sheets - 1; sheet >= 0; sheet -= 1) {
    const [x, y] = [middle - wide / 2 + (sheet - (sheets - 1) / 2) * APART, floor - tall - sheet * APART];
    appendSvg(svg, "rect", { class: "sheet", x, y, width: wide, height: tall, fill, "fill-opacity": kind === "input" ? 1 : 1 - 0.08 * sheet });
  }
  appendSvg(svg, "text", { class: "name", x: middle, y: floor + 20 }, name);
  const lines = isUnits ? [sizeOf({ maps, side })] : [`${maps}\u00a0×`, `${side}\u00a0×\u00a0${side}`];
  lines.forEach((line, i) => appendSvg(svg, "text", { x: middle, y: floor + 40 + 19 * i }, line));
}

const clamped = (value, low, high) => Math.min(Math.max(value, low), high);

function sizeOf({ maps, side }) {
  return side === 1 ? maps.toLocaleString("en") : `${maps}\u00a0×\u00a0${side}\u00a0×\u00a0${side}`;
}
