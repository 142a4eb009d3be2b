// Pixels and their colours, and where the stages of a U stand.

import assert from "node:assert/strict";
import { test } from "node:test";

import { inside } from "./inside.mjs";

const { colorOf, counts, errorOf, likeliest, overlapOf, pixelBeside, shownClasses } = await inside(
  "pixel_tiles",
  "colorOf",
  "counts",
  "errorOf",
  "likeliest",
  "overlapOf",
  "pixelBeside",
  "shownClasses",
);
const { SHAPES, boxOf, levelOf, textsOf, toggled } = await inside("u_picture", "SHAPES", "boxOf", "levelOf", "textsOf", "toggled");

const channels = (color) => [color & 255, (color >> 8) & 255, (color >> 16) & 255];
const COLORS = [[0, 0, 0], [200, 100, 0]];

test("a class colours its pixel, the background leaves it", () => {
  const tile = { pixels: Uint8Array.of(100, 100), channels: 1, mask: Uint8Array.of(0, 1) };
  assert.deepEqual(channels(colorOf(tile, 0, COLORS)), [100, 100, 100]);
  assert.deepEqual(channels(colorOf(tile, 1, COLORS)), [172, 100, 28]); // 72 % of the class's colour
});

test("three channels are red, green and blue", () => {
  const tile = { pixels: Uint8Array.of(1, 2, 3, 4, 5, 6), channels: 3, mask: null };
  assert.deepEqual(channels(colorOf(tile, 1, COLORS)), [4, 5, 6]);
});

test("among errors what is right is dark and what is wrong is red", () => {
  const tile = { pixels: Uint8Array.of(100, 100), channels: 1, mask: Uint8Array.of(1, 1), truth: Uint8Array.of(1, 0) };
  assert.deepEqual(channels(errorOf(tile, 0)), [45, 45, 45]);
  assert.deepEqual(channels(errorOf(tile, 1)), [255, 64, 96]);
});

test("the overlap of a class is counted and drawn in three colours", () => {
  const tile = { pixels: new Uint8Array(5), channels: 1, mask: Uint8Array.of(2, 2, 0, 1, 2), truth: Uint8Array.of(2, 1, 2, 0, 2) };
  assert.deepEqual(counts(tile, 2), { both: 2, wrong: 1, missed: 1 });
  const colors = [0, 1, 2, 3].map((i) => channels(overlapOf(tile, i, 2)).join());
  assert.equal(new Set(colors).size, 4);
  assert.equal(colors[3], "0,0,0");
  assert.deepEqual(counts({ mask: Uint8Array.of(0), truth: Uint8Array.of(0) }, 7), { both: 0, wrong: 0, missed: 0 });
});

test("arrow keys stop at the edge", () => {
  assert.deepEqual(pixelBeside([5, 90], [0, 8], [112, 96]), [5, 95]);
  assert.deepEqual(pixelBeside([0, 3], [-1, 0], [112, 96]), [0, 3]);
});

test("levels are halvings, and both sides of a U are as far from its middle", () => {
  assert.deepEqual([96, 48, 24, 12, 6].map((height) => levelOf(height, 96)), [0, 1, 2, 3, 4]);
  const stage = { height: 24, maps: 40 };
  const [down, up] = ["down", "up"].map((way) => boxOf(stage, way, 96, 4));
  assert.equal(down.y, up.y);
  assert.equal(down.x + up.x, 900);
  assert.equal(boxOf({ height: 6, maps: 56 }, "down", 96, 4).x, 450);
});

test("a press takes one skip out, or puts it in", () => {
  assert.deepEqual(toggled([true, true, true], 2), [1, 3]);
  assert.deepEqual(toggled([false, false, true], 1), [1, 3]);
});

test("texts stand beside their boxes, and on a phone below them", () => {
  const box = { x: 100, y: 50, width: 20, height: 30 };
  assert.deepEqual(textsOf(box, SHAPES.wide), { x: 82, name: 47, size: 65, anchor: "left" });
  assert.deepEqual(textsOf(box, SHAPES.narrow), { x: 90, name: 81, size: 98, anchor: "right" });
  assert.deepEqual(textsOf({ ...box, x: 450 }, SHAPES.wide), { x: 450, name: 83, size: 101, anchor: "" });
});

test("the legend has all classes beside a truth, else those that are there", () => {
  const mask = Uint8Array.of(0, 2, 2);
  const [all, there] = [shownClasses([{ mask, truth: mask }]), shownClasses([{ mask: null }, { mask }])];
  assert.deepEqual([1, 2, 3].map(all), [true, true, true]);
  assert.deepEqual([1, 2, 3].map(there), [false, true, false]);
});

test("a pixel names its three likeliest classes", () => {
  const likely = Uint8Array.of(0, 90, 1, 9, 2, 1, 2, 60, 0, 30, 1, 10);
  const named = likeliest(likely, 1, ["none", "cat", "dog"]);
  assert.deepEqual(named, { first: "dog", p: "60\u00a0%", second: "none", q: "30\u00a0%", third: "cat", r: "10\u00a0%" });
  const sure = likeliest(Uint8Array.of(1, 100, 0, 0, 2, 0), 0, ["none", "cat", "dog"]);
  assert.deepEqual([sure.p, sure.q], ["> 99\u00a0%", "< 1\u00a0%"]);
});
