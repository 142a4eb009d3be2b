// Where the values of the network by hand come from, and where they stand.

import assert from "node:assert/strict";
import { test } from "node:test";

import { inside } from "./inside.mjs";

const { ORDER, boxAround, computed, cut, layoutOf, originOf, placeOf, plain, pooledFrom } = await inside(
  "hand_network",
  ...["ORDER", "boxAround", "computed", "cut", "layoutOf", "originOf", "placeOf", "plain", "pooledFrom"],
);

const diagonal = [1, -1, -1, -1, 1, -1, -1, -1, 1];
const given = {
  pixels: Array.from({ length: 81 }, (_, i) => (i % 10 === 0 ? 1 : -1)), // ink on the falling diagonal
  features: [...diagonal, ...diagonal, ...diagonal],
  votes: Array.from({ length: 24 }, (_, i) => (i === 0 || i === 12 ? 0.5 : 0)),
};

test("values are cut after two decimals, weights lose what they do not need", () => {
  assert.deepEqual([7 / 9, -7 / 9, 1 - 1e-12, -1 / 900, 0].map(cut), ["0.77", "−0.77", "1.00", "0.00", "0.00"]);
  assert.deepEqual([1, -0.5, 0.25, 0].map(plain), ["1", "−0.5", "0.25", "0"]);
});

test("every value has its place in the order in which they are computed", () => {
  assert.equal(ORDER.length, 147 + 147 + 48 + 12 + 12 + 2);
  ORDER.forEach((value, i) => assert.equal(placeOf(...value), i));
});

test("windows at the edge of an odd side have fewer values", () => {
  assert.deepEqual(pooledFrom(0, 7), [0, 1, 7, 8]);
  assert.deepEqual(pooledFrom(3, 7), [6, 13]);
  assert.deepEqual(pooledFrom(15, 7), [48]);
  assert.deepEqual(pooledFrom(3, 4), [10, 11, 14, 15]);
});

test("a value says what it was computed from", () => {
  const values = computed(given);
  const mean = originOf(given, values, ["maps", 0, 8]); // row 1, column 1: on the diagonal
  assert.deepEqual([mean.sum, mean.value, mean.from[1]], [9, 1, [10, 11, 12, 19, 20, 21, 28, 29, 30]]);
  const largest = originOf(given, values, ["pooled", 1, 1]); // rows 0 and 1, columns 2 and 3
  assert.deepEqual([largest.from, largest.read[largest.largest]], [["rectified1", [2, 3, 9, 10]], largest.value]);
  const vote = originOf(given, values, ["votes", 0, 1]);
  assert.deepEqual([vote.products.length, vote.value], [12, 0.5]);
  assert.deepEqual(originOf(given, values, ["listed", 0, 6]).from, ["stacked1", [2]]);
});

test("no two blocks lie on each other, on a wide page and on a phone", () => {
  const counts = { input: 81, features: 9, maps: 49, rectified: 49, pooled: 16, stacked: 4, listed: 12, weights: 12, votes: 2 };
  for (const slim of [false, true]) {
    const { blocks, width, height } = layoutOf(slim);
    const boxes = Object.entries(blocks)
      .filter(([name]) => name !== "detail")
      .map(([name, block]) => boxAround(block, Array.from({ length: counts[name.replace(/\d$/, "")] }, (_, i) => i)));
    for (const box of boxes) assert.ok(box.x >= 0 && box.x + box.width <= width && box.y + box.height <= height);
    boxes.forEach((a, i) =>
      boxes.slice(i + 1).forEach((b) => {
        const apart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
        assert.ok(apart, JSON.stringify([a, b]));
      }),
    );
  }
});
