// What the components of the page "Boxes" compute, of cases in a file: node boxes_all.mjs CASES
import { readFileSync } from "node:fs";

import { inside } from "./inside.mjs";

const { overlapOf, sharedBox, enclosingBox } = await inside("iou_stage", "overlapOf", "sharedBox", "enclosingBox");
const { stateAt } = await inside("suppression_stage", "stateAt");
const { pointsOf, envelopeOf, areaUnder, reasonOf } = await inside("precision_stage", "pointsOf", "envelopeOf", "areaUnder", "reasonOf");

const { pairs, suppressions, rankings } = JSON.parse(readFileSync(process.argv[2], "utf-8"));
console.log(
  JSON.stringify({
    pairs: pairs.map(([a, b]) => ({ ...overlapOf(a, b), shared: sharedBox(a, b), around: enclosingBox(a, b) })),
    suppressions: suppressions.map((data) => data.events.map((_, step) => stateAt(data, step))),
    rankings: rankings.map(({ rows, objects, threshold }) => {
      const points = pointsOf(rows, objects);
      const reasons = rows.map((row) => reasonOf(row, threshold));
      return { points, envelope: envelopeOf(points), area: areaUnder(points), reasons };
    }),
  }),
);
