// The box on a photograph of handwriting: what a press takes hold of, and how far it moves.

import assert from "node:assert/strict";
import { test } from "node:test";

import { inside } from "./inside.mjs";

const { heldAt, withCorner, movedBy, boxBetween } = await inside(
  "ink_box", "heldAt", "withCorner", "movedBy", "boxBetween",
);
const SIZE = [100, 200];
const BOX = [20, 40, 60, 120];

test("a press takes a corner, the box, or begins a new one", () => {
  assert.deepEqual(heldAt(BOX, [21, 41], SIZE), [0, 1]);
  assert.deepEqual(heldAt(BOX, [58, 124], SIZE), [2, 3]);
  assert.deepEqual(heldAt(BOX, [63, 38], SIZE), [2, 1]);
  assert.equal(heldAt(BOX, [40, 80], SIZE), "box");
  assert.equal(heldAt(BOX, [90, 190], SIZE), null);
  assert.equal(heldAt(null, [40, 80], SIZE), null);
});

test("the middle of a small box is the box", () => {
  assert.equal(heldAt([20, 40, 50, 64], [35, 52], SIZE), "box");
});

test("a corner stays in the picture and keeps the box from vanishing", () => {
  assert.deepEqual(withCorner(BOX, [2, 3], [70.4, 130.6], SIZE, 6), [20, 40, 70, 131]);
  assert.deepEqual(withCorner(BOX, [2, 3], [-50, 999], SIZE, 6), [20, 40, 26, 200]);
  assert.deepEqual(withCorner(BOX, [0, 1], [-5, -5], SIZE, 6), [0, 0, 60, 120]);
  assert.deepEqual(withCorner(BOX, [0, 3], [59, 41], SIZE, 6), [54, 40, 60, 46]);
});

test("the box moves as far as the picture reaches, and keeps its size", () => {
  assert.deepEqual(movedBy(BOX, [10, -10], SIZE), [30, 30, 70, 110]);
  assert.deepEqual(movedBy(BOX, [-999, 999], SIZE), [0, 120, 40, 200]);
});

test("a new box lies between two places, and has sides", () => {
  assert.deepEqual(boxBetween([60.5, 120.5], [20.5, 40.5], SIZE, 6), [20, 40, 61, 121]);
  assert.deepEqual(boxBetween([99.9, 199.9], [500, 500], SIZE, 6), [94, 194, 100, 200]);
  assert.deepEqual(boxBetween([-50, -50], [-10, -10], SIZE, 6), [0, 0, 6, 6]);
});
