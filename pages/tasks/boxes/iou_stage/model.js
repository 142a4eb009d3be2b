// Two boxes [left, top, right, bottom] and what they share; how a box is held, moved and resized. Pixels throughout.

function areaOf([left, top, right, bottom]) {
  return (right - left) * (bottom - top);
}

/** The smallest box that holds both. */
function enclosingBox(a, b) {
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
}

/** Areas in square pixels, IoU and generalized IoU. */
function overlapOf(a, b) {
  const [areaA, areaB] = [areaOf(a), areaOf(b)];
  const [intersection, enclosing] = [areaOf(sharedBox(a, b)), areaOf(enclosingBox(a, b))];
  const union = areaA + areaB - intersection;
  const iou = union ? intersection / union : 0;
  const generalized = iou - (enclosing ? (enclosing - union) / enclosing : 0);
  return { a: areaA, b: areaB, intersection, union, enclosing, iou, generalized };
}

/** What a press at [x, y] takes hold of: {box: its number, corner: [side across, side down] or null}; null for nothing. The box `preferred` lies on top. */
function heldAt(boxes, [x, y], reach, preferred) {
  const order = [preferred, 1 - preferred];
  const corners = order.flatMap((box) =>
    [0, 2].flatMap((across) =>
      [1, 3].map((down) => ({ box, corner: [across, down], far: Math.hypot(boxes[box][across] - x, boxes[box][down] - y) })),
    ),
  );
  const nearest = corners.reduce((best, each) => (each.far < best.far ? each : best));
  if (nearest.far <= reach) return { box: nearest.box, corner: nearest.corner };
  const inside = order.find((box) => x >= boxes[box][0] && x <= boxes[box][2] && y >= boxes[box][1] && y <= boxes[box][3]);
  return inside === undefined ? null : { box: inside, corner: null };
}

/** `box` with a corner at [x, y], whole pixels, within `size` [width, height] and no side below `smallest`. */
function withCorner(box, corner, place, size, smallest) {
  const moved = [...box];
  corner.forEach((side, axis) => {
    const other = box[(side + 2) % 4];
    const wanted = Math.round(place[axis]);
    moved[side] = side < 2 ? clamp(wanted, 0, other - smallest) : clamp(wanted, other + smallest, size[axis]);
  });
  return moved;
}

/** `box` moved by [across, down], whole pixels, as far as the picture of `size` reaches. */
function movedBy(box, steps, size) {
  const [across, down] = steps.map((step, axis) => clamp(Math.round(step), -box[axis], size[axis] - box[axis + 2]));
  return [box[0] + across, box[1] + down, box[2] + across, box[3] + down];
}
