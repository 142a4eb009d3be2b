// Where the anchors of a position are, and how boxes on a stage are held.

import assert from "node:assert/strict";
import { test } from "node:test";

import { inside } from "./inside.mjs";

const { anchorsAt, heldAt, movedBy, withCorner } = await inside("anchor_stage", "anchorsAt", "heldAt", "movedBy", "withCorner");

test("anchors have the centre of their position", () => {
  assert.deepEqual(anchorsAt([14, 21], { sizes: [[128, 128], [10, 20]], stride: 16 }), [
    [280, 168, 408, 296],
    [339, 222, 349, 242],
  ]);
});

test("one box alone is held by its corners and its inside", () => {
  const boxes = [[100, 100, 200, 180]];
  assert.deepEqual(heldAt(boxes, [150, 140], 10, 0), { box: 0, corner: null });
  assert.deepEqual(heldAt(boxes, [204, 97], 10, 0), { box: 0, corner: [2, 1] });
  assert.equal(heldAt(boxes, [50, 50], 10, 0), null);
});

test("of three boxes the one on top is held, else the first", () => {
  const boxes = [[0, 0, 100, 100], [10, 10, 90, 90], [200, 0, 300, 100]];
  assert.equal(heldAt(boxes, [50, 50], 5, 1).box, 1);
  assert.equal(heldAt(boxes, [50, 50], 5, 2).box, 0);
  assert.equal(heldAt(boxes, [250, 50], 5, 0).box, 2);
});

test("a box stays within its picture", () => {
  assert.deepEqual(movedBy([10, 10, 50, 50], [-30, 900], [300, 200]), [0, 160, 40, 200]);
  assert.deepEqual(withCorner([10, 10, 50, 50], [2, 3], [0, 500], [300, 200], 4), [10, 10, 14, 200]);
});
