// Draws the plot of functions as SVG. index.js follows this file in the same module.

const NARROW = 620; // CSS pixels of width below which the numbers stand below the plot
const TOP = 12;
const STEP = 24; // CSS pixels of height of one step of a sum
const TANGENT = 56; // CSS pixels from the point of contact to either end of a tangent

/** Where the plot lies in a drawing of some width: its edges and functions from numbers to places. */
function boxOf(data, width) {
  const [[low, high], [bottom, top]] = data.limits;
  const left = 14 + 9 * Math.max(...data.ticks[1].map(([, text]) => text.length));
  const base = data.height - 34 - STEP * data.steps.length;
  const right = width - 14;
  const x = (value) => left + ((value - low) / (high - low)) * (right - left);
  const y = (value) => base - ((value - bottom) / (top - bottom)) * (base - TOP);
  return { left, right, top: TOP, base, x, y, from: (place) => low + ((place - left) / (right - left)) * (high - low) };
}

/** A path through points, lifted where a function has a corner: [place, left, right] of each. */
function pathOf(xs, ys, corners, box) {
  const at = (x, y) => `${box.x(x).toFixed(1)} ${box.y(y).toFixed(1)}`;
  const broken = new Map(corners.map(([x, left, right]) => [x, [left, right]]));
  let path = "";
  xs.forEach((x, i) => {
    if (broken.has(x)) {
      const [left, right] = broken.get(x);
      path += `${path ? `L${at(x, left)}` : ""}M${at(x, right)}`;
    } else if (ys[i] !== null) path += `${path ? "L" : "M"}${at(x, ys[i])}`;
  });
  return path;
}

function drawAxes(root, data, box) {
  for (const [from, to] of data.zones) {
    const [left, right] = [box.x(from), box.x(to)];
    appendSvg(root, "rect", { class: "zone", x: left, y: box.top, width: right - left, height: box.base - box.top });
  }
  for (const [value, text] of data.ticks[0]) {
    const x = Math.round(box.x(value)) + 0.5;
    appendSvg(root, "line", { class: value ? "grid" : "axis", x1: x, x2: x, y1: box.top, y2: box.base });
    appendSvg(root, "text", { x, y: box.base + 20, "text-anchor": "middle" }, text);
  }
  for (const [value, text] of data.ticks[1]) {
    const y = Math.round(box.y(value)) + 0.5;
    appendSvg(root, "line", { class: value ? "grid" : "axis", x1: box.left, x2: box.right, y1: y, y2: y });
    appendSvg(root, "text", { x: box.left - 8, y: y + 5, "text-anchor": "end" }, text);
  }
}

function drawCurves(root, data, box, clip) {
  const marks = [];
  const inside = appendSvg(root, "g", { "clip-path": `url(#${clip})` });
  for (const curve of [...data.curves].reverse()) {
    const look = { class: "curve", stroke: curve.color };
    const slopes = { ...look, "stroke-width": 2, "stroke-dasharray": "7 5", "data-slope": curve.name };
    appendSvg(inside, "path", { ...slopes, d: pathOf(data.x, curve.slopes, curve.corners, box) });
    const values = { ...look, "stroke-width": curve === data.curves[0] ? 4 : 3, "data-curve": curve.name };
    appendSvg(inside, "path", { ...values, d: pathOf(data.x, curve.values, curve.jumps, box) });
    for (const [x, left, right] of curve.corners) marks.push([x, left, curve], [x, right, curve]);
    for (const [x, left, right] of curve.jumps) marks.push([x, left, curve], [x, right, curve, "dot"]);
  }
  const [low, high] = data.limits[1];
  for (const [x, y, { color }, kind] of marks) {
    if (y < low || y > high) continue;
    const place = { cx: box.x(x), cy: box.y(y), r: 4.5 };
    appendSvg(root, "circle", kind ? { class: "dot", fill: color, ...place } : { class: "hollow", stroke: color, ...place });
  }
}

/** The terms of a sum as arrows below the axis, each from where the one before ended. */
function drawSteps(root, data, box) {
  data.steps.forEach(({ text, from, to, color }, i) => {
    const y = box.base + 34 + STEP * i + STEP / 2;
    const [start, end] = [box.x(from), box.x(to)];
    const way = Math.sign(end - start);
    const tip = Math.abs(end - start) < 2 ? "" : `M${end - 7 * way} ${y - 5}L${end} ${y}L${end - 7 * way} ${y + 5}`;
    appendSvg(root, "path", { class: "arrow", stroke: color, d: `M${start} ${y}L${end} ${y}${tip}`, "data-step": text });
    appendSvg(root, "circle", { cx: start, cy: y, r: 3.5, fill: color });
    const right = Math.max(start, end);
    const room = box.right - right > 9 * text.length;
    const place = room ? { x: right + 10 } : { x: Math.min(start, end) - 10, "text-anchor": "end" };
    appendSvg(root, "text", { class: "halo", y: y + 5, ...place }, text);
  });
}

/** The line at the cursor, a dot on each curve, and the tangent of the first. */
function drawCursor(root, data, box, clip, index) {
  const x = box.x(data.x[index]);
  const bottom = data.steps.length ? data.height : box.base;
  appendSvg(root, "line", { class: "cursor", x1: x, x2: x, y1: box.top, y2: bottom });
  const [low, high] = data.limits[1];
  const shown = (value) => value !== null && value >= low && value <= high;
  const [first] = data.curves;
  const [value, slope] = [first.values[index], first.slopes[index]];
  if (shown(value) && slope !== null) {
    const rise = (slope * (box.y(0) - box.y(1))) / (box.x(1) - box.x(0));
    const [dx, dy] = [1, rise].map((part) => (TANGENT * part) / Math.hypot(1, rise));
    const y = box.y(value);
    const ends = { x1: x - dx, x2: x + dx, y1: y + dy, y2: y - dy, "clip-path": `url(#${clip})` };
    appendSvg(root, "line", { class: "axis tangent", "stroke-width": 2, ...ends });
  }
  if (shown(value) && data.steps.length) {
    appendSvg(root, "line", { class: "cursor", x1: box.left, x2: x, y1: box.y(value), y2: box.y(value) });
  }
  for (const { values, color } of [...data.curves].reverse()) {
    if (shown(values[index])) appendSvg(root, "circle", { class: "dot", fill: color, cx: x, cy: box.y(values[index]), r: 6 });
  }
}
