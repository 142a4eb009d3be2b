// A race of optimizers. All other files of the folder precede this one in the same module.
//
// Streamlit calls the default export when the component is mounted, and again, with the same parentElement, whenever
// its data or the theme change. It calls a cleanup when the component is unmounted, but also where one change
// overtakes another: a cleanup ends the race only when it has left the page.

const TELL = 2500; // milliseconds between two announcements while the race plays
const PACE = { speeds: [1, 2, 5, 10, 20, 40, 80], shortest: 0 }; // of the clock: all speeds are offered
const NARROW = 560; // CSS pixels below which the curves stand under the map
const races = new WeakMap(); // root -> Race

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".race");
  if (!races.has(root)) races.set(root, new Race(root));
  const own = races.get(root);
  own.start = (place) => setTriggerValue("start", place);
  own.update(data);
  return () => setTimeout(() => root.isConnected || own.end());
}

class Race {
  constructor(root) {
    this.root = root;
    this.stage = root.querySelector(".map");
    this.pictures = root.querySelector(".pictures");
    this.side = root.querySelector(".curves");
    this.readout = root.querySelector(".readout");
    this.told = root.querySelector(".told");
    this.map = new Terrain(...this.stage.querySelectorAll("canvas"));
    this.curves = new Curves(this.side.querySelector("canvas"));
    this.board = new Board(root.querySelector(".board"), (index) => this.singleOut(index));
    this.clock = new Clock(PACE);
    const acted = (name) => name === "speed" || (this.looked = null);
    this.transport = new Transport(root.querySelector(".transport"), this.clock, () => this.width && this.render(), acted);
    Object.assign(this, { toldAt: 0, drawn: 0, looked: null, pointed: null, chosen: "", wished: null });
    this.resizing = new ResizeObserver(() => this.pictures.clientWidth !== this.width && this.redraw());
    this.resizing.observe(this.pictures);
    this.listen();
  }

  listen() {
    const on = (target, type, handler) => target.addEventListener(type, handler.bind(this));
    on(this.stage, "pointermove", (event) => this.point(event));
    on(this.stage, "pointerleave", () => this.pointAt(null));
    on(this.stage, "click", this.press);
    for (const type of ["pointerdown", "pointermove"]) on(this.side, type, (event) => this.lookAt(event));
    on(this.side, "pointerleave", () => this.look(null));
    this.transport.listen(this.root);
  }

  /** New data: a race that plays goes on; one from a place that was clicked begins. */
  update(data) {
    const look = lookOf(this.root);
    const shown = JSON.stringify([data, look]);
    if (shown === this.shown) return;
    this.shown = shown;
    this.model = new Model(data, look.dark);
    this.colors = look;
    this.clock.fit(data.steps);
    if (!this.drawn) this.clock.go(data.steps);
    if (this.wished) this.clock.play(true);
    Object.assign(this, { wished: null, pointed: null, looked: null });
    this.fitWords();
    this.redraw();
    this.root.dataset.drawn = ++this.drawn; // for tests and benchmarks: how often other data or colours were drawn
  }

  fitWords() {
    const { words, racers } = this.model;
    this.transport.fit(words);
    this.stage.setAttribute("aria-label", fillIn(words.map, { count: racers.length }));
    this.side.setAttribute("aria-label", words.curves);
  }

  redraw() {
    this.width = this.pictures.clientWidth;
    if (!this.width || !this.model) return; // in a tab that is not open: it is drawn when it gets a width
    const zoom = (this.zoom = zoomOf());
    const { model, colors } = this;
    const width = this.width / zoom;
    const aspect = (model.right - model.left) / (model.top - model.bottom);
    const narrow = width < NARROW;
    const mapWidth = Math.floor(narrow ? width : Math.min(model.height * aspect, 0.64 * width));
    const height = Math.round(mapWidth / aspect);
    this.pictures.classList.toggle("narrow", narrow);
    Object.assign(this.stage.style, { width: `${mapWidth * zoom}px`, height: `${height * zoom}px` });
    const sideWidth = narrow ? width : width - mapWidth - 16;
    const sideHeight = narrow ? Math.round(0.62 * width) : height;
    Object.assign(this.side.style, { width: `${sideWidth * zoom}px`, height: `${sideHeight * zoom}px` });
    this.map.fit(model, colors, mapWidth, height, zoom);
    this.curves.fit(model, colors, sideWidth, sideHeight, zoom);
    this.board.fit(model, colors);
    this.render();
  }

  get single() {
    return this.model.racers.find((racer) => racer.name === this.chosen) ?? null;
  }

  singleOut(index) {
    const { name } = this.model.racers[index];
    this.chosen = this.chosen === name ? "" : name;
    this.request();
  }

  point(event) {
    this.pointAt({ at: this.placeOf(event), touch: event.pointerType === "touch" });
  }

  /** Where the pointer is in the map. */
  placeOf(event) {
    const { left, top } = this.stage.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top].map((pixels) => pixels / this.zoom);
  }

  pointAt(pointed) {
    this.pointed = pointed;
    this.request();
  }

  /** A click into the map starts the race there: the server makes it, since the steps are torch's. */
  press(event) {
    const at = this.placeOf(event);
    if (!this.map.isInside(at)) return;
    const { decimals } = this.model;
    const place = this.map.placeOf(at).map((part) => Number(part.toFixed(decimals)));
    this.pointed = null;
    this.looked = null;
    if (this.startsAt(place)) this.clock.play(true); // the server would send the same race, which is no change
    else this.start((this.wished = place));
    this.request();
  }

  startsAt(place) {
    const { racers } = this.model;
    return racers.length > 0 && racers[0].place(0).every((part, i) => part === Math.fround(place[i]));
  }

  lookAt(event) {
    this.look(this.curves.stepAt((event.clientX - this.side.getBoundingClientRect().left) / this.zoom));
  }

  /** A step that a pointer in the curves looks at, while it is there. */
  look(step) {
    this.looked = this.clock.playing ? null : step;
    this.request();
  }

  request() {
    this.transport.request();
  }

  render() {
    const { clock, single } = this;
    const moment = this.looked ?? clock.moment;
    const step = Math.floor(moment);
    this.map.draw(moment, single, this.wished);
    this.curves.draw(moment, single);
    this.board.show(step, single);
    this.transport.show(step, fillIn(this.model.words.place, { step, steps: clock.last }));
    this.readOut(step, single);
    this.tell(step);
    if (clock.playing) this.request();
  }

  /** One line in the map: what the pointer meets. */
  readOut(step, single) {
    const { model, pointed, wished } = this;
    const { words } = model;
    let text = "";
    if (!model.racers.length) text = words.empty;
    else if (wished) text = fillIn(words.waiting, model.coordinates(wished));
    else if (pointed && this.map.isInside(pointed.at)) {
      const found = this.map.nearest(pointed.at, step, single);
      const places = found ? model.coordinates(found.racer.place(found.step), 2) : model.coordinates(this.map.placeOf(pointed.at));
      if (found) text = fillIn(words.at, { name: found.racer.name, step: found.step, loss: format(found.racer.lossAt(found.step)), ...places });
      else text = fillIn(pointed.touch ? words.tap : words.click, places);
    }
    setText(this.readout, text);
  }

  /** What is drawn, for those who cannot read a canvas, and for tests. */
  tell(step) {
    const { clock, model, root } = this;
    const { words, racers, steps } = model;
    const losses = racers.map((racer) => racer.lossAt(step));
    Object.assign(root.dataset, { step, playing: clock.playing, losses: JSON.stringify(losses), racers: JSON.stringify(racers.map(({ name }) => name)) });
    if (racers.length) root.dataset.start = JSON.stringify(racers[0].place(0));
    const now = performance.now();
    if (clock.playing && now - this.toldAt < TELL) return;
    this.toldAt = now;
    const list = racers.map(({ name }, i) => fillIn(words.told_one, { name, loss: format(losses[i], 2) })).join(", ");
    setText(this.told, racers.length ? fillIn(words.told, { step, steps, list }) : words.empty);
  }

  end() {
    this.resizing.disconnect();
    this.transport.end();
  }
}
