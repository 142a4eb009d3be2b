// What a kernel does: its spectrum and its answer, against closed forms and a sum written otherwise.

import assert from "node:assert/strict";
import { test } from "node:test";

import { inside } from "./inside.mjs";

const { spectrumOf, answerOf, strongest } = await inside("filter_wall", "spectrumOf", "answerOf", "strongest");
const near = (found, expected) =>
  found.forEach((value, i) => assert.ok(Math.abs(value - expected[i]) < 1e-9, `${i}: ${value}, not ${expected[i]}`));

test("the spectrum of one weight is flat, that of a difference |2 sin(pi f / n)| across", () => {
  near(spectrumOf([3], 1, 1, 1, 8), new Array(64).fill(3));
  const size = 8;
  const expected = Array.from({ length: size * size }, (_, i) => Math.abs(2 * Math.sin((Math.PI * ((i % size) - 4)) / size)));
  near(spectrumOf([1, -1], 1, 1, 2, size), expected);
});

test("the spectrum of several planes is the root of their powers' sum", () => {
  near(spectrumOf([3, 4], 2, 1, 1, 4), new Array(16).fill(5));
});

test("an answer is the sum over all planes, with zeros around, written as a plain loop", () => {
  const [planes, high, wide] = [2, 4, 5];
  const values = Array.from({ length: planes * high * wide }, (_, i) => Math.sin(3 * i));
  const weights = Array.from({ length: planes * 6 }, (_, i) => Math.cos(2 * i)); // of 2 x 3
  const settings = { stride: [2, 1], padding: [1, 2], dilation: [1, 2], size: [3, 5] };
  const expected = [];
  for (let row = 0; row < 3; row++) {
    for (let column = 0; column < 5; column++) {
      let sum = 0.25;
      for (let plane = 0; plane < planes; plane++) {
        for (let i = 0; i < 2; i++) {
          for (let j = 0; j < 3; j++) {
            const [y, x] = [2 * row - 1 + i, column - 2 + 2 * j];
            if (y >= 0 && y < high && x >= 0 && x < wide) sum += weights[plane * 6 + i * 3 + j] * values[(plane * high + y) * wide + x];
          }
        }
      }
      expected.push(sum);
    }
  }
  near(answerOf(weights, [planes, 2, 3], 0.25, { values, height: high, width: wide }, 0, settings), expected);
});

test("the strongest is the largest magnitude, the first of equals", () => {
  assert.equal(strongest([1, -3, 3]), 1);
});
