// Who reads whom in the pyramid of the page "Receptive field", and the text of a stack that its editor sends.

import assert from "node:assert/strict";
import { test } from "node:test";

import { inside } from "./inside.mjs";

const { Model, middleOf } = await inside("field_picture", "Model", "middleOf");
const { textOf, mostOf } = await inside("stack_editor", "textOf", "mostOf");

const rung = (kernel, size, more = {}) => ({ kernel, size, stride: 1, padding: 0, after: 0, dilation: 1, title: "", ...more });
const sorted = (set) => [...set].sort((a, b) => a - b);

// c3p1, p2, c3d2p2 above 8 pixels
const stack = [rung(3, 8, { padding: 1, after: 1 }), rung(2, 4, { stride: 2 }), rung(3, 4, { dilation: 2, padding: 2, after: 2 })];
const model = (layer, unit, rungs = stack, size = 8) => new Model({ size, rungs, layer, unit });

test("fields by the recurrence", () => {
  const { fields } = model(3, 1);
  assert.deepEqual(fields.map(({ size, jump, first }) => [size, jump, first]), [[1, 1, 0], [3, 1, -1], [4, 2, -1], [12, 2, -5]]);
  assert.deepEqual(model(3, 1).field(3, 1), [-3, 8]);
  assert.equal(model(3, 1).middle(2, 1), 2.5);
});

test("what a unit reads, padding among it, of which nothing is read", () => {
  const read = model(3, 1).down(3, 1);
  assert.deepEqual(sorted(read[3]), [1]);
  assert.deepEqual(sorted(read[2]), [-1, 1, 3]);
  assert.deepEqual(sorted(read[1]), [2, 3, 6, 7]);
  assert.deepEqual(sorted(read[0]), [1, 2, 3, 4, 5, 6, 7, 8]);
});

test("who reads a unit is who has it among what is read", () => {
  const known = model(3, 0);
  for (let layer = 0; layer < 3; layer++) {
    for (let unit = 0; unit < known.sizes[layer]; unit++) {
      known.up(layer, unit).forEach((readers, i) => {
        for (let above = 0; above < known.sizes[layer + i]; above++) {
          assert.equal(readers.has(above), known.down(layer + i, above)[layer].has(unit), `${layer} ${unit} ${i} ${above}`);
        }
      });
    }
  }
});

test("all of a small input is shown, of a large one what lies around the field", () => {
  assert.deepEqual(model(3, 1).shown(40), [-3.5, 10.5]); // two units of padding, 2 pixels apart, beside middles at 0.5 and 6.5
  const large = model(1, 500, [rung(3, 1000, { padding: 1, after: 1 })], 1000);
  const [low, high] = large.shown(100);
  assert.ok(low >= 0 && low < 499 && high > 501 && high - low <= 100);
  const atTheEnd = model(1, 999, [rung(3, 1000, { padding: 1, after: 1 })], 1000).shown(100);
  assert.ok(atTheEnd[1] >= 1000 && atTheEnd[0] > 800);
});

test("the middle of what is read, without padding", () => {
  assert.equal(middleOf([4, 5, 6], 10), 5);
  assert.equal(middleOf([4, 5], 10), 4);
  assert.equal(middleOf([-1, 0, 1], 10), 0);
  assert.equal(middleOf([-2], 10), 0);
});

test("the text of a stack leaves out what is at its default", () => {
  const item = (kind, kernel, stride, padding, dilation) => ({ kind, kernel, stride, padding, dilation });
  const items = [item("c", 3, 1, 1, 1), item("p", 2, 2, 0, 1), item("a", 3, 2, 1, 1), item("l", 2, 1, 4, 4), item("c", 5, 2, 0, 1)];
  assert.equal(textOf(items), "c3p1,p2,a3s2p1,c2l4d4,c5s2");
  assert.equal(mostOf(item("p", 5, 1, 0, 1), "padding", 64), 2);
  assert.equal(mostOf(item("c", 5, 1, 0, 1), "padding", 64), 64);
});
