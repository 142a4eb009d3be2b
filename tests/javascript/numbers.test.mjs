// Numbers as text: by hand, from what each function says of itself.

import assert from "node:assert/strict";
import { test } from "node:test";

import { inside } from "./inside.mjs";

/** Compares what a function makes of its arguments with what is expected. */
function says(write, expected) {
  for (const [given, text] of expected) assert.equal(write(...given), text, `of ${given}`);
}

test("a sliding window's numbers have at most so many decimals", async () => {
  const { format, operand, clean } = await inside("sliding_window", "format", "operand", "clean");
  says(format, [
    [[0, 2], "0"],
    [[-0, 2], "0"],
    [[1.5, 2], "1.5"],
    [[2, 2], "2"],
    [[100, 0], "100"],
    [[-0.256, 2], "−0.26"],
    [[0.005, 2], "0.01"],
    [[0.0049, 2], "4.9e−3"],
    [[-123456, 2], "−1.23e5"],
    [[99999.4, 1], "99999.4"],
    [[NaN, 2], "–"],
    [[Infinity, 2], "–"],
  ]);
  says(operand, [[[-1.25, 2], "(−1.25)"], [[1.25, 2], "1.25"]]);
  assert.equal(clean(1e-9, 1, 1e-7), 0);
  assert.equal(clean(1e-6, 1, 1e-7), 1e-6);
});

test("signs stand between the numbers of a sum", async () => {
  const { signed } = await inside("sliding_window", "signed");
  says(signed, [
    [[[3, -2, 0], 2], "3 − 2 + 0"],
    [[[-1, 0.25], 2], "−1 + 0.25"],
    [[[1, 1e-5], 2], "1 + 0.00"],
  ]);
});

test("a race's numbers have three digits that count", async () => {
  const { format, coordinate } = await inside("race", "format", "coordinate");
  says(format, [
    [[0], "0"],
    [[1234.5], "1230"],
    [[-0.012345], "−0.0123"],
    [[0.00012345], "1.2e−4"],
    [[123456], "1.2e5"],
    [[Infinity], "∞"],
    [[3.14159, 2], "3.1"],
  ]);
  says(coordinate, [
    [[1.236, 2], "1.24"],
    [[-1.236, 2], "−1.24"],
    [[-0.001, 2], "0.00"],
    [[20000, 2], "20000"],
  ]);
});

test("numbers of feature maps, filters and attributions have three digits that count", async () => {
  const { short } = await inside("network_map", "short");
  const { number } = await inside("filter_wall", "number");
  for (const write of [short, number]) {
    says(write, [[[0], "0"], [[1.2345], "1.23"], [[-98765], "−98800"], [[0.001], "0.001"], [[NaN], "NaN"], [[-Infinity], "-Infinity"]]);
  }
  says(short, [[[-0.00034567], "−3.5e−4"], [[123456], "1.2e+5"], [[1.2345, 2], "1.2"]]);
  says(number, [[[0.00034567], "3.46e−4"]]);
});

test("numbers come as text, of any kind", async () => {
  const { decoded } = await inside("network_map", "decoded");
  assert.deepEqual(decoded("AQL/"), Uint8Array.of(1, 2, 255)); // 000000 010000 001011 111111 are A, Q, L and /
  assert.deepEqual(decoded("AACAvwAAAEA=", Float32Array), Float32Array.of(-1, 2)); // bytes 00 00 80 bf, 00 00 00 40
});

test("a share is only 0 or 100 % where it is exactly that", async () => {
  for (const component of ["attribution_map", "network_map", "network_picture"]) {
    const { percent } = await inside(component, "percent");
    says(percent, [
      [[0], "0.0\u00a0%"],
      [[0.0004], "< 0.1\u00a0%"],
      [[0.0005], "0.1\u00a0%"],
      [[0.123], "12.3\u00a0%"],
      [[0.9994], "99.9\u00a0%"],
      [[0.9995], "> 99.9\u00a0%"],
      [[1], "100.0\u00a0%"],
      [[0.004, 0], "< 1\u00a0%"],
      [[0.999, 0], "> 99\u00a0%"],
      [[0.25, 0], "25\u00a0%"],
    ]);
  }
});

test("a probability is never 0 or 100 %, though a computed one may round to that", async () => {
  const { probability } = await inside("network_map", "probability");
  says(probability, [
    [[0], "< 0.1\u00a0%"],
    [[0.123], "12.3\u00a0%"],
    [[0.99996], "> 99.9\u00a0%"],
    [[1], "> 99.9\u00a0%"],
    [[1, 0], "> 99\u00a0%"],
  ]);
});

test("other numbers", async () => {
  const ascent = await inside("ascent", "short");
  says(ascent.short, [[[1234.4], "1,234"], [[-12.345], "−12.3"], [[0], "0"]]);
  const tiles = await inside("tiles", "short");
  says(tiles.short, [[[-0.0123], "−0.012"], [[5], "5"]]);
  const plot = await inside("function_plot", "number");
  says(plot.number, [[[-0.00001, 2], "0.00"], [[-1.005, 1], "−1.0"], [[123456, 2], "1.235e+5"]]);
  const sum = await inside("weighted_sum", "number", "short");
  says(sum.number, [[[0.00001], "0"], [[-1.23456], "−1.235"]]);
  says(sum.short, [[[0.004567], "0.005"], [[1.2367], "1.24"]]);
  const grid = await inside("statistics_grid", "short", "exact", "term");
  says(grid.short, [[[3], "3"], [[1.236], "1.24"], [[12.36], "12.4"], [[-123.6], "−124"], [[-0.001], "0.00"]]);
  says(grid.exact, [[[1 / 3], "0.333333"], [[-2], "−2"]]);
  says(grid.term, [[[-2], "(−2)"], [[2], "2"]]);
});
