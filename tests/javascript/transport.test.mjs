// The clock of the players: which step is shown at which time, and how fast it may go.

import assert from "node:assert/strict";
import { test } from "node:test";

import { inside } from "./inside.mjs";

const motion = { matches: false };
globalThis.window = { matchMedia: () => motion };
const { Clock, PACE } = await inside("race", "Clock", "PACE");
const sliding = await inside("sliding_window", "Clock", "PACE", "glideOf");

function clock(steps) {
  const made = new Clock(PACE);
  made.fit(steps);
  return made;
}

test("without a choice a race takes about eight seconds", () => {
  assert.equal(clock(159).speed, 20); // 160 / 8
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

test("speeds are offered up to the one at which all positions take so long", () => {
  const time = new sliding.Clock(sliding.PACE);
  time.fit(24); // 5 x 5 positions
  assert.deepEqual(time.speeds, [0.5, 1, 2, 4, 8]); // 25 / 5 = 5, but 8 at least
  assert.equal(time.speed, 2); // nearest to 1.5, since 25 / 25 is slower
  time.fit(783); // 28 x 28
  assert.equal(time.speeds.at(-1), 125); // 784 / 5 = 156.8
  assert.equal(time.speed, 30); // 784 / 25 = 31.4
});

test("a window glides in the last two fifths of its time, but not where it is fast or motion is reduced", () => {
  const clock = { playing: true, calm: motion, speed: 2, at: 3.5 };
  assert.equal(sliding.glideOf(clock), 0);
  assert.ok(Math.abs(sliding.glideOf({ ...clock, at: 3.8 }) - 0.5) < 1e-9);
  assert.ok(sliding.glideOf({ ...clock, at: 3.999 }) > 0.99);
  for (const other of [{ playing: false }, { speed: 30 }, { calm: { matches: true } }]) {
    assert.equal(sliding.glideOf({ ...clock, at: 3.8, ...other }), 0);
  }
});
