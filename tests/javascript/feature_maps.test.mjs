// How one map was computed, and where the maps of a network stand.

import assert from "node:assert/strict";
import { test } from "node:test";

import { inside } from "./inside.mjs";

const { Computation, coreText } = await inside("computed_map", "Computation", "coreText");
const network = await inside("network_map", "layoutOf", "mapAt", "cornerOf", "sourcesOf", "shadesOf", "shadeOf", "percent");

/** A convolution of the map [[1 2] [3 4]] with [[1 2] [3 4]] at its upper left place, padded there by one. */
function computation(changed = {}) {
  return new Computation({
    core: "weighted sum",
    size: [2, 2],
    taps: [2, 2],
    bias: -0.5,
    others: 3,
    sources: [{ size: [2, 2], kernel: [2, 2] }],
    steps: [],
    words: { listed: "{sum} of {count}", rest: "{count} others: {sum}", bias: "bias {bias}", maximum: "largest of {count}", mean: "mean of {count}" },
    arrays: {
      source0: Float32Array.of(1, 2, 3, 4),
      kernel0: Float32Array.of(1, 2, 3, 4),
      partial0: Float32Array.of(4, 11, 14, 30), // by hand: 4·1; 3·1 + 4·2; 2·1 + 4·3; 1·1 + 2·2 + 3·3 + 4·4
      rowTaps: Int32Array.of(-1, 0, 0, 1),
      columnTaps: Int32Array.of(-1, 0, 0, 1),
    },
    ...changed,
  });
}

test("what meets at a place, times the weights, is the partial sum", () => {
  const data = computation();
  const [source] = data.sources;
  [0, 1].forEach((row) =>
    [0, 1].forEach((column) => {
      const sum = data.meets(source, row, column).reduce((total, { value, weight }) => total + value * weight, 0);
      assert.equal(sum, data.at(source.partial, row, column));
    }),
  );
  assert.deepEqual(data.meets(source, 0, 0).map(({ inside }) => inside), [false, false, false, true]);
});

test("the window of a place is what of it lies in the map", () => {
  const data = computation();
  assert.deepEqual(data.window(0, 0), { down: [0, 0], across: [0, 0] });
  assert.deepEqual(data.window(1, 1), { down: [0, 1], across: [0, 1] });
  assert.equal(computation({ arrays: {} }).window(0, 0), null);
});

test("the arithmetic of a place in words", () => {
  assert.equal(coreText(computation(), 0, 1), "11 + bias (−0.5)");
  const rest = { ...computation().arrays, rest: Float32Array.of(0, -2, 0, 0) };
  assert.equal(coreText(computation({ arrays: rest }), 0, 1), "11 + 3 others: (−2) + bias (−0.5)");
  assert.equal(coreText(computation({ core: "maximum" }), 0, 0), "largest of 1");
  assert.equal(coreText(computation({ core: "mean", counts: true }), 0, 0), "mean of 4");
});

const column = (maps, side, block = "") => ({
  block, height: side, width: side, channels: maps, shown: Array.from({ length: maps }, (_, i) => i),
});

test("every map of a layout is found where it stands, and none above", () => {
  const columns = [column(6, 24), column(16, 8), column(10, 1)];
  const layout = network.layoutOf(columns, 900);
  columns.forEach(({ shown, height }, at) =>
    shown.forEach((_, index) => {
      const { side } = layout.places[at];
      const [x, y] = network.cornerOf(layout, at, index);
      assert.ok(x >= 0 && x + side <= layout.total && y >= layout.head && y + side <= layout.height - layout.foot);
      const unit = Math.floor(height / 2);
      const into = ((unit + 0.5) / height) * side; // the middle of that unit
      assert.deepEqual(network.mapAt(layout, columns, x + into, y + into), { at, index, row: unit, column: unit });
    }),
  );
  assert.equal(network.mapAt(layout, columns, layout.places[0].left + 1, layout.head - 30), null);
});

test("maps are as large as fits the width", () => {
  const columns = [column(6, 24), column(16, 8)];
  assert.equal(network.layoutOf(columns, 900).places[0].side, 58);
  assert.equal(network.layoutOf(columns, 100).places[0].side, 50); // none fits: it is scrolled
});

test("columns of one block stand under its name", () => {
  const columns = [column(2, 8), column(2, 8, "Block 1"), column(2, 8, "Block 1"), column(2, 8, "Block 2")];
  const { groups, places } = network.layoutOf(columns, 900);
  assert.deepEqual(groups.map(({ name }) => name), ["Block 1", "Block 2"]);
  assert.deepEqual([groups[0].from, groups[0].to], [places[1].x, places[2].x + places[2].wide]);
});

test("what a map reads: the strongest plane of the input, and each map of a layer", () => {
  const columns = [column(2, 8)];
  const links = { inputs: 3, shares: Int8Array.of(127, -127, 0, 64, 32, 0, -16, 0, -8, 4) };
  assert.deepEqual(network.sourcesOf(columns, [-1, 0], links, 1), [
    { at: -1, index: 0, share: -16 / 127 },
    { at: 0, index: 0, share: -8 / 127 },
    { at: 0, index: 1, share: 4 / 127 },
  ]);
});

test("zero has the middle shade, and what is beyond the limit the last", () => {
  assert.deepEqual([-2, -1, 0, 1, 5].map((value) => network.shadeOf(value, 1)), [0, 0, 127, 254, 254]);
  const shades = network.shadesOf([[0, "#000000"], [0.5, "#ffffff"], [1, "#ff0000"]]);
  assert.deepEqual([shades.length, shades[0], shades[127], shades[254]], [255, 0xff000000, 0xffffffff, 0xff0000ff]);
});

test("a share is 0 or 100 % only where it is exactly so", () => {
  const { percent } = network;
  assert.equal(percent(0 / 300, 0), "0\u00a0%");
  assert.equal(percent(1 / 300, 0), "< 1\u00a0%");
  assert.equal(percent(150 / 300, 0), "50\u00a0%");
  assert.equal(percent(299 / 300, 0), "> 99\u00a0%");
  assert.equal(percent(300 / 300, 0), "100\u00a0%");
});
