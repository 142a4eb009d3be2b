// Digits at places of a grid, as the map of codes mixes them in the browser: cases in, pixels out.

import { readFileSync } from "node:fs";

import { inside } from "./inside.mjs";

const { digitAt, placeBeside, unitsOf } = await inside("code_plane", "digitAt", "placeBeside", "unitsOf");
const { grid, side, places, low, high } = JSON.parse(readFileSync(process.argv[2], "utf-8"));
const bytes = Uint8Array.from(grid);
const found = {
  digits: places.map((place) => [...digitAt(bytes, side, place)]),
  units: places.map((place) => unitsOf(place, low, high)),
  beside: [placeBeside([0.5, 0.5], [1, 0], 0.02), placeBeside([0.99, 0.01], [1, 1], 0.1), placeBeside([0.5, 0.5], [0, -1], 0.02)],
};
console.log(JSON.stringify(found));
