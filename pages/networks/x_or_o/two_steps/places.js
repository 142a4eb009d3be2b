// Where the parts of a step of backpropagation stand, and how each gradient is a sum over the places where a weight was used.

const PARTS = ["before", "gradient", "after"];
const STAGES = ["forward", "error", "votes", "listed", "maps", "features", "after"]; // of one step

/** What a feature's weight was used for: the places with a gradient, the pixel that it met there, and what each adds. */
function usesOf(step, pixels, feature, weight) {
  const [down, right] = [Math.floor(weight / KERNEL), weight % KERNEL];
  return step.maps[feature].flatMap((gradient, place) => {
    if (gradient === 0) return [];
    const [row, column] = [Math.floor(place / MAP), place % MAP];
    const pixel = pixels[(row + down) * SIDE + column + right];
    return [{ place, gradient, pixel, adds: (gradient * pixel) / 9 }];
  });
}

/** Blocks of cells, by names such as "features1before" and "votes0gradient"; `slim` for a phone. */
function placesOf(slim) {
  return slim ? stacked() : spread();
}

const PITCH = 118; // from one feature to the next

function spread() {
  const blocks = {};
  for (const feature of range(FEATURES)) {
    const y = 38 + PITCH * feature;
    PARTS.forEach((part, i) => (blocks[`features${feature}${part}`] = { x: 1 + 110 * i, y: y + 12, cell: 29, wide: 34, columns: 3 }));
    blocks[`maps${feature}`] = { x: 344, y, cell: 16, columns: MAP };
  }
  const column = (x, width) => ({ x, y: 38, cell: 28, wide: width, columns: 1, groups: 4, gap: PITCH - 112 });
  Object.assign(blocks, { listedGradient: column(478, 52), listed: column(536, 44) });
  for (const who of range(2)) PARTS.forEach((part, i) => (blocks[`votes${who}${part}`] = column(600 + 160 * who + 50 * i, 49)));
  const box = (y) => ({ x: 936, y, cell: 30, wide: 53, columns: 1 });
  Object.assign(blocks, { v: box(58), p: box(142), y: box(226), difference: box(310) });
  const titles = { maps: [344, 14], listedGradient: [478, 14], listed: [536, 14], votes0: [600, 14], votes1: [760, 14], features: [1, 14] };
  Object.assign(titles, { v: [936, 50], p: [936, 134], y: [936, 218], difference: [936, 302] });
  PARTS.forEach((part, i) => {
    titles[`features.${part}`] = [1 + 110 * i, 32];
    for (const who of range(2)) titles[`votes${who}.${part}`] = [600 + 160 * who + 50 * i, 32];
  });
  return { width: 990, height: 388, blocks, titles };
}

function stacked() {
  const blocks = {};
  for (const feature of range(FEATURES)) {
    PARTS.forEach((part, i) => (blocks[`features${feature}${part}`] = { x: 1 + 126 * i, y: 690 + 96 * feature, cell: 28, wide: 36, columns: 3 }));
    blocks[`maps${feature}`] = { x: 1 + 126 * feature, y: 530, cell: 16, columns: MAP };
  }
  const row = (y) => ({ x: 1, y, cell: 26, wide: 30.5, columns: LISTED });
  Object.assign(blocks, { listed: row(112), listedGradient: row(470) });
  for (const who of range(2)) PARTS.forEach((part, i) => (blocks[`votes${who}${part}`] = row(176 + 136 * who + 32 * i)));
  ["v", "p", "y", "difference"].forEach((name, i) => (blocks[name] = { x: 1 + 94 * i, y: 24, cell: 30, wide: 84, columns: 1 }));
  const titles = { maps: [1, 522], listedGradient: [1, 462], listed: [1, 104], votes0: [1, 168], votes1: [1, 304], features: [1, 664] };
  ["v", "p", "y", "difference"].forEach((name, i) => (titles[name] = [1 + 94 * i, 16]));
  PARTS.forEach((part, i) => (titles[`features.${part}`] = [1 + 126 * i, 682]));
  return { width: 372, height: 980, blocks, titles };
}

const COUNTS = { v: 2, p: 2, y: 2, difference: 2, listed: 12, listedGradient: 12 };

/** How many cells a block has. */
function countOf(name) {
  if (name.startsWith("features")) return 9;
  return name.startsWith("maps") ? MAP * MAP : COUNTS[name] ?? LISTED;
}

/** The stage of a step at which a block is known. */
function stageOf(name) {
  if (name.endsWith("before") || ["v", "p", "y", "listed"].includes(name)) return 0;
  if (name === "difference") return 1;
  if (name === "listedGradient") return 3;
  if (name.startsWith("maps")) return 4;
  if (name.endsWith("after")) return 6;
  return name.startsWith("votes") ? 2 : 5;
}

/** The values of a block. */
function valuesOf(step, name) {
  if (name === "difference") return step.p.map((p, i) => p - step.y[i]);
  if (name === "v") return step.votes;
  if (name.startsWith("maps")) return step.maps[Number(name[4])];
  const found = name.match(/^(features|votes)(\d)(\w+)$/);
  if (!found) return step[name];
  const [, layer, number, part] = found;
  const count = layer === "features" ? 9 : LISTED;
  return step[part][layer].slice(count * number, count * number + count);
}
