// Colours, by hand.

import assert from "node:assert/strict";
import { test } from "node:test";

import { inside } from "./inside.mjs";

const { mixed, brightness, stopsOf, between, rampOf, css, packed } = await inside(
  "sliding_window", "mixed", "brightness", "stopsOf", "between", "rampOf", "css", "packed",
);
const SCALE = [[0, "#000000"], [0.5, "#ffffff"], [1, "#ff8040"]];

test("colours mix by shares", () => {
  assert.equal(mixed("#000000", "#ff8040", 0.5), "#804020");
  assert.equal(mixed("#123456", "#ffffff", 0), "#123456");
});

test("white is as bright as can be, and green brighter than red and blue", () => {
  assert.ok(Math.abs(brightness([255, 255, 255]) - 255) < 1e-9);
  const [red, green, blue] = [[255, 0, 0], [0, 255, 0], [0, 0, 255]].map(brightness);
  assert.ok(green > red && red > blue);
});

test("a scale has its own colours at its stops, and their mean between two of them", () => {
  const stops = stopsOf(SCALE);
  assert.deepEqual([0, 0.5, 1].map((at) => between(stops, at)), [[0, 0, 0], [255, 255, 255], [255, 128, 64]]);
  assert.deepEqual(between(stops, 0.25), [127.5, 127.5, 127.5]);
  assert.deepEqual(between(stops, 0.75), [255, 191.5, 159.5]);
});

test("a ramp goes from the first colour to the last in even steps", () => {
  assert.deepEqual(rampOf(SCALE, 5), [[0, 0, 0], [128, 128, 128], [255, 255, 255], [255, 192, 160], [255, 128, 64]]);
});

test("a colour is written for CSS, and for the pixels of a canvas", () => {
  assert.equal(css([1.4, 127.5, 255]), "rgb(1 128 255)");
  assert.equal(packed([1.4, 127.5, 255]), 0xffff8001);
});
