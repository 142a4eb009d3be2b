// Boxes [left, top, right, bottom] on a picture, in its pixels: what two of them share, and how one is held, moved and
// resized by a pointer or by keys. elements.js, canvas.js and rectangles.js precede this file in the same module.

const KEY_STEP = 2; // pixels of the picture that an arrow key moves
const PAUSE = 350; // milliseconds without a key after which the boxes are reported
const REACH = 20; // CSS pixels from a corner that are still on it

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
  const order = [preferred, ...boxes.keys()].filter((box, i) => !i || box !== preferred);
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

/** The corners of a box. */
function cornersOf([left, top, right, bottom]) {
  return [[left, top], [right, top], [left, bottom], [right, bottom]];
}

/** Boxes on a `stage` that a visitor moves. `draw` is called with every move, `report` once a box is let go or no key was pressed for a moment, and `tap`, if given, with the place [x, y] of a press that moves none. */
class DraggedBoxes {
  constructor(stage, { draw, report, tap = () => {} }) {
    Object.assign(this, { stage, draw, tap, told: report, boxes: [], size: [1, 1], margin: 0, smallest: 1, chosen: 0, hold: null, timer: null });
    const on = (type, handler) => stage.addEventListener(type, (event) => handler.call(this, event));
    on("pointerdown", this.press);
    on("pointermove", this.move);
    for (const type of ["pointerup", "pointercancel"]) on(type, this.lift);
    on("keydown", this.key);
  }

  /** Takes `boxes` on a picture of `size` [width, height], which has so much `margin` around it on the stage. */
  begin(boxes, { size, smallest, margin = 0 }) {
    clearTimeout(this.timer);
    Object.assign(this, { size, smallest, margin, hold: null, timer: null, boxes: boxes.map((box) => [...box]) });
  }

  position(event) {
    const { left, top, width, height } = this.stage.getBoundingClientRect();
    const [across, down] = this.size.map((side) => side + 2 * this.margin);
    return [((event.clientX - left) / width) * across - this.margin, ((event.clientY - top) / height) * down - this.margin];
  }

  reach() {
    return (REACH / this.stage.getBoundingClientRect().width) * (this.size[0] + 2 * this.margin);
  }

  press(event) {
    if (this.hold || event.button > 0) return;
    const start = this.position(event);
    const held = heldAt(this.boxes, start, this.reach(), this.chosen);
    this.stage.setPointerCapture(event.pointerId);
    if (held) this.chosen = held.box;
    this.hold = { ...held, pointer: event.pointerId, start, from: held && this.boxes[held.box], isMoved: false };
    this.draw();
  }

  move(event) {
    const { hold } = this;
    const place = this.position(event);
    if (!hold) {
      const over = heldAt(this.boxes, place, this.reach(), this.chosen);
      this.stage.style.cursor = !over ? "" : !over.corner ? "move" : (over.corner[0] === 0) === (over.corner[1] === 1) ? "nwse-resize" : "nesw-resize";
      return;
    }
    if (event.pointerId !== hold.pointer || !hold.from) return;
    const steps = place.map((value, axis) => value - hold.start[axis]);
    const corner = hold.corner?.map((side, axis) => hold.from[side] + steps[axis]);
    const moved = corner ? withCorner(hold.from, hold.corner, corner, this.size, this.smallest) : movedBy(hold.from, steps, this.size);
    hold.isMoved ||= moved.join() !== hold.from.join();
    this.boxes[hold.box] = moved;
    this.draw();
  }

  lift(event) {
    const { hold } = this;
    if (event.pointerId !== hold?.pointer) return;
    this.hold = null;
    this.draw();
    if (hold.isMoved) this.report();
    else if (event.type === "pointerup") this.tap(hold.start);
  }

  key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key in ACROSS_DOWN) {
      const steps = ACROSS_DOWN[event.key].map((each) => each * KEY_STEP);
      const box = this.boxes[this.chosen];
      const corner = [box[2] + steps[0], box[3] + steps[1]];
      const moved = event.shiftKey ? withCorner(box, [2, 3], corner, this.size, this.smallest) : movedBy(box, steps, this.size);
      this.set(this.boxes.map((each, i) => (i === this.chosen ? moved : each)), false);
    } else if ((event.key === " " || event.key === "Enter") && this.boxes.length > 1) {
      this.chosen = (this.chosen + 1) % this.boxes.length;
      this.draw();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  set(boxes, isAtOnce) {
    this.boxes = boxes.map((box) => [...box]);
    this.draw();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.report(), isAtOnce ? 0 : PAUSE);
  }

  report() {
    clearTimeout(this.timer);
    this.timer = null;
    this.told(this.boxes);
  }
}
