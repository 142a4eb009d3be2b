// What a window reads and what it is computed to, and where the grids stand.

import assert from "node:assert/strict";
import { test } from "node:test";

import { inside } from "./inside.mjs";

const { Model, Grid, arrange, stepsOf, pixelText } = await inside("sliding_window", "Model", "Grid", "arrange", "stepsOf", "pixelText");
const WORDS = { bias: "bias", relu: "ReLU", max: "max of", nothing: "nothing" };

/** One axis as Python sends it: `reads` are [place, kernel index] by output. */
function axis(name, source, reads) {
  let sum = 0;
  return {
    [`${name}.source`]: { values: source },
    [`${name}.ends`]: { values: [0, ...reads.map((pairs) => (sum += pairs.length))] },
    [`${name}.taps`]: { values: reads.flat(2) },
  };
}

/** The input [[1 2 3] [4 5 6] [7 8 9]], a kernel [[1 0] [0 -1]] and all its four places. */
function model(changed = {}, arrays = {}) {
  const reads = [[[0, 0], [1, 1]], [[1, 0], [2, 1]]];
  return new Model({
    arrays: {
      inputs: { shape: [1, 3, 3], values: Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9) },
      output: { shape: [2, 2], values: Float64Array.of(-4, -4, -4, -4) },
      kernels: { shape: [1, 2, 2], values: Float64Array.of(1, 0, 0, -1) },
      ...axis("rows", [0, 1, 2], reads),
      ...axis("columns", [0, 1, 2], reads),
      ...arrays,
    },
    kernelSize: [2, 2],
    before: [0, 0],
    view: "gather",
    reduction: "sum",
    activation: null,
    bias: 0,
    decimals: 2,
    words: WORDS,
    fits: true,
    lost: [[0, 0], [0, 0]],
    ...changed,
  });
}

test("a cell of the output is the sum of what it reads times the kernel", () => {
  const reading = model().reading(1, 0);
  assert.deepEqual([...reading.values], [4, 5, 7, 8]);
  assert.deepEqual([...reading.products], [4, 0, 0, -8]);
  assert.deepEqual([reading.sum, reading.result], [-4, -4]);
});

test("bias and ReLU come after the sum, each a step of its own", () => {
  const output = { shape: [2, 2], values: Float64Array.of(0, 0, 0, 0) };
  const made = model({ bias: 1.5, activation: "relu" }, { output });
  assert.deepEqual(stepsOf(made, made.reading(0, 0)), [
    { before: "1 + 0 + 0 − 5", value: "−4" },
    { before: "−4 + 1.5 (bias)", value: "−2.5" },
    { before: "ReLU(−2.5)", value: "0" },
  ]);
});

test("the largest of a window, and the place that it is found at", () => {
  const output = { shape: [2, 2], values: Float64Array.of(5, 6, 8, 9) };
  const made = model({ reduction: "max" }, { output, kernels: undefined });
  const reading = made.reading(0, 1);
  assert.deepEqual([reading.best, reading.sum], [3, 6]);
  assert.deepEqual(stepsOf(made, reading), [{ before: "max of 2, 3, 5, 6", value: "6" }]);
});

test("a mean divides by what counts", () => {
  const output = { shape: [2, 2], values: Float64Array.of(3, 4, 6, 7) };
  const divisors = { shape: [2, 2], values: Float64Array.of(4, 4, 4, 4) };
  const made = model({}, { output, divisors, kernels: undefined });
  assert.deepEqual(stepsOf(made, made.reading(0, 0)), [
    { before: "1 + 2 + 4 + 5", value: "12" },
    { before: "12 ÷ 4", value: "3" },
  ]);
});

test("an L2 norm is the root of the squares", () => {
  const output = { shape: [2, 2], values: Float64Array.of(Math.sqrt(46), 0, 0, 0) };
  const made = model({ reduction: "l2" }, { output, kernels: undefined });
  assert.ok(Math.abs(made.reading(0, 0).sum - Math.sqrt(1 + 4 + 16 + 25)) < 1e-12);
  assert.equal(stepsOf(made, made.reading(0, 0))[0].before, "√(1² + 2² + 4² + 5²)");
});

test("who reads a pixel, and with which weight", () => {
  assert.deepEqual(model().readersOf(0, [[1, 1]]), [[0, 0, -1], [0, 1, 0], [1, 0, 0], [1, 1, 1]]);
  assert.deepEqual(model().readersOf(0, [[0, 0]]), [[0, 0, 1]]);
});

test("with a stride of 2 the last row of four is read by a kernel of 3 nowhere", () => {
  const reads = [[[0, 0], [1, 1], [2, 2]]];
  const inputs = { shape: [1, 4, 4], values: new Float64Array(16) };
  const output = { shape: [1, 1], values: new Float64Array(1) };
  const made = model(
    { kernelSize: [3, 3] },
    { inputs, output, kernels: undefined, ...axis("rows", [0, 1, 2, 3], reads), ...axis("columns", [0, 1, 2, 3], reads) },
  );
  assert.ok(made.wastes);
  assert.deepEqual([made.neverRead(3, 0), made.neverRead(2, 2)], [true, false]);
});

test("all stamps together are the output of a transposed convolution", () => {
  // 2x2 pixels and a kernel of 2x2, stride 1: output cells [0, 1] of an axis read pixels padded by one on each side
  const reads = [[[0, 1], [1, 0]], [[1, 1], [2, 0]], [[2, 1], [3, 0]]];
  const arrays = {
    inputs: { shape: [1, 2, 2], values: Float64Array.of(1, 2, 3, 4) },
    output: { shape: [3, 3], values: new Float64Array(9) },
    kernels: { shape: [1, 2, 2], values: Float64Array.of(1, 10, 100, 1000) },
    ...axis("rows", [-1, 0, 1, -1], reads),
    ...axis("columns", [-1, 0, 1, -1], reads),
  };
  const made = model({ view: "stamp", before: [1, 1] }, arrays);
  const expected = new Float64Array(9); // each pixel times the kernel, added where it lies
  [[0, 0, 1], [0, 1, 2], [1, 0, 3], [1, 1, 4]].forEach(([y, x, pixel]) =>
    [[0, 0, 1], [0, 1, 10], [1, 0, 100], [1, 1, 1000]].forEach(([i, j, w]) => (expected[3 * (y + i) + x + j] += pixel * w)),
  );
  assert.deepEqual([...made.stampsUntil(3)], [...expected]);
  assert.deepEqual([...made.stampsUntil(0)], [1, 10, 0, 100, 1000, 0, 0, 0, 0]);
});

/** Pooling of [[1 2] [3 4]] with one place of padding on each side, windows of 2x2 that touch; `taps` are of an axis. */
function padded(reduction, taps) {
  return model({ reduction, before: [1, 1] }, {
    inputs: { shape: [1, 2, 2], values: Float64Array.of(1, 2, 3, 4) },
    kernels: undefined,
    ...axis("rows", [-1, 0, 1, -1], taps),
    ...axis("columns", [-1, 0, 1, -1], taps),
  });
}

const WITHIN = [[[1, 1]], [[2, 0]]];
const COUNTED = [[[0, 0], [1, 1]], [[2, 0], [3, 1]]];

test("padding stands for what it counts as: minus infinity, nothing, or zero", () => {
  const shown = (made) => {
    const at = (row, column) => made.value(0, row, column);
    const scale = { low: 0, high: 4 };
    return new Grid({ rows: 4, columns: 4, at, scale, before: [1, 1], size: [2, 2], blank: made.blank });
  };
  const corners = (made) => [[0, 0], [1, 1], [2, 3]].map(([row, column]) => shown(made).text(row, column, 1));
  assert.deepEqual(corners(padded("max", WITHIN)), ["−∞", "1", "−∞"]);
  assert.deepEqual(corners(padded("sum", WITHIN)), ["", "1", ""]);
  assert.deepEqual(corners(padded("sum", COUNTED)), ["0", "1", "0"]);
});

test("what is said of padding agrees with what it counts as", () => {
  const words = { padding_least: "least", padding_blank: "blank", padding_pixel: "padding {value}", read_by: "", unread: "unread" };
  const said = (made, count) => pixelText(Object.assign(made, { words }), 0, 0, 0, count);
  assert.deepEqual(said(padded("max", WITHIN), 0), ["least"]);
  assert.deepEqual(said(padded("sum", WITHIN), 0), ["blank"]);
  assert.deepEqual(said(padded("sum", COUNTED), 0), ["padding 0", "unread"]);
});

test("a window covers the padding that does not count, too", () => {
  const made = padded("max", WITHIN);
  assert.deepEqual([0, 1].map((output) => made.spanOf(made.rows, output, 2)), [[0, 1], [2, 3]]);
  const convolved = model();
  assert.deepEqual(convolved.spanOf(convolved.rows, 1, 2), [1, 2]);
});

function scene(input, kernel, output, changed = {}) {
  const grid = (name, [rows, columns]) => new Grid({ name, rows, columns });
  return {
    model: { signal: false, channels: 1, ...changed },
    inputs: [grid("input", input)],
    kernels: kernel ? [grid("kernel", kernel)] : [],
    partials: [],
    notes: [],
    output: grid("output", output),
  };
}

const overlap = (a, b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

for (const [width, mode] of [[1100, "wide"], [640, "wide"], [358, "narrow"]]) {
  for (const [input, kernel, output] of [
    [[7, 7], [3, 3], [5, 5]],
    [[28, 28], [5, 5], [24, 24]],
    [[6, 6], null, [3, 3]],
  ]) {
    test(`at ${width} pixels ${input} ${kernel} ${output} stand within the page and apart`, () => {
      const made = scene(input, kernel, output);
      const placed = arrange(made, width, 360);
      assert.equal(placed.mode, mode);
      const grids = [...made.inputs, ...made.kernels, made.output];
      for (const grid of grids) {
        assert.ok(grid.x >= 0 && grid.x + grid.width <= width, `${grid.name} ends at ${grid.x + grid.width}`);
        assert.ok(grid.y >= 30 && grid.y + grid.height <= placed.height, `${grid.name} is at ${grid.y}`);
        for (const other of grids) assert.ok(grid === other || !overlap(grid, other), `${grid.name} ${other.name}`);
      }
      assert.deepEqual(placed.signs.map(([text]) => text), kernel ? ["∗", "="] : ["→"]);
    });
  }
}

for (const kernel of [[3, 3], null]) {
  test(`on a phone a bias stands below the sign before the output, ${kernel} apart from all grids`, () => {
    const made = { ...scene([7, 7], kernel, [5, 5]), notes: ["+ 10.5"] };
    const placed = arrange(made, 358, 360);
    const [[, x, y]] = placed.signs.filter(([, , , noted]) => noted);
    assert.equal(placed.signs.filter(([, , , noted]) => noted).length, 1);
    const note = { x: x - 19, y: y + 20, width: 38, height: 20 };
    for (const grid of [...made.inputs, ...made.kernels, made.output]) assert.ok(!overlap(note, grid), grid.name);
    assert.ok(note.y + note.height <= placed.height);
  });
}

test("cells of a wide page are as large as its height lets them be, in whole pixels", () => {
  const made = scene([7, 7], [3, 3], [5, 5]);
  arrange(made, 1100, 360);
  assert.equal(made.inputs[0].cell, 47); // (360 - 30) / 7 = 47.1
});

for (const [width, height] of [[957, 330], [1483, 330], [640, 330], [957, 292]]) {
  for (const [input, kernel, output] of [[[3, 6], [2, 2], [2, 5]], [[7, 7], [3, 3], [5, 5]], [[64, 96], [3, 3], [62, 94]]]) {
    for (const several of [true, false]) {
      test(`at ${width} x ${height} pixels the output ${output} of three planes${several ? ", that have maps," : ""} is the largest`, () => {
        const planes = (name, size) => [0, 1, 2].map(() => new Grid({ name, rows: size[0], columns: size[1] }));
        const partials = several ? planes("partial", output) : [];
        const made = { ...scene(input, kernel, output, { channels: 3 }), inputs: planes("input", input), partials };
        made.kernels = planes("kernel", kernel);
        const placed = arrange(made, width, height);
        assert.equal(placed.mode, "planes");
        const others = [...made.inputs, ...made.partials];
        for (const { name, cell } of others) assert.ok(made.output.cell > cell, `${name} ${cell}, output ${made.output.cell}`);
        for (const grid of [...others, ...made.kernels, made.output]) {
          assert.ok(grid.x >= 0 && grid.x + grid.width <= width, `${grid.name} ends at ${grid.x + grid.width}`);
          assert.ok(grid.y >= 25 && grid.y + grid.height <= placed.height, `${grid.name} is at ${grid.y}`);
          assert.ok(grid === made.output || !overlap(grid, made.output), grid.name);
        }
      });
    }
  }
}

test("the times of a signal stand in columns", () => {
  const made = scene([1, 12], [1, 3], [1, 12], { signal: true });
  const { mode } = arrange(made, 700, 360);
  assert.equal(mode, "signal");
  assert.equal(made.inputs[0].cell, 58); // 700 / 12 = 58.3
  assert.equal(made.output.x, made.inputs[0].x);
});

test("what weights that all but cancel leave is shown, and rounding is not", () => {
  const kernels = { shape: [1, 2, 2], values: Float64Array.of(1e6, 0, 0, -999_999.99) };
  const inputs = { shape: [1, 3, 3], values: new Uint8Array(9).fill(127) };
  const output = { shape: [2, 2], values: new Float64Array(4).fill(1.27) };
  const made = model({}, { inputs, kernels, output });
  assert.deepEqual(stepsOf(made, made.reading(0, 0)).at(-1).value, "1.27");

  const thirds = { shape: [1, 2, 2], values: Float64Array.of(0.1, 0.2, 0, -0.3) }; // of sum 0, but for rounding
  const three = { ...inputs, values: new Uint8Array(9).fill(3) };
  const none = model({}, { inputs: three, kernels: thirds, output: { shape: [2, 2], values: new Float64Array(4) } });
  assert.notEqual(3 * 0.1 + 3 * 0.2 - 3 * 0.3, 0);
  assert.deepEqual([none.reading(0, 0).sum, none.reading(0, 0).result], [0, 0]);
});

test("a window that does not fit stands still over places where there is nothing", () => {
  const reads = [[[0, 0], [1, 1], [2, 2], [3, 3]]];
  const kernels = { shape: [1, 4, 4], values: new Float64Array(16) };
  const output = { shape: [1, 1], values: Float64Array.of(0) };
  const axes = { ...axis("rows", [0, 1, 2, -2], reads), ...axis("columns", [-1, 0, 1, 2], reads) };
  const made = model({ fits: false, kernelSize: [4, 4], before: [0, 1] }, { ...axes, kernels, output });
  assert.deepEqual([made.still, made.overhangs, made.padded, made.wastes], [true, true, true, false]);
  assert.deepEqual([made.isOutside(2, 3), made.isOutside(3, 1)], [false, true]);
  assert.equal(made.rows.hasPadding, false);
});

test("cells of an output that cannot be are those of its edges", () => {
  const made = model({ view: "stamp", fits: false, lost: [[0, 1], [0, 0]] });
  assert.deepEqual([made.still, made.loses, model().loses], [false, true, false]);
  assert.deepEqual([made.isLost(0, 1), made.isLost(1, 1)], [false, true]);
});

test("a grid says whether its numbers lie beyond its scale, and of which end", async () => {
  const { beyond } = await inside("sliding_window", "beyond");
  const grid = (numbers, low, high) => ({ rows: 1, columns: numbers.length, at: (_, column) => numbers[column], scale: { low, high } });
  assert.deepEqual(beyond(grid([-3, 0, 2], -3, 2)), [false, false]);
  assert.deepEqual(beyond(grid([-3, 0, 2], -2, 2)), [true, false]);
  assert.deepEqual(beyond(grid([-3, 0, 2.5], -3, 2)), [false, true]);
  assert.deepEqual(beyond(grid([null, 0], -3, 2)), [false, false]);
});
