// Where the columns of an architecture stand: heights by the size of the maps, widths by their number, to square roots.

const TALL = 128; // of the largest map, in units of the drawing
const ARCS = 34; // room for skips above
const BARS = 40; // of one row of bars
const ROWS_GAP = 20; // above a row of bars, for its caption
const LEAST = { width: 5, height: 4 };
const GAP = 7;
const SHEETS = 3; // drawn at most, of the blocks in a group
const SHIFT = 4;
const MOST_SCALE = 40; // of a network with few maps

/** Items with x, width and height, fitted to `room` where `zoom` is 1, and how wide all are together. */
function placed(items, room, zoom) {
  const largest = Math.max(...items.map(({ layers }) => side(layers.at(-1))));
  const naturals = items.map(({ layers }) => Math.sqrt(layers.at(-1).maps));
  const gaps = items.map((item, i) => gapBefore(item, items[i - 1]));
  const free = room - gaps.reduce((a, b) => a + b, 0) - 8;
  const scale = fitting(naturals, free);
  let x = 4;
  const columns = items.map((item, i) => {
    const width = Math.max(naturals[i] * scale, LEAST.width) * zoom;
    const height = Math.max(TALL * Math.sqrt(side(item.layers.at(-1)) / largest), LEAST.height);
    x += gaps[i] * Math.min(zoom, 2);
    const column = { ...item, x, width, height };
    x += width;
    return column;
  });
  return { columns, width: x + 4 };
}

/** By what square roots of numbers of maps are multiplied so that all columns fill `free`, the narrow at their least. */
function fitting(naturals, free) {
  const wide = (scale) => naturals.reduce((sum, each) => sum + Math.max(each * scale, LEAST.width), 0);
  let [low, high] = [0, MOST_SCALE];
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    [low, high] = wide(middle) > free ? [low, middle] : [middle, high];
  }
  return low;
}

function side(layer) {
  return layer.size ? Math.sqrt(layer.size[0] * layer.size[1]) : 1;
}

function gapBefore(item, before) {
  const sheets = item.layer ? 0 : Math.min(item.repeats - 1, SHEETS - 1) * SHIFT;
  const isNear = before && item.inside !== undefined && before.inside === item.inside && before.block === item.block;
  return (isNear ? 3 : GAP) + sheets;
}

/** Skips: from which column to which, where more lies between them than nothing. */
function skipsOf(columns) {
  const at = new Map();
  columns.forEach((column, i) => column.layers.forEach((_, j) => at.set(column.first + j, i)));
  const found = new Map();
  columns.forEach((column, to) => {
    for (const layer of column.layers) {
      for (const read of layer.reads) {
        const from = at.get(read);
        if (from < to - 1) found.set(`${from} ${to}`, [from, to]);
      }
    }
  });
  return [...found.values()];
}

/** The path of an arc from above one column to above another. */
function arc(from, to, base) {
  const [x0, x1] = [from.x + from.width / 2, to.x + to.width / 2];
  const [y0, y1] = [base - from.height - 2, base - to.height - 2];
  const top = Math.min(y0, y1) - Math.min(8 + (x1 - x0) / 5, ARCS);
  return `M${x0} ${y0}C${x0} ${top} ${x1} ${top} ${x1} ${y1}`;
}
