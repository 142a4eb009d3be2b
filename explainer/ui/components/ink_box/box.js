// The geometry of a box [top, left, bottom, right] on a picture, in its pixels. index.js follows in the same module.

const REACH = 0.06; // of the picture's longer side: so near to a corner is on it

/** What a press at [row, column] takes hold of: a corner [0 or 2, 1 or 3] of `box`, the box ("box"), or nothing. */
function heldAt(box, [row, column], [height, width]) {
  if (!box) return null;
  const reach = Math.min(REACH * Math.max(height, width), (box[2] - box[0]) / 3 + 4, (box[3] - box[1]) / 3 + 4);
  const near = (side, value) => Math.abs(box[side] - value) <= reach;
  const vertical = [0, 2].find((side) => near(side, row));
  const horizontal = [1, 3].find((side) => near(side, column));
  if (vertical !== undefined && horizontal !== undefined) return [vertical, horizontal];
  const inside = row >= box[0] && row < box[2] && column >= box[1] && column < box[3];
  return inside ? "box" : null;
}

/** `box` with the corner `held` at [row, column], both within the picture and no side below `smallest`. */
function withCorner(box, held, [row, column], size, smallest) {
  const moved = [...box];
  [row, column].forEach((value, axis) => {
    const side = held[axis];
    const other = box[(side + 2) % 4];
    const far = side < 2 ? clamp(value, 0, other - smallest) : clamp(value, other + smallest, size[axis]);
    moved[side] = Math.round(far);
  });
  return moved;
}

/** `box` moved by so many rows and columns, as far as the picture reaches. */
function movedBy(box, steps, size) {
  const [down, across] = steps.map((step, axis) => Math.round(clamp(step, -box[axis], size[axis] - box[axis + 2])));
  return [box[0] + down, box[1] + across, box[2] + down, box[3] + across];
}

/** The box between two places, whole pixels, no side below `smallest`. */
function boxBetween(start, end, size, smallest) {
  const sides = [0, 1].map((axis) => {
    const low = clamp(Math.floor(Math.min(start[axis], end[axis])), 0, Math.max(0, size[axis] - smallest));
    const high = clamp(Math.ceil(Math.max(start[axis], end[axis])), low + Math.min(smallest, size[axis]), size[axis]);
    return [low, high];
  });
  return [sides[0][0], sides[1][0], sides[0][1], sides[1][1]];
}
