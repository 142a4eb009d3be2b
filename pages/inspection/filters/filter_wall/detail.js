// One filter at large: its weights, its spectrum, and its answer to the picture.

const SPECTRUM = 32; // frequencies along each axis

class Detail {
  constructor(element) {
    this.element = element;
    const find = (selector) => element.querySelector(selector);
    [this.name, this.facts, this.place] = ["h4", ".facts", ".place"].map(find);
    [this.kernel, this.spectrum, this.input, this.answer] = [".kernel", ".spectrum", ".input", ".answer"].map(find);
    this.answers = find(".answers");
    this.captions = element.querySelectorAll("figcaption");
    this.kernel.addEventListener("pointermove", (event) => this.tellWeight(event));
    this.kernel.addEventListener("pointerleave", () => this.tell());
    for (const type of ["pointermove", "pointerdown"]) {
      this.answer.addEventListener(type, (event) => this.go(...pixelAt(this.answer, event, this.size)));
    }
    this.answer.addEventListener("keydown", (event) => this.keyDown(event));
  }

  /** New settings: the input as the layer reads it, and the size of its output. */
  update(view) {
    this.view = view;
    const { given, words } = view.data;
    this.answers.hidden = !given;
    [words.weights, words.spectrum, given?.title ?? "", words.answer].forEach((text, i) => setText(this.captions[i], text));
    this.answer.setAttribute("aria-label", words.answer_label);
    this.spectrum.setAttribute("aria-label", words.spectrum_label);
    this.shown = "";
    const text = given && (given.pixels ?? given.values);
    if (!given || text === this.given) return;
    this.given = text;
    this.read = given.pixels ? normalized(given) : { ...given, values: decoded(given.values, Float32Array) };
    this.picture = given.pixels ? photograph(given) : null;
  }

  /** Shows filter `index` of `wall`. */
  show(wall, index) {
    const { data } = wall;
    const shown = [data.title, index, data.names[index]].join();
    if (shown === this.shown) return;
    this.shown = shown;
    [this.wall, this.index] = [wall, index];
    const size = data.shape.reduce((product, each) => product * each, 1);
    this.weights = wall.weights.subarray(index * size, (index + 1) * size);
    setText(this.name, data.names[index]);
    setText(this.facts, data.details[index]);
    this.drawKernel(size);
    this.drawSpectrum();
    if (this.view.data.given) this.compute();
    else setText(this.place, "");
  }

  drawKernel(size) {
    const limit = this.wall.largest(this.index * size, (this.index + 1) * size) || 1;
    this.put(this.kernel, this.wall.bitmapOf(this.index * size, limit));
  }

  drawSpectrum() {
    const [planes, height, width] = this.wall.data.shape;
    const figure = this.spectrum.parentElement;
    figure.hidden = height * width === 1;
    if (figure.hidden) return;
    const values = spectrumOf(this.weights, planes, height, width, SPECTRUM);
    const most = Math.max(...values) || 1;
    const ramp = this.view.sequential;
    this.put(this.spectrum, bitmap(SPECTRUM, SPECTRUM, (y, x) => ramp[Math.round((255 * values[y * SPECTRUM + x]) / most)]));
    this.element.dataset.peak = most;
  }

  compute() {
    const { data } = this.wall;
    const { given } = this.view.data;
    this.size = given.size;
    const bias = data.bias ? data.bias[this.index] : 0;
    this.values = answerOf(this.weights, data.shape, bias, this.read, data.first[this.index], given);
    const at = strongest(this.values);
    this.limit = Math.abs(this.values[at]) || 1;
    [this.row, this.column] = [Math.floor(at / this.size[1]), at % this.size[1]];
    const [rows, columns] = this.size;
    const ramp = this.view.diverging;
    this.map = bitmap(columns, rows, (row, column) => signed(ramp, this.values[row * columns + column], this.limit));
    Object.assign(this.element.dataset, { strongest: this.values[at], row: this.row, column: this.column });
    this.drawPlace();
  }

  drawPlace() {
    const { given } = this.view.data;
    const [, height, width] = this.wall.data.shape;
    const color = this.view.colors.primary;
    const seen = this.picture ?? this.readPlane();
    const scale = this.put(this.input, seen);
    const [top, left] = [this.row, this.column].map((at, i) => at * given.stride[i] - given.padding[i]);
    const [tall, wide] = [height, width].map((side, i) => (side - 1) * given.dilation[i] + 1);
    frame(this.input, [left * scale, top * scale, wide * scale, tall * scale], color);
    const small = this.put(this.answer, this.map);
    frame(this.answer, [this.column * small, this.row * small, small, small], this.view.colors.text);
    this.tell();
  }

  /** The plane that the filter reads first, from black for its least value to white. */
  readPlane() {
    const { height, width, values } = this.read;
    const start = this.wall.data.first[this.index] * height * width;
    const plane = values.subarray(start, start + height * width);
    const [low, high] = [Math.min(...extremes(plane)), Math.max(...extremes(plane))];
    const grey = (value) => Math.round((255 * (value - low)) / (high - low || 1));
    return bitmap(width, height, (row, column) => Array(3).fill(grey(plane[row * width + column])));
  }

  tell() {
    const { words, given } = this.view.data;
    if (!given || !this.values) return setText(this.place, "");
    const value = this.values[this.row * this.size[1] + this.column];
    setText(this.place, fillIn(words.place, { row: this.row, column: this.column, value: number(value) }));
    this.element.dataset.value = value;
  }

  tellWeight(event) {
    const { shape } = this.wall.data;
    const { words } = this.view.data;
    const [row, column] = pixelAt(this.kernel, event, [shape[1], shape[2]]);
    const area = shape[1] * shape[2];
    const values = Array.from({ length: shape[0] }, (_, i) => number(this.weights[i * area + row * shape[2] + column]));
    const text = shape[0] === 3 ? fillIn(words.three, { red: values[0], green: values[1], blue: values[2] }) : values[0];
    setText(this.place, fillIn(words.weight, { row, column, value: text }));
  }

  go(row, column) {
    if (row === this.row && column === this.column) return;
    [this.row, this.column] = [row, column];
    this.drawPlace();
  }

  keyDown(event) {
    const step = ROWS_COLUMNS[event.key];
    if (!step) return;
    event.preventDefault();
    this.go(...[this.row, this.column].map((at, i) => clamp(at + step[i], 0, this.size[i] - 1)));
  }

  /** Draws a bitmap into a figure's canvas; the CSS pixels of one of its pixels. */
  put(canvas, source) {
    const side = this.view.figure;
    const scale = side / Math.max(source.width, source.height);
    const context = fitCanvas(canvas, source.width * scale, source.height * scale, this.view.zoom);
    context.imageSmoothingEnabled = source.width > side;
    context.drawImage(source, 0, 0, source.width * scale, source.height * scale);
    return scale;
  }
}

/** What a network reads of a picture's bytes (height, width, planes). */
function normalized({ pixels, height, width, mean, std }) {
  const [raw, planes] = [decoded(pixels), mean.length];
  const values = new Float32Array(raw.length);
  for (let i = 0; i < height * width; i++) {
    for (let plane = 0; plane < planes; plane++) {
      values[plane * height * width + i] = (raw[i * planes + plane] / 255 - mean[plane]) / std[plane];
    }
  }
  return { values, height, width };
}

function photograph({ pixels, height, width, mean }) {
  return paintPhoto(document.createElement("canvas"), decoded(pixels), width, height, mean.length);
}

function extremes(values) {
  return values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
}

/** A ring in two colours shows on every picture. */
function frame(canvas, [x, y, width, height], color) {
  const context = canvas.getContext("2d");
  const grow = Math.max(0, 10 - Math.min(width, height)) / 2;
  const box = [x - grow, y - grow, width + 2 * grow, height + 2 * grow];
  for (const [thick, ink] of [[4, "#000000"], [2.5, color]]) {
    context.strokeStyle = ink;
    context.lineWidth = thick;
    context.strokeRect(...box);
  }
}
