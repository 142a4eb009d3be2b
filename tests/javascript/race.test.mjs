// Where the racers of the race of optimizers are.

import assert from "node:assert/strict";
import { test } from "node:test";

import { inside } from "./inside.mjs";

const { Model, Racer, roundStep } = await inside("race", "Model", "Racer", "roundStep");

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
