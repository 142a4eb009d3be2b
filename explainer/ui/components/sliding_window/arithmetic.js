// The arithmetic of a position below the grids: a grid of products, and the steps from them to the result.

const CELLS = 36; // products that are written out
const FACTORS = 70; // CSS pixels of a product beside its factors
const HEAT = 168; // CSS pixels of a grid of colours where they are too many

class Arithmetic {
  constructor(element) {
    this.element = element;
    this.head = append(element, "p", "head");
    const body = append(element, "div", "body");
    this.products = append(body, "div", "products");
    this.steps = append(body, "div", "steps");
    this.lines = [];
    this.built = "";
  }

  /** Fits the grids of products to a window; they are built anew only where its shape is another. */
  fit(scene, width) {
    const { model, look } = scene;
    Object.assign(this, { scene, model });
    const most = (numbers) => numbers.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) || 1;
    const limit = most(model.inputs) * (model.kernels ? most(model.kernels) : 1);
    this.scale = model.kernels ? new Scale("diverging", [-limit, limit], 0, look) : scene.inputs[0].scale;
    const { kernelRows: rows, kernelColumns: columns, channels } = model;
    this.written = rows * columns * channels <= CELLS && rows <= 6 && columns <= 12;
    const room = Math.min(width, 1100) * (width < NARROW ? 1 : channels === 1 ? 0.62 : rows > 2 ? 0.69 : 0.72);
    const sideOf = (beside) => clamp(Math.floor((room - 18 * (beside - 1)) / (columns * beside)) - 3, 24, 92);
    let beside = channels; // on a phone planes stand below each other, so that their factors can be read
    if (width < NARROW) while (beside > 1 && sideOf(beside) < FACTORS) beside--;
    const side = sideOf(beside) - (width < NARROW ? 4 : 0);
    this.compact = side < (model.kernels ? FACTORS - 4 : 30);
    this.element.style.setProperty("--cell", `${(this.compact ? Math.min(side, 56) : side) * scene.zoom}px`);
    this.element.classList.toggle("compact", this.compact);
    const shape = [rows, columns, channels, this.written, width, scene.zoom].join();
    if (shape !== this.built) this.build(rows, columns, channels);
    this.built = shape;
  }

  build(rows, columns, channels) {
    this.element.style.minHeight = "";
    this.products.replaceChildren();
    this.planes = Array.from({ length: channels }, () => {
      const plane = append(this.products, "div", "plane");
      const title = append(plane, "p");
      title.hidden = channels === 1;
      if (!this.written) return { title, canvas: append(plane, "canvas") };
      const table = append(plane, "div", "table");
      table.style.gridTemplateColumns = `repeat(${columns}, var(--cell))`;
      const cells = Array.from({ length: rows * columns }, () => {
        const cell = append(table, "div");
        return { cell, factors: append(cell, "span"), product: append(cell, "b") };
      });
      return { title, cells };
    });
  }

  /** The arithmetic of an output cell. */
  showReading(reading) {
    const { model } = this;
    setText(this.head, fillIn(model.words.cell, reading));
    const area = reading.rows.length * reading.columns.length;
    this.planes.forEach((plane, number) => {
      const values = reading.values.subarray(number * area, (number + 1) * area);
      const products = reading.products.subarray(number * area, (number + 1) * area);
      if (model.channels > 1) this.planeTitle(plane, number, reading.sums[number]);
      if (plane.canvas) return this.heat(plane.canvas, products, reading.rows.length, reading.columns.length);
      this.fillCells(plane, number, reading, values, products, reading.best, model.blank ?? "");
    });
    this.write(stepsOf(model, reading));
  }

  planeTitle(plane, number, sum) {
    setText(plane.title, `${this.scene.names[number]}: ${format(sum, this.model.decimals + 1)}`);
  }

  fillCells({ cells }, number, { rows, columns }, values, products, best = -1, missing = "") {
    const { model } = this;
    const met = new Map();
    let at = 0;
    for (const [, i] of rows) for (const [, j] of columns) met.set(i * model.kernelColumns + j, at++);
    cells.forEach(({ cell, factors, product }, index) => {
      const tap = met.get(index);
      const used = tap !== undefined;
      cell.className = used ? (tap === best ? "best" : "") : "unused";
      const weight = model.weight(number, Math.floor(index / model.kernelColumns), index % model.kernelColumns);
      const factor = used && model.kernels && !this.compact;
      setText(factors, factor ? `${format(values[tap], model.decimals)} × ${operand(weight, model.decimals)}` : "");
      setText(product, used ? format(products[tap], model.decimals) : missing);
      cell.style.background = used ? this.scale.css(products[tap]) : "";
      cell.style.color = used ? this.scale.ink(products[tap]) : "";
    });
  }

  /** Many products: a colour each. */
  heat(canvas, products, rows, columns) {
    if (!products.length) return;
    sizeTo(canvas, columns, rows);
    const { zoom } = this.scene;
    const side = Math.min(HEAT / rows, (1.6 * HEAT) / columns, 24);
    Object.assign(canvas.style, { width: `${zoom * side * columns}px`, height: `${zoom * side * rows}px` });
    const colorAt = (i) => this.scale.packed[this.scale.index(products[i])];
    paintPixels(canvas.getContext("2d"), columns, rows, colorAt);
  }

  /** A stamp: its products, and what becomes of them. */
  showStamp(stamp) {
    const { model } = this;
    setText(this.head, stampHead(model, stamp));
    if (this.planes[0].canvas) this.heat(this.planes[0].canvas, stamp.products, stamp.rows.length, stamp.columns.length);
    else {
      const area = stamp.rows.length * stamp.columns.length;
      this.planes.forEach((plane, number) => {
        const values = new Float64Array(area).fill(stamp.values[number]);
        const products = model.channels > 1 ? this.ownProducts(stamp, number) : stamp.products;
        if (model.channels > 1) setText(plane.title, this.scene.names[number]);
        this.fillCells(plane, number, stamp, values, products, -1, model.words.stamp_cut);
      });
    }
    this.write([{ before: model.words.stamp_added, value: null }]);
  }

  ownProducts({ rows, columns, values }, plane) {
    const products = rows.flatMap(([, i]) => columns.map(([, j]) => values[plane] * this.model.weight(plane, i, j)));
    return Float64Array.from(products);
  }

  /** Sentences on what a visitor points at; the present position stays below, pale. */
  showPointing(sentences) {
    setText(this.head, sentences.join(" · "));
  }

  /** What is behind: whether the products are those of another place than the head speaks of. */
  fade(faded) {
    this.element.classList.toggle("faded", faded);
  }

  write(steps) {
    while (this.lines.length < steps.length) this.lines.push(this.line());
    while (this.lines.length > steps.length) this.lines.pop().element.remove();
    steps.forEach(({ before, value }, i) => {
      const line = this.lines[i];
      setText(line.before, before);
      setText(line.value, value === null ? "" : `= ${value}`);
      line.element.classList.toggle("final", i === steps.length - 1);
    });
  }

  line() {
    const element = append(this.steps, "p");
    return { element, before: append(element, "span"), value: append(element, "b") };
  }

  /** Keeps the height that was once needed, so that what is below does not jump. */
  settle() {
    const height = this.element.offsetHeight;
    if (height > (parseFloat(this.element.style.minHeight) || 0)) this.element.style.minHeight = `${height}px`;
  }
}
