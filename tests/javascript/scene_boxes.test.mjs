// The cells of a scene: which one is pressed, and which one is beside it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { inside } from "./inside.mjs";

const { cellAt, cellBeside } = await inside("scene_boxes", "cellAt", "cellBeside");

test("a press takes the row and the column of its cell", () => {
  assert.deepEqual(cellAt([0, 0], 112, 7), [0, 0]);
  assert.deepEqual(cellAt([17, 95.9], 112, 7), [5, 1]);
  assert.deepEqual(cellAt([112, -1], 112, 7), [0, 6]);
});

test("arrow keys stop at the edge", () => {
  assert.deepEqual(cellBeside([3, 3], [-1, 0], 7), [2, 3]);
  assert.deepEqual(cellBeside([0, 6], [-1, 1], 7), [0, 6]);
});
