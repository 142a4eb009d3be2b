// A window that slides over an input. All other files of the folder precede this one in the same module.
//
// Streamlit calls the default export when the component is mounted, and again, with the same parentElement, whenever
// its data or the theme change. It calls a cleanup when the component is unmounted, but also where one change
// overtakes another: a cleanup ends the window only when it has left the page.

const TELL = 2500; // milliseconds between two announcements while the window plays
const STEPPED = 400; // positions that someone steps through; a larger output stays whole until it is played
const GLANCE = 2500; // milliseconds for which a pointer that lies still holds what it points at while the window plays
const PACE = { seconds: 25, slowest: 1.5, shortest: 5 }; // of the clock
const GLIDING = 0.4; // share of a position's time in which the window glides to the next
const FASTEST_GLIDE = 15; // positions a second up to which gliding is seen
const windows = new WeakMap(); // root -> SlidingWindow

export default function (component) {
  const { data, parentElement } = component;
  const root = parentElement.querySelector(".sliding-window");
  if (!windows.has(root)) windows.set(root, new SlidingWindow(root));
  const own = windows.get(root);
  own.update(data);
  return () => setTimeout(() => root.isConnected || own.end());
}

class SlidingWindow {
  constructor(root) {
    this.root = root;
    this.stage = root.querySelector(".stage");
    [this.base, this.top] = root.querySelectorAll(".stage canvas");
    this.told = root.querySelector(".told");
    this.arithmetic = new Arithmetic(root.querySelector(".arithmetic"));
    this.lens = new Lens(root.querySelector(".lens"));
    this.legend = new Legend(root, () => this.toggle());
    this.clock = new Clock(PACE);
    const transport = root.querySelector(".transport");
    this.transport = new Transport(transport, this.clock, () => this.next(), (name, before) => this.acted(name, before));
    Object.assign(this, { pointed: null, reveal: true, begun: false, toldAt: 0, pointedAt: 0, drawn: 0, shown: "" });
    this.resizing = new ResizeObserver(() => this.isOutgrown() && this.redraw());
    for (const element of [this.stage, root]) this.resizing.observe(element); // the root's height follows the type
    const on = (target, type, handler) => target.addEventListener(type, handler.bind(this));
    on(this.stage, "pointermove", this.point);
    on(this.stage, "click", this.press);
    on(this.stage, "pointercancel", () => this.pointAt(null)); // a touch that scrolls the page
    on(this.stage, "pointerleave", (event) => event.pointerType === "touch" || this.pointAt(null));
    this.transport.listen(root, () => ({ ArrowUp: -this.model.steps[1], ArrowDown: this.model.steps[1] }));
  }

  /** New data: the position stays where it still exists, and what plays goes on. */
  update(bytes) {
    const page = getComputedStyle(this.root).getPropertyValue("--st-background-color");
    if (page === this.page && this.bytes && isSame(bytes, this.bytes)) return;
    Object.assign(this, { bytes, page });
    const kept = this.model && [...this.cell];
    this.model = new Model(unpack(bytes));
    const { steps, start, count } = this.model;
    const [row, column] = kept && kept[0] < steps[0] && kept[1] < steps[1] ? kept : start;
    this.clock.fit(count - 1);
    this.clock.at = row * steps[1] + column + (this.clock.at % 1);
    if (!kept || row !== kept[0] || column !== kept[1]) this.begun = false;
    this.root.classList.toggle("still", this.model.still);
    this.redraw();
    this.root.dataset.drawn = ++this.drawn; // for tests and benchmarks: how often other data or colours were drawn
  }

  /** Whether the drawing is another one than its place and the page's type ask for. */
  isOutgrown() {
    return this.stage.clientWidth !== this.width || zoomOf() !== this.scene?.zoom;
  }

  /** Row and column of the present position. */
  get cell() {
    const columns = this.model.steps[1];
    return [Math.floor(this.clock.step / columns), this.clock.step % columns];
  }

  redraw() {
    this.width = this.stage.clientWidth;
    if (!this.width || !this.model) return; // in a tab that is not open: it is drawn when it gets a width
    this.scene = new Scene(this.model, lookOf(this.root, this.model.diverging));
    const zoom = zoomOf(); // a drawing is laid out in units of so many CSS pixels
    const width = this.width / zoom;
    const height = this.scene.layout(width, zoom);
    this.stage.style.height = `${height * zoom}px`;
    this.context = fitCanvas(this.base, width, height, zoom);
    this.scene.paint(this.context);
    this.marks = new Marks(fitCanvas(this.top, width, height, zoom), this.scene);
    this.arithmetic.fit(this.scene, width);
    this.legend.fit(this.scene);
    this.transport.fit(this.model.words);
    this.stage.setAttribute("aria-label", this.label());
    this.stage.dataset.grids = JSON.stringify(this.scene.grids.map((grid) => placeOf(grid, zoom))); // for tests
    this.shown = "";
    const found = this.pointed && this.scene.gridAt(...this.pointed.at);
    this.pointed = found && { ...found, at: this.pointed.at };
    this.render();
  }

  label() {
    const { model, scene } = this;
    const { input, output } = scene.titles;
    if (model.still) return fillIn(model.words.stage_still, { input, inputSize: scene.sizeText(model.height, model.width) });
    const sizes = [[model.height, model.width], [model.outRows, model.outColumns]].map((size) => scene.sizeText(...size));
    return fillIn(model.words.stage, { input, inputSize: sizes[0], output, outputSize: sizes[1] });
  }

  toggle() {
    this.reveal = !this.reveal;
    this.request();
  }

  /** A visitor played or went on: on a small output a step also begins to make it. */
  acted(name, before) {
    const { clock, model } = this;
    if (name === "speed" || (name === "play" && !clock.playing)) return;
    if (clock.playing || (clock.step !== before && model.count <= STEPPED)) this.begun = true;
    this.pointed = null;
  }

  /** To a position, where the window then rests. */
  go(position) {
    this.clock.go(position);
    this.request();
  }

  point(event) {
    const { left, top } = this.stage.getBoundingClientRect();
    const { zoom } = this.scene;
    const at = [(event.clientX - left) / zoom, (event.clientY - top) / zoom];
    const found = this.scene.gridAt(...at);
    this.pointAt(found && { ...found, at });
  }

  press(event) {
    this.point(event);
    const { pointed, model } = this;
    if (!pointed) return;
    const { grid, row, column } = pointed;
    const [y, x] = [row - model.rows.before, column - model.columns.before];
    if (model.stamps && grid.name === "input" && !grid.isPadding(row, column)) this.go(y * model.width + x);
    else if (!model.stamps && isMap(grid)) this.go(row * model.outColumns + column);
    this.pointed = pointed;
  }

  pointAt(pointed) {
    this.pointed = pointed;
    this.pointedAt = performance.now();
    this.request();
  }

  request() {
    this.transport.request();
  }

  next() {
    if (!this.scene) return;
    if (this.clock.playing && this.pointed && performance.now() - this.pointedAt > GLANCE) this.pointed = null;
    this.render();
  }

  /** The window of impossible settings where it would begin. */
  renderStill() {
    this.marks.clear();
    this.marks.gather(0, 0);
    this.lens.hide();
    this.tell(0, 0, { row: 0, column: 0, view: "still", told: this.label() });
  }

  render() {
    if (this.model.still) return this.renderStill();
    const { scene, model, marks, clock } = this;
    const position = this.cell;
    const ended = clock.step === clock.last && !clock.playing;
    const making = this.begun && this.reveal && !ended;
    scene.sumUp(this.context, making ? clock.step : null);
    marks.clear();
    if (making && !model.stamps) marks.veil(...position);
    if (!this.pointed || this.pointed.grid.font) this.lens.hide();
    else this.magnify(this.pointed);
    const looked = this.pointed ? this.lookAt(this.pointed, position) : this.lookAtPosition(...position, glideOf(clock));
    this.arithmetic.fade(looked.faded ?? false);
    this.transport.show(clock.step, fillIn(model.words.place, { row: position[0], column: position[1] }));
    this.legend.reveal.setAttribute("aria-pressed", String(this.reveal));
    this.tell(...position, looked);
    if (clock.playing) this.request();
    else this.arithmetic.settle();
  }

  /** A position, marked and written out. */
  lookAtPosition(row, column, glide = 0) {
    const { model, marks } = this;
    if (model.stamps) marks.stamp(row, column);
    else marks.gather(row, column, glide);
    this.write(model.view, row, column);
    return { row, column, view: model.view };
  }

  /** Writes the arithmetic of a stamp or of an output cell, unless it stands there already. */
  write(view, row, column) {
    const key = `${view} ${row} ${column}`;
    if (key === this.shown) return;
    this.shown = key;
    if (view === "stamp") this.arithmetic.showStamp(this.model.stamp(row, column));
    else this.arithmetic.showReading(this.model.reading(row, column));
  }

  /** What a visitor points at, marked and written out. */
  lookAt({ grid, row, column }, position) {
    const { model, marks } = this;
    if (isMap(grid)) {
      marks.gather(row, column);
      this.write("gather", row, column);
      return { row, column, view: "gather" };
    }
    if (grid.name === "input" && model.stamps && !grid.isPadding(row, column)) {
      return this.lookAtPosition(row - model.rows.before, column - model.columns.before);
    }
    this.write(model.view, ...position);
    this.shown = ""; // the head is overwritten
    const sentences = this.sentences(grid, row, column, position);
    this.arithmetic.showPointing(sentences);
    return { faded: true, told: sentences.join(". "), view: grid.name, row, column };
  }

  /** Marks what belongs to an input cell or a weight; gives what is said of it. */
  sentences(grid, row, column, position) {
    const { model, marks } = this;
    if (grid.name === "input") {
      const readers = markReaders(marks, grid.plane, row, column);
      return pixelText(model, grid.plane, row, column, readers.length);
    }
    const mark = model.stamps ? markLanded : markTouched;
    return weightText(model, grid.plane, row, column, mark(marks, grid.plane, row, column, position), position);
  }

  magnify({ grid, row, column, at }) {
    const { scene, model, lens } = this;
    if (isMap(grid)) lens.showWindow(scene, grid.plane, model.reading(row, column), at);
    else lens.showAround(scene, grid, row, column, at);
  }

  /** What is drawn, for those who cannot read a canvas, and for tests. */
  tell(row, column, looked) {
    const { model, clock, root } = this;
    const gathered = !model.stamps || looked.view === "gather";
    Object.assign(root.dataset, {
      row,
      column,
      value: model.stamps ? this.model.inputs[row * model.width + column] : model.output[row * model.outColumns + column],
      playing: clock.playing,
      looked: `${looked.view} ${looked.row} ${looked.column}`,
      mode: this.scene.mode,
    });
    const now = performance.now();
    if (clock.playing && now - this.toldAt < TELL) return;
    const key = `${looked.view} ${looked.row} ${looked.column} ${looked.told ?? ""}`;
    if (key === this.toldKey && this.toldModel === model) return;
    Object.assign(this, { toldAt: now, toldKey: key, toldModel: model });
    setText(this.told, looked.told ?? toldOf(model, looked.row, looked.column, gathered));
  }

  end() {
    this.resizing.disconnect();
    this.transport.end();
  }
}

/** How far the window is on its way to the next position, 0 to 1. */
function glideOf({ playing, calm, speed, at }) {
  if (!playing || calm.matches || speed > FASTEST_GLIDE) return 0;
  const share = clamp(((at % 1) - 1 + GLIDING) / GLIDING, 0, 1);
  return share * share * (3 - 2 * share);
}

/** Where a grid stands on the page, in CSS pixels, and how large its numbers are. */
function placeOf({ name, plane, x, y, cell, tall, font }, zoom) {
  const [left, top, wide, high] = [x, y, cell, tall].map((each) => each * zoom);
  return { name, plane, x: left, y: top, cell: wide, tall: high, numbers: font ? parseFloat(font.css) * zoom : 0 };
}

function isMap(grid) {
  return grid.name === "output" || grid.name === "partial";
}

function isSame(bytes, others) {
  return bytes.length === others.length && bytes.every((byte, i) => byte === others[i]);
}
