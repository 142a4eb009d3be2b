// The clock of the race of optimizers, and where the racers are.

import assert from "node:assert/strict";
import { test } from "node:test";

import { inside } from "./inside.mjs";

const motion = { matches: false };
globalThis.window = { matchMedia: () => motion };
const { Clock, Model, Racer, roundStep } = await inside("race", "Clock", "Model", "Racer", "roundStep");

function clock(steps) {
  const made = new Clock();
  made.fit(steps);
  return made;
}

test("without a choice a race takes about eight seconds", () => {
  assert.equal(clock(160).speed, 20); // 160 / 8
  assert.equal(clock(8).speed, 1);
  assert.equal(clock(1000).speed, 80); // 125, of which 80 is the nearest
  assert.equal(clock(0).speed, 1);
});

test("a chosen speed counts in steps a second", () => {
  const time = clock(100);
  time.chosen = 10;
  time.play();
  time.tick(5000); // the first tick only says when it is
  assert.equal(time.at, 0);
  time.tick(5150);
  assert.ok(Math.abs(time.at - 1.5) < 1e-12);
  assert.equal(time.step, 1);
  time.tick(9000); // a tab that was hidden goes on a quarter of a second further, no more
  assert.ok(Math.abs(time.at - 4) < 1e-12);
  time.pause();
  assert.deepEqual([time.playing, time.at], [false, 4]);
});

test("a race stops at its end, and starts again from there", () => {
  const time = clock(2);
  time.chosen = 10;
  time.play();
  for (const at of [0, 200, 400]) time.tick(at);
  assert.deepEqual([time.playing, time.at], [false, 2]);
  time.play();
  assert.deepEqual([time.playing, time.at], [true, 0]);
  time.go(9);
  assert.deepEqual([time.playing, time.at], [false, 2]);
  time.go(-1);
  assert.equal(time.at, 0);
});

test("another race that was over is over again; one under way stays at its step", () => {
  const time = clock(10);
  time.go(10);
  time.fit(30);
  assert.equal(time.at, 30);
  time.go(12);
  time.fit(20);
  assert.equal(time.at, 12);
  time.fit(5);
  assert.equal(time.at, 5);
});

test("reduced motion is slow and goes from step to step", () => {
  motion.matches = true;
  const time = clock(1000);
  assert.deepEqual(time.speeds, [1, 2]);
  assert.equal(time.speed, 2);
  time.at = 3.7;
  assert.equal(time.moment, 3);
  motion.matches = false;
  assert.equal(time.moment, 3.7);
});

const base64 = (numbers) => Buffer.from(numbers.buffer).toString("base64");
const given = {
  name: "Adam",
  color: "#204060",
  loss: base64(Float32Array.of(8, 4, 2)),
  path: base64(Float32Array.of(0, 0, 1, 2, 3, 2)),
  arrival: 2,
  diverged: false,
};

test("a racer is between its steps, and stays at its last one", () => {
  const racer = new Racer(given, 0, false);
  assert.deepEqual(racer.place(1), [1, 2]);
  assert.deepEqual(racer.placeAt(0.5), [0.5, 1]);
  assert.deepEqual(racer.placeAt(1.25), [1.5, 2]);
  assert.deepEqual(racer.placeAt(7.5), [3, 2]);
  assert.equal(racer.lossAt(9), 2);
});

test("what has become of a racer", () => {
  const racer = new Racer(given, 0, false);
  assert.deepEqual(racer.state(1, 3), ["under_way", 1]);
  assert.deepEqual(racer.state(3, 3), ["arrived", 2]);
  assert.deepEqual(new Racer({ ...given, arrival: null }, 0, false).state(3, 3), ["not_arrived", 3]);
  assert.deepEqual(new Racer({ ...given, arrival: null, diverged: true }, 0, false).state(3, 3), ["diverged", 2]);
});

test("colours are a quarter whiter on a dark page", () => {
  assert.equal(new Racer(given, 0, true).color, "#587088"); // 0x20 = 32 + (255 - 32) / 4 = 87.75, and so on
});

test("coordinates have as many decimals as the area asks for", () => {
  const data = { levels: "", racers: [given], area: [-2, 2, -1, 1], goal: 0.5 };
  const model = new Model(data, false);
  assert.equal(model.decimals, 2); // ceil(2 - log10(4))
  assert.deepEqual(model.coordinates([-0.125, 1]), { x: "−0.13", y: "1.00" });
  assert.deepEqual(model.losses, [0.5, 8, 4, 2]);
});

test("steps of an axis are 1, 2 or 5 times a power of ten", () => {
  assert.deepEqual([0.11, 0.2, 3, 60].map((size) => Number(roundStep(size).toPrecision(6))), [0.2, 0.2, 5, 100]);
});
