// The cells of a scene: which one is pressed, which one is beside it; and which boxes are labelled.

import assert from "node:assert/strict";
import { test } from "node:test";

import { inside } from "./inside.mjs";

const { cellAt, cellBeside, labelPlaces } = await inside("scene_boxes", "cellAt", "cellBeside", "labelPlaces");

test("a press takes the row and the column of its cell", () => {
  assert.deepEqual(cellAt([0, 0], 112, 7), [0, 0]);
  assert.deepEqual(cellAt([17, 95.9], 112, 7), [5, 1]);
  assert.deepEqual(cellAt([112, -1], 112, 7), [0, 6]);
});

test("arrow keys stop at the edge", () => {
  assert.deepEqual(cellBeside([3, 3], [-1, 0], 7), [2, 3]);
  assert.deepEqual(cellBeside([0, 6], [-1, 1], 7), [0, 6]);
});

test("a label that a better box has the place of is left out, and none leaves the picture", () => {
  const boxes = [[40, 40], [50, 44], [40, 60], [100, 2], [-9, 140]].map((corner) => [...corner, 0, 0, "7"]);
  const places = labelPlaces(boxes, 112, 9);
  assert.deepEqual(places, [{ x: 41, y: 38 }, null, { x: 41, y: 58 }, { x: 83.2, y: 8 }, { x: 1, y: 111 }]);
});

test("a label of larger text needs a larger place", () => {
  const boxes = [[40, 40], [40, 60], [400, 2]].map((corner) => [...corner, 0, 0, "7"]);
  const places = labelPlaces(boxes, 448, 36);
  assert.deepEqual(places, [{ x: 41, y: 38 }, null, { x: 332.8, y: 35 }]);
});

test("a longer name needs more place", () => {
  const places = labelPlaces([[100, 40, 0, 0, "bird"], [30, 40, 0, 0, "mammal"], [28, 60, 0, 0, "7"]], 112, 10);
  assert.deepEqual(places, [{ x: 112 - 32 - 3 * 6, y: 38 }, null, { x: 29, y: 58 }]);
});
