// The gradient of a feature's weight as a sum over the places where it was used.

import assert from "node:assert/strict";
import { test } from "node:test";

import { inside } from "./inside.mjs";

const { brief, stageOf, tight, usesOf, valuesOf } = await inside("two_steps", "brief", "stageOf", "tight", "usesOf", "valuesOf");

test("a weight is used where its map has a gradient, and meets the pixel below it", () => {
  const map = Array(49).fill(0);
  map[8] = 0.9; // row 1, column 1
  map[48] = -0.9; // row 6, column 6
  const pixels = Array.from({ length: 81 }, (_, i) => i);
  const uses = usesOf({ maps: [map] }, pixels, 0, 5); // row 1, column 2 of the feature
  assert.deepEqual(uses.map(({ place, pixel }) => [place, pixel]), [[8, 21], [48, 71]]);
  assert.deepEqual(uses.map(({ adds }) => Number(adds.toFixed(9))), [2.1, -7.1]);
});

test("numbers with four decimals, and with fewer in little room", () => {
  assert.deepEqual([0.39072, -0.00434, 1, 0, -0.00001].map(brief), ["0.3907", "−0.0043", "1", "0", "0"]);
  assert.deepEqual([0.39072, -0.03907, 0.00434, 0.5].map(tight), ["0.391", "−0.039", "0.0043", "0.5"]);
});

test("parts are known in the order in which the error goes back", () => {
  const order = ["votes0before", "difference", "votes1gradient", "listedGradient", "maps2", "features0gradient", "features2after"];
  assert.deepEqual(order.map(stageOf), [0, 1, 2, 3, 4, 5, 6]);
  const step = { p: [0.6, 0.4], y: [1, 0], after: { votes: Array.from({ length: 24 }, (_, i) => i) } };
  assert.deepEqual(valuesOf(step, "difference"), [-0.4, 0.4]);
  assert.deepEqual(valuesOf(step, "votes1after").slice(0, 2), [12, 13]);
});
