// Where the blocks of the picture stand, in units of the drawing: beside each other, or on a phone below each other.

const INK = ["#14212f", "#ffffff"]; // of numbers on light and on dark cells
const CELL = { maps: 16, rectified: 16, pooled: 28, stacked: 40 };
const POOLED = 32; // width of a cell that holds 0.33
const LARGEST_NUMBER = 15.4; // units of type: read from the last row at a drawing's full width
const ROW = 124; // from one feature's maps to the next's
const WIDE = { width: 990, height: 384 };
const SLIM = { width: 372, height: 1010 };

/** x, y, size of a cell and columns of every block, and where the titles stand; `slim` for a phone. */
function layoutOf(slim) {
  return slim ? below() : beside();
}

function beside() {
  const blocks = { input: { x: 1, y: 24, cell: 23, columns: SIDE } };
  const across = { features: 228, maps: 312, rectified: 434, pooled: 556, stacked: 696 };
  for (const map of range(FEATURES)) {
    const y = 24 + ROW * map;
    blocks[`features${map}`] = { x: across.features, y: y + 20, cell: 24, columns: KERNEL };
    for (const layer of LAYERS) {
      const size = SIDES[layer] * CELL[layer];
      const wide = layer === "pooled" ? POOLED : CELL[layer];
      blocks[`${layer}${map}`] = { x: across[layer], y: y + (112 - size) / 2, cell: CELL[layer], wide, columns: SIDES[layer] };
    }
  }
  const column = (x, width) => ({ x, y: 24, cell: 28, wide: width, columns: 1, groups: 4, gap: ROW - 112 });
  Object.assign(blocks, { listed0: column(796, 44), weights0: column(848, 38), weights1: column(888, 38) });
  blocks.votes0 = { x: 936, y: 104, cell: 70, wide: 53, columns: 1, groups: 1, gap: 26 };
  blocks.detail = { x: 1, y: 256, cell: 21, width: 207 };
  const titles = { input: [1, 14], features: [228, 14], ...mapped(LAYERS, (layer) => [across[layer], 14]) };
  Object.assign(titles, { listed: [796, 14], weights0: [861, 14], weights1: [901, 14], votes: [936, 94] });
  return { ...WIDE, blocks, titles };
}

function below() {
  const blocks = { input: { x: 1, y: 22, cell: 18, columns: SIDE } };
  const down = { features: 208, maps: 292, rectified: 432, pooled: 572, stacked: 712 };
  for (const map of range(FEATURES)) {
    const x = 1 + 126 * map;
    blocks[`features${map}`] = { x: x + 26, y: down.features, cell: 20, columns: KERNEL };
    for (const layer of LAYERS) {
      const size = SIDES[layer] * CELL[layer];
      blocks[`${layer}${map}`] = { x: x + (112 - size) / 2, y: down[layer], cell: CELL[layer], columns: SIDES[layer] };
    }
  }
  const row = (y) => ({ x: 1, y, cell: 26, wide: 30, columns: LISTED });
  Object.assign(blocks, { listed0: row(820), weights0: row(872), weights1: row(900) });
  blocks.votes0 = { x: 1, y: 950, cell: 56, wide: 178, columns: 2, groups: 1, gap: 0, across: 12 };
  blocks.detail = { x: 180, y: 24, cell: 18, width: 190 };
  const titles = { input: [1, 13], ...mapped(["features", ...LAYERS], (layer) => [1, down[layer] - 8]) };
  Object.assign(titles, { listed: [1, 812], weights: [1, 864], votes: [1, 942] });
  return { ...SLIM, blocks, titles };
}

function mapped(names, make) {
  return Object.fromEntries(names.map((name) => [name, make(name)]));
}

/** x, y, width and height of a block's cell. */
function cellBox(block, cell) {
  const { x, y, cell: size, wide = size, columns, groups = Infinity, gap = 0, across = 0 } = block;
  const [row, column] = [Math.floor(cell / columns), cell % columns];
  return { x: x + column * (wide + across), y: y + row * size + Math.floor(row / groups) * gap, width: wide, height: size };
}

/** The box around cells of a block. */
function boxAround(block, cells) {
  const boxes = cells.map((cell) => cellBox(block, cell));
  const [x, y] = [Math.min(...boxes.map((box) => box.x)), Math.min(...boxes.map((box) => box.y))];
  const [right, low] = [Math.max(...boxes.map((box) => box.x + box.width)), Math.max(...boxes.map((box) => box.y + box.height))];
  return { x, y, width: right - x, height: low - y };
}
