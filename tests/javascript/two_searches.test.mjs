// The chart of two searches.

import assert from "node:assert/strict";
import { test } from "node:test";

import { inside } from "./inside.mjs";

const { Axes, CHART, powers, stairs } = await inside("two_searches", "Axes", "CHART", "powers", "stairs");

const axes = new Axes(CHART, 100, [0.01, 1]);

test("both axes are logarithmic, and what is below the axis lies on it", () => {
  assert.deepEqual([1, 10, 100].map((count) => axes.x(count)), [CHART.left, (CHART.left + CHART.right) / 2, CHART.right]);
  assert.deepEqual([1, 0.01, 0].map((error) => axes.y(error)), [CHART.top, CHART.bottom, CHART.bottom]);
  assert.equal(axes.nearest(axes.x(9), [1, 3, 10, 100]), 2);
});

test("a curve stays until the next error is reached", () => {
  const middle = (CHART.top + CHART.bottom) / 2;
  const path = stairs(axes, [1, 100], [1, 0.1]);
  assert.equal(path, `M${CHART.left},${CHART.top}H${CHART.right}V${middle}`);
});

test("the ticks are powers of ten", () => {
  assert.deepEqual(powers(0.001, 1).map((value) => Number(value.toPrecision(1))), [0.001, 0.01, 0.1, 1]);
});
