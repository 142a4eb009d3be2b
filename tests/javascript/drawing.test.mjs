// The geometry of strokes on the pad, and the search along training curves.

import assert from "node:assert/strict";
import { test } from "node:test";

import { inside } from "./inside.mjs";

const { crossing, simplified, distanceToSegment } = await inside("digit_pad", "crossing", "simplified", "distanceToSegment");
const { nearestIndex } = await inside("training_curves", "nearestIndex");
const { clamp, fillIn } = await inside("tiles", "clamp", "fillIn");

test("a stroke that leaves the pad ends where it crosses the border", () => {
  assert.deepEqual(crossing([0.5, 0.5], [1.5, 0.5]), [1, 0.5]);
  assert.deepEqual(crossing([0.5, 0.5], [-0.5, 0]), [0, 0.25]);
  assert.deepEqual(crossing([0.5, 0.5], [1.5, 2.5]), [0.75, 1]);
});

test("points on a straight line are dropped, corners stay", () => {
  assert.deepEqual(simplified([[0, 0], [0.25, 0.0001], [0.5, 0], [0.5, 0.25], [0.5, 0.5]]), [[0, 0], [0.5, 0], [0.5, 0.5]]);
  assert.deepEqual(simplified([[0.1, 0.1]]), [[0.1, 0.1]]);
});

test("the distance to a line that ends", () => {
  assert.equal(distanceToSegment([3, 4], [0, 0], [0, 0]), 5);
  assert.equal(distanceToSegment([1, 1], [0, 0], [4, 0]), 1);
  assert.equal(distanceToSegment([7, 4], [0, 0], [4, 0]), 5);
});

test("the nearest point of ascending ones, the earlier of two that are as near", () => {
  const places = [0, 1, 4, 10];
  assert.deepEqual([-1, 0.4, 0.6, 2.5, 7.1, 99].map((value) => nearestIndex(places, value)), [0, 0, 1, 1, 3, 3]);
  assert.equal(nearestIndex([5], 2), 0);
});

test("values stay in their range, sentences take theirs", () => {
  assert.deepEqual([clamp(-1, 0, 2), clamp(1, 0, 2), clamp(3, 0, 2)], [0, 1, 2]);
  assert.equal(fillIn("{row}, {column}: {row}", { row: 2, column: 3 }), "2, 3: 2");
});

test("arrow keys move across and down, or by rows and columns", async () => {
  const { ACROSS_DOWN, ROWS_COLUMNS } = await inside("tiles", "ACROSS_DOWN", "ROWS_COLUMNS");
  for (const [key, [across, down]] of Object.entries(ACROSS_DOWN)) assert.deepEqual(ROWS_COLUMNS[key], [down, across]);
  assert.deepEqual([ACROSS_DOWN.ArrowRight, ACROSS_DOWN.ArrowDown], [[1, 0], [0, 1]]);
});

test("a pointer is at a row and a column of a picture, beside it at the nearest", async () => {
  const { pixelAt } = await inside("tiles", "pixelAt");
  const element = { getBoundingClientRect: () => ({ left: 10, top: 20, width: 60, height: 40 }) };
  const at = (clientX, clientY) => pixelAt(element, { clientX, clientY }, [4, 3]); // pixels 20 wide and 10 high
  assert.deepEqual([at(10, 20), at(29, 31), at(69, 59)], [[0, 0], [1, 0], [3, 2]]);
  assert.deepEqual([at(0, 100), at(100, 0)], [[3, 0], [0, 2]]);
});
