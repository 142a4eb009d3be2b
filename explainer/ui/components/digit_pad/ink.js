// Ink: the geometry of strokes, and how they are painted. index.js follows in the same module.
// A point is [x, y], from 0 to 1 in sides of the pad, from its upper left corner.

const TOLERANCE = 0.0007; // points that lie closer than this to the line between their neighbours are dropped

const rounded = (point) => point.map((value) => Math.round(value * 1e4) / 1e4);
const clamped = (point) => point.map((value) => Math.min(1, Math.max(0, value)));
const isInside = (point) => point.every((value) => value >= 0 && value <= 1);
const distance = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);

// Where the line from a point inside the pad to one outside crosses the border.
function crossing(inside, outside) {
  const parts = outside.map((end, axis) => {
    if (end >= 0 && end <= 1) return 1;
    return ((end > 1 ? 1 : 0) - inside[axis]) / (end - inside[axis]);
  });
  const part = Math.min(...parts);
  return clamped(inside.map((start, axis) => start + part * (outside[axis] - start)));
}

// Ramer-Douglas-Peucker: the fewest points that leave no other farther than TOLERANCE from the line.
function simplified(points) {
  const kept = new Set([0, points.length - 1]);
  const open = [[0, points.length - 1]];
  while (open.length) {
    const [first, last] = open.pop();
    let farthest = -1;
    let most = TOLERANCE;
    for (let index = first + 1; index < last; index++) {
      const away = distanceToSegment(points[index], points[first], points[last]);
      if (away > most) [farthest, most] = [index, away];
    }
    if (farthest < 0) continue;
    kept.add(farthest);
    open.push([first, farthest], [farthest, last]);
  }
  return points.filter((_, index) => kept.has(index));
}

function distanceToSegment(point, start, end) {
  const [x, y] = [end[0] - start[0], end[1] - start[1]];
  const square = x * x + y * y;
  const along = square ? ((point[0] - start[0]) * x + (point[1] - start[1]) * y) / square : 0;
  const part = Math.min(1, Math.max(0, along));
  return distance(point, [start[0] + part * x, start[1] + part * y]);
}

// `pen` is where the arrow keys have moved the pen: {point, isDown}, or null.
function paintDrawing(canvas, strokes, penWidth, pen) {
  const context = canvas.getContext("2d");
  const style = getComputedStyle(canvas);
  context.setTransform(canvas.width, 0, 0, canvas.height, 0, 0);
  context.clearRect(0, 0, 1, 1);
  context.strokeStyle = context.fillStyle = style.color;
  context.lineWidth = penWidth;
  context.lineCap = context.lineJoin = "round";
  for (const stroke of strokes) paintStroke(context, stroke);
  if (pen) paintPen(context, pen, penWidth / 2, style.getPropertyValue("--st-primary-color"));
}

function paintStroke(context, points) {
  context.beginPath();
  if (points.length === 1) {
    context.arc(...points[0], context.lineWidth / 2, 0, 2 * Math.PI);
    context.fill();
  } else {
    for (const point of points) context.lineTo(...point);
    context.stroke();
  }
}

// A ring while the pen is in the air, a disc while it is down.
function paintPen(context, { point, isDown }, radius, colour) {
  context.beginPath();
  context.arc(...point, isDown ? 0.7 * radius : radius, 0, 2 * Math.PI);
  context.strokeStyle = context.fillStyle = colour;
  context.lineWidth = 0.01;
  if (isDown) context.fill();
  else context.stroke();
}

const drawings = new Map(); // name of the pad -> its drawing; outlives the pad, so no ink is lost with it

function currentDrawing({ name, revision, strokes, pen }) {
  const known = drawings.get(name);
  if (known && known.revision >= revision) return known;
  const drawing = { revision, strokes: [...strokes], cleared: [], pen };
  drawings.set(name, drawing);
  return drawing;
}
