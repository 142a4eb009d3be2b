// A pad to draw a digit on, with mouse, pen, finger or arrow keys. ink.js precedes it in the same module.
//
// Streamlit calls the default export when the component is mounted, and again, with the same parentElement,
// whenever its data or the theme change. It calls a cleanup when the component is unmounted, but also where
// one change overtakes another. So the pad is built once per parentElement, every later call only brings it up to
// date, and a cleanup stops it only when it has left the page.
//
// The browser is the authority on the drawing: what Python sends back is older than what was drawn since.
// Python's strokes count only when the pad is new, or when Python has put another drawing there (a higher revision).

const REPORT_INTERVAL = 150; // milliseconds between two reports while the pen is down
const SPACING = 0.003; // in sides of the pad: a point nearer than this to the last one is skipped
const STEP = 1 / 28; // of the pen moved by an arrow key: one pixel of the digit
const FINE_STEP = STEP / 4; // with Shift

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const pads = new WeakMap(); // parentElement -> Pad

export default function (component) {
  const parent = component.parentElement;
  const root = parent.querySelector(".digit-pad");
  if (pads.get(parent)?.root !== root) {
    pads.get(parent)?.stop();
    pads.set(parent, new Pad(root));
  }
  const pad = pads.get(parent);
  pad.update(component);
  return () => setTimeout(() => root.isConnected || pad.stop());
}

class Pad {
  constructor(root) {
    this.root = root;
    this.canvas = root.querySelector("canvas");
    this.hint = root.querySelector(".hint");
    this.notice = root.querySelector(".notice");
    this.count = root.querySelector(".count");
    [this.undoButton, this.clearButton] = root.querySelectorAll("button");
    this.brush = root.querySelector(".brush input");

    this.stroke = null; // the stroke being drawn: {points, settled}; points before index `settled` are final
    this.pointer = null; // id of the pointer that draws
    this.beyond = null; // where that pointer is, while it is outside the pad
    this.pen = [0.5, 0.5]; // where the arrow keys have moved the pen
    this.penShown = false;
    this.reportedAt = -Infinity;
    this.ended = new AbortController();
    this.listen();
    this.resizing = new ResizeObserver(() => this.resize());
    this.resizing.observe(this.canvas);
  }

  listen() {
    const on = (target, type, handler) =>
      target.addEventListener(type, (event) => handler.call(this, event), { signal: this.ended.signal });
    on(this.canvas, "pointerdown", this.pointerDown);
    on(this.canvas, "pointermove", this.pointerMove);
    on(this.canvas, "pointerup", this.pointerUp);
    on(this.canvas, "pointercancel", this.pointerUp);
    on(this.canvas, "lostpointercapture", this.pointerUp);
    on(this.canvas, "contextmenu", (event) => event.preventDefault()); // a long press draws
    on(this.canvas, "keydown", this.keyDown);
    on(this.canvas, "blur", this.blur);
    on(this.undoButton, "click", this.undo);
    on(this.clearButton, "click", this.clear);
    on(this.brush, "input", this.thicken);
    on(window, "resize", this.resize); // zooming changes devicePixelRatio alone
  }

  update({ data, setStateValue }) {
    const isNew = this.data === undefined;
    this.data = data;
    this.setStateValue = setStateValue;
    const before = this.drawing;
    this.drawing = currentDrawing(data);
    if (before && before !== this.drawing) this.stroke = this.pointer = null;
    this.root.style.setProperty("--side", `calc(${data.height} * var(--unit, 1px))`);
    this.canvas.setAttribute("aria-label", data.words.pad);
    this.hint.textContent = data.words.hint;
    this.undoButton.lastElementChild.textContent = data.words.undo;
    this.clearButton.lastElementChild.textContent = data.words.clear;
    this.root.querySelector(".brush span").textContent = data.words.brush;
    [this.brush.min, this.brush.max] = data.pens;
    this.brush.value = this.drawing.pen;
    this.resize();
    this.changed();
    if (isNew && JSON.stringify(this.drawing.strokes) !== JSON.stringify(data.strokes)) this.report();
  }

  stop() {
    clearTimeout(this.timer);
    cancelAnimationFrame(this.frame);
    this.resizing.disconnect();
    this.ended.abort();
  }

  // ---- the hand ----

  pointerDown(event) {
    if (this.pointer !== null || event.button !== 0) return;
    this.canvas.classList.add("by-hand");
    this.canvas.focus({ preventScroll: true });
    this.canvas.setPointerCapture(event.pointerId);
    this.lift();
    this.penShown = false;
    this.pointer = event.pointerId;
    this.beyond = null;
    this.lower(clamped(this.position(event, this.canvas.getBoundingClientRect())));
  }

  pointerMove(event) {
    if (event.pointerId !== this.pointer) return;
    const box = this.canvas.getBoundingClientRect();
    const coalesced = event.getCoalescedEvents?.() ?? [];
    for (const each of coalesced.length ? coalesced : [event]) this.follow(this.position(each, box));
  }

  pointerUp(event) {
    if (event.pointerId !== this.pointer) return;
    this.pointer = null;
    this.lift();
  }

  position(event, box) {
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  }

  // Past the border the pen is in the air; where it comes back a new stroke begins.
  follow(point) {
    const inside = isInside(point);
    if (this.stroke && inside) this.extend(point);
    else if (this.stroke) {
      this.extend(crossing(this.stroke.points.at(-1), point));
      this.lift();
    } else if (inside && this.beyond) {
      this.lower(crossing(point, this.beyond));
      if (this.stroke) this.extend(point);
    }
    this.beyond = inside ? null : point;
  }

  keyDown(event) {
    this.canvas.classList.remove("by-hand");
    const { key } = event;
    const command = event.ctrlKey || event.metaKey;
    if (key === "Backspace" || (command && key.toLowerCase() === "z")) this.undo();
    else if (command || event.altKey) return;
    else if (key === "Escape" || key === "Delete") this.clear();
    else if (key in ARROWS) this.movePen(ARROWS[key], event.shiftKey ? FINE_STEP : STEP);
    else if (key === " " || key === "Enter") this.togglePen();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  movePen([right, down], step) {
    this.penShown = true;
    this.pen = clamped([this.pen[0] + right * step, this.pen[1] + down * step]);
    if (this.stroke && this.pointer === null) this.extend(this.pen);
    this.draw();
  }

  togglePen() {
    if (this.pointer !== null) return;
    this.penShown = true;
    if (this.stroke) this.lift();
    else this.lower(this.pen);
    this.draw();
  }

  blur() {
    if (this.pointer === null) this.lift();
    this.penShown = false;
    this.canvas.classList.remove("by-hand");
    this.draw();
  }

  // ---- the ink ----

  lower(point) {
    if (this.isFull()) return;
    this.stroke = { points: [rounded(point)], settled: 0 };
    this.drawing.strokes.push(this.stroke.points);
    this.drawing.cleared = [];
    this.changed();
    this.report();
  }

  extend(point) {
    const { points } = this.stroke;
    if (distance(points.at(-1), point) < SPACING) return;
    points.push(rounded(point));
    if (this.isFull()) this.lift();
    this.draw();
    this.report();
  }

  lift() {
    if (!this.stroke) return;
    this.settle();
    this.stroke = null;
    this.changed();
    this.reportNow();
  }

  undo() {
    this.stroke = this.pointer = null;
    const { drawing } = this;
    if (drawing.strokes.length) drawing.strokes.pop();
    else if (drawing.cleared.length) [drawing.strokes, drawing.cleared] = [drawing.cleared, []];
    else return;
    this.changed();
    this.reportNow();
  }

  clear() {
    this.stroke = this.pointer = null;
    const { drawing } = this;
    if (!drawing.strokes.length) return;
    [drawing.strokes, drawing.cleared] = [[], drawing.strokes];
    this.changed();
    this.reportNow();
  }

  // All strokes are as wide as the brush, as if they had been drawn with it.
  thicken() {
    this.drawing.pen = Number(this.brush.value);
    this.draw();
    this.report();
  }

  isFull() {
    const { strokes } = this.drawing;
    const points = strokes.reduce((total, stroke) => total + stroke.length, 0);
    const begins = !this.stroke && strokes.length >= this.data.maxStrokes;
    return begins || points >= this.data.maxPoints;
  }

  // Every point is simplified once only, or the curve would wear off a little with each report.
  settle() {
    const { points, settled } = this.stroke;
    points.splice(settled, points.length, ...simplified(points.slice(settled)));
    this.stroke.settled = points.length - 1;
  }

  // ---- Python ----

  report() {
    if (this.timer) return;
    const wait = this.reportedAt + REPORT_INTERVAL - performance.now();
    this.timer = setTimeout(() => this.reportNow(), Math.max(0, wait));
  }

  reportNow() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.reportedAt = performance.now();
    if (this.stroke) this.settle();
    const { revision, strokes, pen } = this.drawing;
    this.setStateValue("drawing", { revision, strokes, pen });
  }

  // ---- the picture ----

  changed() {
    const { strokes, cleared } = this.drawing;
    this.hint.hidden = strokes.length > 0;
    this.undoButton.ariaDisabled = String(!strokes.length && !cleared.length);
    this.clearButton.ariaDisabled = String(!strokes.length);
    this.show(this.count, this.data.words.count.replace("{count}", strokes.length));
    this.show(this.notice, this.isFull() && !this.stroke ? this.data.words.full : "");
    this.draw();
  }

  show(place, text) {
    if (place.textContent !== text) place.textContent = text; // a screen reader reads it out at every change
  }

  resize() {
    const side = Math.round(this.canvas.clientWidth * window.devicePixelRatio);
    if (side && side !== this.canvas.width) {
      this.canvas.width = this.canvas.height = side; // this wipes the canvas: paint at once
      this.paint();
    }
  }

  draw() {
    this.frame ||= requestAnimationFrame(() => this.paint());
  }

  paint() {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    const pen = this.penShown ? { point: this.pen, isDown: this.stroke !== null } : null;
    paintDrawing(this.canvas, this.drawing.strokes, this.drawing.pen, pen);
  }
}
