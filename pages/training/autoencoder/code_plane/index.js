// A map of codes with a place to drag. elements.js, canvas.js, numbers.js, colours.js, raster.js, hear.js and model.js
// precede this file in the same module.
//
// While a pointer or a key moves the place the browser has it alone, and mixes its digit of those on the grid. Python
// hears of it when it is let go, or when no key was pressed for a moment; a feed brings the exact digit.

const PAUSE = 300; // milliseconds without a key after which Python hears of the place
const STEP = 0.02; // of the map's side, that an arrow key moves
const RADIUS = 2.6; // of a point, in CSS pixels

const maps = new WeakMap(); // parentElement -> CodePlane

export default function (component) {
  const { parentElement } = component;
  const root = parentElement.querySelector(".code-plane");
  if (maps.get(parentElement)?.root !== root) maps.set(parentElement, new CodePlane(root, component.data));
  maps.get(parentElement).update(component);
}

class CodePlane {
  constructor(root, { feed }) {
    Object.assign(this, { root, place: [0.5, 0.5], pointer: null, timer: null, exact: null, awaited: null });
    const names = [".stage", ".points", "svg", ".knob", ".axis", ".digit", ".told", ".legend"];
    [this.stage, this.points, this.svg, this.knob, this.axis, this.digit, this.told, this.legend] = names.map((name) => root.querySelector(name));
    this.lines = [0, 1].map(() => appendSvg(this.svg, "line"));
    this.entries = Array.from({ length: 10 }, (_, label) => append(this.legend, "li", "", String(label)));
    const on = (type, handler) => this.stage.addEventListener(type, (event) => handler.call(this, event));
    on("pointerdown", this.press);
    on("pointermove", this.drag);
    for (const type of ["pointerup", "pointercancel"]) on(type, this.lift);
    on("keydown", this.key);
    new ResizeObserver(() => this.drawPoints()).observe(this.stage);
    hear(feed, root, (news) => this.take(news));
  }

  update({ data, setTriggerValue }) {
    this.setTriggerValue = setTriggerValue;
    const isNew = data.grid !== this.data?.grid;
    this.data = data;
    if (isNew) {
      this.grid = decoded(data.grid);
      this.exact = null;
    }
    this.marks = decoded(data.points, Uint16Array);
    this.labels = decoded(data.labels);
    this.entries.forEach((entry, label) => entry.style.setProperty("--own", data.colors[label]));
    this.stage.setAttribute("aria-label", data.words.label);
    setText(this.axis, fillIn(data.words.axes, { across: data.axes[0], up: data.axes[1] }));
    this.drawPoints();
    this.draw();
  }

  drawPoints() {
    if (!this.data) return;
    const { clientWidth: width, clientHeight: height } = this.stage;
    if (!width) return;
    const context = fitCanvas(this.points, width, height);
    context.globalAlpha = 0.75;
    this.labels.forEach((label, i) => {
      context.fillStyle = this.data.colors[label];
      context.beginPath();
      context.arc((this.marks[2 * i] / 65535) * width, (1 - this.marks[2 * i + 1] / 65535) * height, RADIUS, 0, 2 * Math.PI);
      context.fill();
    });
  }

  draw() {
    const [across, up] = this.place;
    const [x, y] = [100 * across, 100 * (1 - up)];
    Object.assign(this.knob.style, { left: `${x}%`, top: `${y}%` });
    setAttributes(this.lines[0], { x1: x, x2: x, y1: 0, y2: 100 });
    setAttributes(this.lines[1], { x1: 0, x2: 100, y1: y, y2: y });
    const pixels = this.exact ?? digitAt(this.grid, this.data.side, this.place);
    sizeTo(this.digit, SIDE, SIDE);
    paintPixels(this.digit.getContext("2d"), SIDE, SIDE, (i) => packed([pixels[i], pixels[i], pixels[i]]));
    this.tell(pixels);
  }

  tell(pixels) {
    const { words, low, high } = this.data;
    const [across, up] = unitsOf(this.place, low, high).map((value) => value.toFixed(2).replace("-", "−"));
    this.told.setAttribute("aria-live", this.pointer === null ? "polite" : "off");
    setText(this.told, fillIn(this.exact ? words.exact : words.mixed, { across, up }));
    this.digit.setAttribute("aria-label", fillIn(words.digit, { across, up }));
    const ink = pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
    Object.assign(this.root.dataset, { place: this.place.map((share) => share.toFixed(3)).join(), ink: ink.toFixed(2), exact: Boolean(this.exact) });
  }

  /** What the server says of a place: it is news unless another one is on its way there. */
  take({ place, pixels }) {
    if (this.pointer !== null || (this.awaited && !isNear(this.awaited, place))) return;
    Object.assign(this, { place, exact: decoded(pixels), awaited: null });
    this.draw();
  }

  position(event) {
    const { left, top, width, height } = this.stage.getBoundingClientRect();
    return [clamp((event.clientX - left) / width, 0, 1), clamp(1 - (event.clientY - top) / height, 0, 1)];
  }

  press(event) {
    if (this.pointer !== null || event.button > 0) return;
    this.pointer = event.pointerId;
    this.stage.setPointerCapture(event.pointerId);
    this.move(this.position(event));
  }

  drag(event) {
    if (event.pointerId === this.pointer) this.move(this.position(event));
  }

  lift(event) {
    if (event.pointerId !== this.pointer) return;
    this.pointer = null;
    this.report(0);
  }

  key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || !(event.key in ACROSS_DOWN)) return;
    this.move(placeBeside(this.place, ACROSS_DOWN[event.key], (event.shiftKey ? 5 : 1) * STEP));
    this.report(PAUSE);
    event.preventDefault();
    event.stopPropagation();
  }

  move(place) {
    Object.assign(this, { place, exact: null, awaited: place });
    this.draw();
  }

  report(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.setTriggerValue("place", this.place), wait);
  }
}

/** Whether a place is another one as Python rounds it. */
function isNear(one, other) {
  return one.every((share, axis) => Math.abs(share - other[axis]) < 2e-3);
}
