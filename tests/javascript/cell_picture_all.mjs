// What both cells answer in the browser, of each case in a file: node cell_picture_all.mjs CASES
import { readFileSync } from "node:fs";

import { inside } from "./inside.mjs";

const { answersTo, lightOf, turnedTo } = await inside("cell_picture", "answersTo", "lightOf", "turnedTo");

const { data, bars } = JSON.parse(readFileSync(process.argv[2], "utf-8"));
const found = bars.map(([angle, shift]) => ({ ...answersTo(data, angle, shift), light: lightOf(data.side, angle, shift) }));
console.log(JSON.stringify({ found, turned: turnedTo(-5, 3) }));
