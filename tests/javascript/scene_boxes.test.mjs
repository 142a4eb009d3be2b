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
  const places = labelPlaces([[40, 40], [50, 44], [40, 60], [100, 2], [-9, 140]], 112);
  assert.deepEqual(places, [{ x: 41, y: 38 }, null, { x: 41, y: 58 }, { x: 83, y: 8 }, { x: 1, y: 111 }]);
});
