// What the network by hand computes in the browser, of each case in a file: node hand_network_all.mjs CASES
import { readFileSync } from "node:fs";

import { inside } from "./inside.mjs";

const { computed, cut, pixelsText, weightsText } = await inside("hand_network", "computed", "cut", "pixelsText", "weightsText");

const cases = JSON.parse(readFileSync(process.argv[2], "utf-8"));
const found = cases.map((given) => ({
  ...computed(given),
  cut: computed(given).maps.flat().map(cut),
  pixels: pixelsText(given.pixels),
  weights: weightsText(given.features),
}));
console.log(JSON.stringify(found));
