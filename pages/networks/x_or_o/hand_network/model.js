// The arithmetic of the network: the same as explainer/networks/by_hand.py, term by term.

const SIDE = 9;
const KERNEL = 3;
const MAP = 7;
const FEATURES = 3;
const SIDES = { maps: MAP, rectified: MAP, pooled: 4, stacked: 2 }; // of each layer's maps
const LAYERS = Object.keys(SIDES);
const BEFORE = { rectified: "maps", pooled: "rectified", stacked: "pooled" };
const LISTED = 12;

const range = (count) => Array.from({ length: count }, (_, i) => i);

/** The numbers of the pixels that the window at a cell of a map covers. */
function covered(cell) {
  const [row, column] = [Math.floor(cell / MAP), cell % MAP];
  return range(KERNEL * KERNEL).map((i) => (row + Math.floor(i / KERNEL)) * SIDE + column + (i % KERNEL));
}

/** The numbers of the values, of a map of `side`, that the pooling window of a cell covers: fewer at an odd edge. */
function pooledFrom(cell, side) {
  const half = Math.ceil(side / 2);
  const [top, left] = [2 * Math.floor(cell / half), 2 * (cell % half)];
  const places = [[0, 0], [0, 1], [1, 0], [1, 1]].map(([down, right]) => [top + down, left + right]);
  return places.filter(([row, column]) => row < side && column < side).map(([row, column]) => row * side + column);
}

const sumOf = (numbers) => numbers.reduce((sum, each) => sum + each, 0);

/** All that the network computes: lists of maps, each row by row, then the list and the two votes. */
function computed({ pixels, features, votes }) {
  const feature = (map) => features.slice(9 * map, 9 * map + 9);
  const meanAt = (weights, cell) => sumOf(covered(cell).map((pixel, i) => pixels[pixel] * weights[i])) / 9;
  const maps = range(FEATURES).map((map) => range(MAP * MAP).map((cell) => meanAt(feature(map), cell)));
  const rectified = maps.map((map) => map.map((value) => Math.max(value, 0)));
  const pool = (map, side) =>
    range(Math.ceil(side / 2) ** 2).map((cell) => Math.max(...pooledFrom(cell, side).map((from) => map[from])));
  const pooled = rectified.map((map) => pool(map, MAP));
  const stacked = pooled.map((map) => pool(map, SIDES.pooled));
  const listed = stacked.flat();
  const counted = [0, 1].map((who) => sumOf(listed.map((value, i) => value * votes[LISTED * who + i])));
  return { maps, rectified, pooled, stacked, listed: [listed], votes: [counted] };
}

/** Every value in the order in which it is computed: [layer, map, cell]. */
const ORDER = [
  ...LAYERS.flatMap((layer) => range(FEATURES).flatMap((map) => range(SIDES[layer] ** 2).map((cell) => [layer, map, cell]))),
  ...range(LISTED).map((cell) => ["listed", 0, cell]),
  ...range(2).map((cell) => ["votes", 0, cell]),
];

/** The number of a value in ORDER. */
function placeOf(layer, map, cell) {
  const area = { maps: 49, rectified: 49, pooled: 16, stacked: 4, listed: LISTED, votes: 2 };
  let before = 0;
  for (const [name, size] of Object.entries(area)) {
    if (name === layer) return before + map * size + cell;
    before += size * (name in SIDES ? FEATURES : 1);
  }
  return -1;
}

/**
 * Where a value comes from: the values that it reads, the weights that they meet, their products; the blocks and cells
 * that `reads`, and for a maximum which of them is the largest.
 */
function originOf(given, values, [layer, map, cell]) {
  const value = values[layer][map][cell];
  if (layer === "maps") {
    const reads = covered(cell);
    return weighed(reads.map((i) => given.pixels[i]), given.features.slice(9 * map, 9 * map + 9), value, ["input", reads]);
  }
  if (layer === "votes") {
    return weighed(values.listed[0], given.votes.slice(LISTED * cell, LISTED * (cell + 1)), value, ["listed0", range(LISTED)]);
  }
  if (layer === "listed") {
    const from = [`stacked${Math.floor(cell / 4)}`, [cell % 4]];
    return { kind: "listed", read: [value], value, from };
  }
  const before = BEFORE[layer];
  const reads = layer === "rectified" ? [cell] : pooledFrom(cell, SIDES[before]);
  const read = reads.map((i) => values[before][map][i]);
  const kind = layer === "rectified" ? "rectified" : "pooled";
  return { kind, read, value, largest: read.indexOf(Math.max(...read)), from: [`${before}${map}`, reads] };
}

function weighed(read, weights, value, from) {
  const products = read.map((each, i) => each * weights[i]);
  return { kind: read.length === 9 ? "maps" : "votes", read, weights, products, sum: sumOf(products), value, from };
}

/** A number with two decimals, cut and not rounded, as in the article: 7 / 9 is 0.77. */
function cut(value) {
  const hundredths = Math.trunc(value * 100 + Math.sign(value) * 1e-6);
  return (hundredths / 100).toFixed(2).replace(/^-(?=0\.00$)/, "").replace("-", "−");
}

/** A weight or a pixel: without decimals that it does not need. */
function plain(value) {
  return String(Number(value.toFixed(2))).replace("-", "−");
}

/** The pixels as 21 hexadecimal digits, as explainer/networks/xo_pictures.py reads them. */
function pixelsText(pixels) {
  const bits = "000" + pixels.map((pixel) => (pixel > 0 ? "1" : "0")).join("");
  return range(21).map((i) => parseInt(bits.slice(4 * i, 4 * i + 4), 2).toString(16)).join("");
}

/** Weights as a text that goes into an address. */
function weightsText(weights) {
  return weights.map((weight) => String(Number(weight.toFixed(2)))).join("_");
}

/** Pixels and weights as one text. */
function textOf({ pixels, features, votes }) {
  return [pixelsText(pixels), weightsText(features), weightsText(votes)].join(" ");
}

/** A factor: in brackets where it is negative. */
function bracketed(text) {
  return text.startsWith("−") ? `(${text})` : text;
}
