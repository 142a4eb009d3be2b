// A picture, and the map of one class's scores, drawn to the same scale: a score lies at the middle of what it reads.
//
// Streamlit calls the default export when the component is mounted, and again, with the same parentElement, whenever
// its data or the theme change. The place that a visitor chose stays as long as picture and class do.

const TALL = 370; // CSS pixels of both canvases above each other, about
const TALL_BESIDE = 310; // CSS pixels of each where they stand beside each other
const BETWEEN = 20; // CSS pixels between them
const WITH_NUMBER = 34; // CSS pixels of a cell that a number fits in
const LEAST_DOT = 5; // CSS pixels of a cell that a dot fits in

const views = new WeakMap(); // parentElement -> View

export default function (component) {
  const { data, parentElement } = component;
  const root = parentElement.querySelector(".score-map");
  if (views.get(parentElement)?.root !== root) views.set(parentElement, new View(root));
  const view = views.get(parentElement);
  view.update(data);
  return () => setTimeout(() => root.isConnected || view.resizing.disconnect());
}

class View {
  constructor(root) {
    this.root = root;
    this.stage = root.querySelector(".stage");
    this.captions = root.querySelectorAll("figcaption");
    this.canvases = root.querySelectorAll("canvas");
    [this.place, this.list] = root.querySelectorAll(".told > *");
    for (const canvas of this.canvases) {
      for (const type of ["pointermove", "pointerdown"]) canvas.addEventListener(type, (event) => this.point(event));
    }
    this.stage.addEventListener("keydown", (event) => this.keyDown(event));
    this.resizing = new ResizeObserver(() => this.stage.clientWidth !== this.width && this.draw());
    this.resizing.observe(this.stage);
  }

  update(data) {
    const shown = [data.pixels, data.scores, data.chosen].join();
    this.data = data;
    if (shown !== this.shown) {
      this.pixels = decoded(data.pixels);
      this.scores = decoded(data.scores, Float32Array);
      const [, rows, columns] = data.shape;
      const best = this.map(data.chosen).reduce((most, value, i, all) => (value > all[most] ? i : most), 0);
      [this.row, this.column] = [Math.floor(best / columns), best % columns];
      this.limit = this.scores.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
      const told = { height: data.size[0], width: data.size[1], label: data.chosen, rows, columns };
      ["picture", "scores"].forEach((name, i) => setText(this.captions[i], fillIn(data.words[name], told)));
      this.stage.setAttribute("aria-label", data.words.label);
      this.root.dataset.scores = `${rows}x${columns}`;
    }
    this.shown = shown;
    this.draw();
  }

  /** The scores of a class, row by row. */
  map(label) {
    const area = this.data.shape[1] * this.data.shape[2];
    return this.scores.subarray(label * area, (label + 1) * area);
  }

  /** Sizes the canvases: beside each other or one above the other, whichever gives the larger pixels. */
  draw() {
    if (!this.data || !this.stage.clientWidth) return;
    this.width = this.stage.clientWidth;
    const [height, width] = this.data.size;
    const unit = (this.unit = zoomOf());
    const above = Math.min(this.width / width, (unit * TALL) / (2 * height));
    const beside = Math.min((this.width - unit * BETWEEN) / (2 * width), (unit * TALL_BESIDE) / height);
    this.stage.classList.toggle("beside", beside > above);
    this.zoom = Math.max(above, beside);
    const dense = window.devicePixelRatio || 1;
    for (const canvas of this.canvases) {
      Object.assign(canvas.style, { width: `${width * this.zoom}px`, height: `${height * this.zoom}px` });
      canvas.width = Math.round(width * this.zoom * dense);
      canvas.height = Math.round(height * this.zoom * dense);
      canvas.getContext("2d").setTransform(this.zoom * dense, 0, 0, this.zoom * dense, 0, 0); // in pixels of the picture
    }
    const style = getComputedStyle(this.root);
    const named = (name) => style.getPropertyValue(`--st-${name}-color`).trim();
    this.colors = { text: named("text"), border: named("border") };
    this.stops = stopsOf(this.data.scales[Number(isDark(this.root))]);
    this.mark();
  }

  mark() {
    this.drawPicture();
    this.drawScores();
    this.tell();
  }

  drawPicture() {
    const [height, width] = this.data.size;
    const context = this.canvases[0].getContext("2d");
    context.imageSmoothingEnabled = false;
    context.drawImage(paintPhoto(document.createElement("canvas"), this.pixels, width, height, 1), 0, 0);
    const { side, stride } = this.data;
    frame(context, this.column * stride, this.row * stride, side, (3 * this.unit) / this.zoom, "#ff994c");
  }

  drawScores() {
    const { stride, chosen, size, shape } = this.data;
    const context = this.canvases[1].getContext("2d");
    context.clearRect(0, 0, size[1], size[0]);
    context.strokeStyle = this.colors.border;
    context.lineWidth = 1 / this.zoom;
    context.strokeRect(0.5 / this.zoom, 0.5 / this.zoom, size[1] - 1 / this.zoom, size[0] - 1 / this.zoom);
    const first = this.middle();
    const scores = this.map(chosen);
    scores.forEach((score, i) => {
      const [x, y] = [first + (i % shape[2]) * stride, first + Math.floor(i / shape[2]) * stride];
      context.fillStyle = css(between(this.stops, (score / this.limit + 1) / 2));
      context.fillRect(x, y, stride, stride);
      const [across, down] = [x + stride / 2, y + stride / 2];
      if (stride * this.zoom >= WITH_NUMBER * this.unit) this.drawNumber(context, score, across, down);
      else if (this.highest(i) === chosen) this.drawDot(context, across, down);
    });
    const [x, y] = [first + this.column * stride, first + this.row * stride];
    frame(context, x, y, stride, (3 * this.unit) / this.zoom, this.colors.text);
  }

  drawDot(context, x, y) {
    if (this.data.stride * this.zoom < LEAST_DOT) return;
    context.fillStyle = this.colors.text;
    context.beginPath();
    context.arc(x, y, Math.max(0.45, 2 / this.zoom), 0, 2 * Math.PI);
    context.fill();
  }

  drawNumber(context, score, x, y) {
    context.fillStyle = brightness(channelsOf(context.fillStyle)) < 128 ? "#ffffff" : "#10171f"; // ink on the cell that was just filled
    context.font = `650 ${(18 * this.unit) / this.zoom}px sans-serif`;
    [context.textAlign, context.textBaseline] = ["center", "middle"];
    context.fillText(number(score), x, y);
  }

  /** Pixels of the picture before the first score: it lies at the middle of the part that it reads. */
  middle() {
    return (this.data.side - this.data.stride) / 2;
  }

  /** The class with the highest score at place `i`. */
  highest(i) {
    const area = this.data.shape[1] * this.data.shape[2];
    let best = 0;
    for (let label = 1; label < this.data.shape[0]; label++) {
      if (this.scores[label * area + i] > this.scores[best * area + i]) best = label;
    }
    return best;
  }

  tell() {
    const { shape, side, stride, words, chosen } = this.data;
    const at = this.row * shape[2] + this.column;
    const [top, left] = [this.row * stride, this.column * stride];
    const told = { row: this.row, column: this.column, top, left, bottom: top + side - 1, right: left + side - 1 };
    setText(this.place, fillIn(words.place, told));
    while (this.list.children.length < shape[0]) this.list.append(document.createElement("li"));
    const best = this.highest(at);
    [...this.list.children].forEach((item, label) => {
      setText(item, `${label}: ${number(this.map(label)[at])}`);
      item.className = [label === best ? "best" : "", label === chosen ? "chosen" : ""].join(" ");
    });
    Object.assign(this.root.dataset, { row: this.row, column: this.column, best, score: this.map(chosen)[at] });
  }

  point(event) {
    const box = event.target.getBoundingClientRect();
    const { size, stride, shape } = this.data;
    const at = (place, start, length, pixels) => Math.floor(((place - start) / length) * pixels);
    const x = at(event.clientX, box.left, box.width, size[1]);
    const y = at(event.clientY, box.top, box.height, size[0]);
    const inside = (pixel, count) => clamp(Math.floor((pixel - this.middle()) / stride), count);
    this.go(inside(y, shape[1]), inside(x, shape[2]));
  }

  keyDown(event) {
    const step = ROWS_COLUMNS[event.key];
    if (!step) return;
    event.preventDefault();
    this.go(clamp(this.row + step[0], this.data.shape[1]), clamp(this.column + step[1], this.data.shape[2]));
  }

  go(row, column) {
    if (row === this.row && column === this.column) return;
    [this.row, this.column] = [row, column];
    this.mark();
  }
}

function frame(context, x, y, side, thick, color) {
  context.strokeStyle = color;
  context.lineWidth = thick;
  context.strokeRect(x + thick / 2, y + thick / 2, side - thick, side - thick);
}

function clamp(index, count) {
  return Math.min(Math.max(index, 0), count - 1);
}

function number(value) {
  return value.toFixed(1).replace("-", "−");
}
