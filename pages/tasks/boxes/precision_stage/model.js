// Precision and recall along a ranking of detections.

/** After each of the `rows`, best first, how many were right, precision and recall. */
function pointsOf(rows, objects) {
  let right = 0;
  return rows.map(({ isRight }, i) => {
    right += Number(isRight);
    return { rank: i + 1, right, isRight, precision: right / (i + 1), recall: right / objects };
  });
}

/** Of each point the best precision from there on. */
function envelopeOf(points) {
  let best = 0;
  return points.map(({ precision }) => precision).reverse().map((each) => (best = Math.max(best, each))).reverse();
}

/** The area under the envelope. */
function areaUnder(points) {
  const envelope = envelopeOf(points);
  return points.reduce((sum, { recall }, i) => sum + (recall - (i ? points[i - 1].recall : 0)) * envelope[i], 0);
}

/** Why a detection is right or wrong: "right", "nothing" where it overlaps no object, "low" IoU, or "taken". */
function reasonOf({ isRight, iou }, threshold) {
  if (isRight) return "right";
  if (iou === 0) return "nothing";
  return iou > threshold ? "taken" : "low";
}
