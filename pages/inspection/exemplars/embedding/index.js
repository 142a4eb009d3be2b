// A map of digits on a canvas. hear.js, elements.js, canvas.js and pointing.js precede this file in the same module.
//
// Streamlit calls the default export when the component is mounted, and again, with the same parentElement, whenever
// its data or the theme change. New points are travelled to, so that a digit can be followed from map to map.

const HIGHEST = 392; // CSS pixels of the map
const MARGIN = 14; // CSS pixels between its outermost digits and its edge
const TRAVEL = 800; // milliseconds to new places
const FAINT = 0.12; // opacity of classes that are not chosen
const SIDE = 28; // pixels of a digit's picture

const maps = new WeakMap(); // parentElement -> DigitMap

export default function (component) {
  const { data, parentElement } = component;
  const root = parentElement.querySelector(".embedding");
  if (maps.get(parentElement)?.root !== root) maps.set(parentElement, new DigitMap(root, data.feed));
  const map = maps.get(parentElement);
  map.update(data);
  return () => setTimeout(() => root.isConnected || map.resizing.disconnect());
}

class DigitMap {
  constructor(root, feed) {
    this.root = root;
    this.stage = root.querySelector(".stage");
    this.canvas = this.stage.querySelector("canvas");
    this.caption = root.querySelector(".caption");
    this.sheet = new Image();
    this.chosen = null; // the one class that is shown, null for all
    this.pointing = new Pointing(this, root);
    this.mistakes = root.querySelector(".mistakes");
    this.mistakes.addEventListener("click", () => this.nextMistake());
    this.classes = [];
    this.resizing = new ResizeObserver(() => this.stage.clientWidth !== this.measured && this.draw());
    this.resizing.observe(this.stage);
    this.sheet.addEventListener("load", () => this.pointing.refresh());
    hear(feed, root, (news) => this.update({ ...this.data, ...news }));
  }

  update(data) {
    const old = this.data;
    this.data = data;
    if (old?.sheet !== data.sheet) this.sheet.src = data.sheet;
    this.numbers = decoded(data.numbers, Uint32Array);
    [this.labels, this.reads] = [decoded(data.labels), decoded(data.reads)];
    this.shares = decoded(data.shares, Float32Array);
    this.wrong = [...this.numbers.keys()].filter((i) => this.labels[i] !== this.reads[i]);
    setText(this.caption, data.caption);
    this.stage.setAttribute("aria-label", fillIn(data.words.label, { count: this.numbers.length.toLocaleString("en") }));
    const { length } = this.wrong;
    setText(this.mistakes, fillIn(data.words[["none", "mistake"][length] ?? "mistakes"], { count: length }));
    this.mistakes.disabled = !length;
    this.drawClasses();
    if (old?.points === data.points) return this.draw();
    const same = old?.numbers === data.numbers;
    this.travel(normal(decoded(data.points, Float32Array)), same);
  }

  /** Moves to `places`, at once where the digits are others or the visitor wants no movement. */
  travel(places, same) {
    cancelAnimationFrame(this.frame);
    const from = this.places;
    const still = !same || !from || matchMedia("(prefers-reduced-motion: reduce)").matches || document.hidden;
    delete this.root.dataset.settled;
    const start = performance.now();
    const step = () => {
      const share = still ? 1 : Math.min((performance.now() - start) / TRAVEL, 1);
      const eased = share * share * (3 - 2 * share);
      this.places = share === 1 ? places : places.map((value, i) => from[i] + eased * (value - from[i]));
      this.draw();
      if (share < 1) this.frame = requestAnimationFrame(step);
      else this.root.dataset.settled = String((this.arrivals = (this.arrivals ?? 0) + 1));
    };
    step();
  }

  /** Sizes the canvas to what the points need, and draws all of them. */
  draw() {
    if (!this.places || !this.stage.clientWidth) return;
    this.measured = this.stage.clientWidth;
    this.zoom = zoomOf(); // the map is laid out in units of so many CSS pixels
    this.width = this.measured / this.zoom;
    this.height = Math.min(HIGHEST, Math.max(this.width * 0.8, 240));
    this.context = fitCanvas(this.canvas, this.width, this.height, this.zoom);
    const style = getComputedStyle(this.root);
    this.ink = style.getPropertyValue("--st-text-color").trim();
    this.ground = style.getPropertyValue("--st-background-color").trim();
    this.fit();
    this.drawDigits();
    this.drawRings();
    this.drawNames();
    this.pointing.refresh();
    Object.assign(this.root.dataset, { digits: this.numbers.length, wrong: this.wrong.length, chosen: this.chosen ?? "" });
  }

  /** Where each digit is on the canvas: both axes to the same scale, the first to the right, the second upwards. */
  fit() {
    const [widest, highest] = extent(this.places);
    const zoom = Math.min((this.width / 2 - MARGIN) / widest, (this.height / 2 - MARGIN) / highest);
    this.at = this.places.map((value, i) => (i % 2 ? this.height / 2 - zoom * value : this.width / 2 + zoom * value));
  }

  drawDigits() {
    const { context, at, labels } = this;
    context.font = `650 ${this.width < 500 ? 10 : 11.5}px sans-serif`;
    [context.textAlign, context.textBaseline] = ["center", "middle"];
    for (let label = 0; label < this.data.names.length; label++) {
      context.fillStyle = this.data.colors[label % this.data.colors.length];
      context.globalAlpha = this.isShown(label) ? 1 : FAINT;
      for (let i = 0; i < labels.length; i++) {
        if (labels[i] === label) context.fillText(label, at[2 * i], at[2 * i + 1]);
      }
    }
    context.globalAlpha = 1;
  }

  drawRings() {
    for (const i of this.wrong) {
      if (!this.isShown(this.labels[i])) continue;
      this.ring(i, 8.5, 4, this.ground);
      this.ring(i, 8.5, 2, this.ink);
    }
  }

  /** A large number in the middle of each class, to be read from afar. */
  drawNames() {
    const { context } = this;
    context.font = "700 24px sans-serif";
    [context.lineWidth, context.lineJoin, context.strokeStyle, context.fillStyle] = [5, "round", this.ground, this.ink];
    for (let label = 0; label < this.data.names.length; label++) {
      const mine = [...this.labels.keys()].filter((i) => this.labels[i] === label);
      if (!mine.length || !this.isShown(label)) continue;
      const [x, y] = [0, 1].map((axis) => median(mine.map((i) => this.at[2 * i + axis])));
      context.strokeText(label, x, y);
      context.fillText(label, x, y);
    }
  }

  ring(i, radius, thick, color) {
    const { context } = this;
    [context.strokeStyle, context.lineWidth] = [color, thick];
    context.beginPath();
    context.arc(this.at[2 * i], this.at[2 * i + 1], radius, 0, 2 * Math.PI);
    context.stroke();
  }

  isShown(label) {
    return this.chosen === null || this.chosen === label;
  }

  /** A button a class: its number, its name where that is another, its colour. */
  drawClasses() {
    const { names, colors, words } = this.data;
    const holder = this.root.querySelector(".classes");
    while (this.classes.length < names.length) {
      const button = append(holder, "button");
      const label = this.classes.push(button) - 1;
      button.type = "button";
      button.addEventListener("click", () => this.choose(this.chosen === label ? null : label));
    }
    this.classes.forEach((button, label) => {
      button.hidden = label >= names.length;
      setText(button, names[label] === String(label) ? names[label] : `${label} ${names[label]}`);
      button.style.setProperty("--class-color", colors[label % colors.length]);
      button.setAttribute("aria-label", fillIn(words.class, { name: names[label] }));
      button.setAttribute("aria-pressed", this.chosen === label);
    });
  }

  choose(label) {
    this.chosen = label;
    this.pointing.close();
    this.drawClasses();
    this.draw();
  }

  nextMistake() {
    const open = this.wrong.filter((i) => this.isShown(this.labels[i]));
    const all = open.length ? open : this.wrong;
    if (!open.length) this.choose(null);
    this.pointing.pin(all[(all.indexOf(this.pointing.digit) + 1) % all.length]);
  }

  /** What is told of digit `i`. */
  sentence(i) {
    const { words, names } = this.data;
    return fillIn(this.labels[i] === this.reads[i] ? words.right : words.wrong, {
      number: this.numbers[i].toLocaleString("en"),
      label: names[this.labels[i]],
      read: names[this.reads[i]] ?? this.reads[i],
      share: probability(this.shares[i], this.shares[i] < 0.9 ? 0 : 1),
    });
  }
}

/** Points around 0, the largest coordinate at 1: maps of different kinds have different units. */
function normal(points) {
  const middle = [0, 1].map((axis) => {
    const [low, high] = range(points, axis);
    return (low + high) / 2;
  });
  const centred = points.map((value, i) => value - middle[i % 2]);
  const largest = Math.max(...extent(centred));
  return centred.map((value) => value / largest);
}

/** The largest distance from 0 along both axes. */
function extent(points) {
  return [0, 1].map((axis) => {
    const [low, high] = range(points, axis);
    return Math.max(-low, high) || 1e-9;
  });
}

function range(points, axis) {
  let [low, high] = [Infinity, -Infinity];
  for (let i = axis; i < points.length; i += 2) {
    low = Math.min(low, points[i]);
    high = Math.max(high, points[i]);
  }
  return [low, high];
}

function median(values) {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
