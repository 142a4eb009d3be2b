// What is known of every box after so many steps of a suppression.

/** Of each box its status ("low", "waiting", "kept", "out"), its score, the last one where it is suppressed, whom it was suppressed by, and the IoU with the box that is chosen or that suppressed it; and the event itself. */
function stateAt({ boxes, events, least }, step) {
  const state = boxes.map(({ score }) => ({ status: score < least ? "low" : "waiting", score, by: null, iou: null }));
  let rank = 0;
  for (const event of events.slice(1, step + 1)) {
    if (event.kind === "end" || event.kind === "take") for (const each of state) if (each.status !== "out") each.iou = null;
    if (event.kind === "take") Object.assign(state[event.chosen], { status: "kept", rank: ++rank });
    if (event.kind !== "compare") continue;
    const other = state[event.other];
    Object.assign(other, { iou: event.iou, score: event.after || event.before }); // 0 only where it is suppressed
    if (event.isOut) Object.assign(other, { status: "out", by: event.chosen });
  }
  return { boxes: state, event: events[step], chosen: chosenAt(events, step) };
}

/** The number of the box whose round it is, -1 before the first and after the last. */
function chosenAt(events, step) {
  return events[step].chosen ?? -1;
}

/** Which sentence tells of an event. */
function sentenceOf(event, method, threshold) {
  if (event.kind !== "compare") return event.kind;
  if (method === "gaussian") return event.isOut ? "gaussian_out" : "gaussian";
  if (event.iou <= threshold) return "stays";
  if (method === "greedy") return "suppressed";
  return event.isOut ? "linear_out" : "linear";
}
