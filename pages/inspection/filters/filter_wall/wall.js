// All filters of a layer as small pictures on one canvas.

const CAPTION = 17; // CSS pixels below a tile for its number
const WITH_CAPTION = 34; // CSS pixels of a tile that a number is written below
const LABELS = 30; // CSS pixels beside and above a grid for the numbers of its rows and columns

class Wall {
  constructor(holder, view) {
    this.view = view;
    this.element = append(holder, "section", "wall");
    this.title = append(this.element, "h4");
    this.legend = append(this.element, "p", "legend");
    [this.low, this.ramp, this.high] = ["span", "canvas", "span"].map((tag) => append(this.legend, tag));
    this.note = append(this.legend, "span", "note");
    this.canvas = append(this.element, "canvas", "tiles");
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "application");
    const on = (type, handler) => this.canvas.addEventListener(type, (event) => handler.call(this, event));
    on("pointermove", (event) => event.pointerType !== "touch" && view.peek(this, this.indexAt(event)));
    on("pointerleave", () => view.peek(this, -1));
    on("click", (event) => this.indexAt(event) >= 0 && view.choose(this, this.indexAt(event), 0));
    on("keydown", this.keyDown);
    on("focus", () => view.draw());
    on("blur", () => view.draw());
  }

  remove() {
    this.element.remove();
  }

  get count() {
    return this.data.names.length;
  }

  update(data) {
    this.data = data;
    if (data.weights !== this.text) this.weights = decoded((this.text = data.weights), Float32Array);
    setText(this.title, data.title);
    this.canvas.setAttribute("aria-label", data.label);
    this.limit = this.largest(0, this.weights.length) || 1;
    this.paintTiles();
  }

  /** The largest magnitude of what is shown of filters that begin at `start`, up to `end`. */
  largest(start, end) {
    let most = 0;
    const [planes, area] = [this.data.shape[0], this.data.shape[1] * this.data.shape[2]];
    const { paint } = this.view.data;
    if (paint === "colour") {
      for (let i = start; i < end; i++) if (Math.abs(this.weights[i]) < Infinity) most = Math.max(most, Math.abs(this.weights[i]));
      return most;
    }
    for (let i = start; i < end; i += planes * area) {
      for (let j = 0; j < area; j++) {
        const value = Math.abs(this.valueAt(i, j));
        if (value < Infinity) most = Math.max(most, value);
      }
    }
    return most;
  }

  /** What is shown in pixel `pixel` of the filter whose weights begin at `start`: one plane, or all planes' sum. */
  valueAt(start, pixel) {
    const [planes, rows, columns] = this.data.shape;
    const { paint } = this.view.data;
    if (paint !== "sum") return this.weights[start + (planes > 1 ? paint : 0) * rows * columns + pixel];
    let sum = 0;
    for (let plane = 0; plane < planes; plane++) sum += this.weights[start + plane * rows * columns + pixel];
    return sum;
  }

  paintTiles() {
    const size = this.data.shape.reduce((product, each) => product * each, 1);
    this.bitmaps = Array.from({ length: this.count }, (_, index) => {
      const limit = this.view.data.each ? this.largest(index * size, (index + 1) * size) || 1 : this.limit;
      return this.bitmapOf(index * size, limit);
    });
  }

  bitmapOf(start, limit) {
    const [, rows, columns] = this.data.shape;
    const grey = (value) => Math.round(127.5 * (1 + clamp(value / limit, -1, 1)));
    return bitmap(columns, rows, (row, column) => {
      const pixel = row * columns + column;
      if (this.view.data.paint !== "colour") return signed(this.view.diverging, this.valueAt(start, pixel), limit);
      const parts = [0, 1, 2].map((plane) => this.weights[start + plane * rows * columns + pixel]);
      return parts.every(Number.isFinite) ? parts.map(grey) : null;
    });
  }

  /** Lays the tiles out in `width` CSS pixels and draws them; `shown` is looked at, `chosen` stays. */
  draw(width, height, chosen, shown) {
    const { across, rowNames, columnNames, short } = this.data;
    this.margin = across ? LABELS : 0;
    const below = !across && this.count <= 40 ? CAPTION : 0;
    this.sizes = layout(this.count, width - this.margin, height - this.margin, across, below);
    const tall = this.margin + heightOf(this.count, this.sizes);
    const wide = Math.max(this.margin + this.sizes.columns * (this.sizes.side + this.sizes.gap), 60);
    const context = fitCanvas(this.canvas, Math.min(wide, width), tall + 2, this.view.zoom);
    this.bitmaps.forEach((tile, index) => paintInto(context, tile, ...this.cornerOf(index), this.sizes.side));
    context.fillStyle = this.view.colors.text;
    context.font = `14.5px ${this.view.colors.font}`;
    [context.textAlign, context.textBaseline] = ["center", "middle"];
    if (below && this.sizes.side >= WITH_CAPTION) this.drawNames(context, short);
    if (across) this.drawLabels(context, rowNames, columnNames);
    if (chosen >= 0) this.frame(context, chosen, 4, this.view.colors.primary);
    if (shown >= 0 && shown !== chosen) this.frame(context, shown, 3, this.view.colors.text);
  }

  cornerOf(index) {
    const [x, y] = placeOf(index, this.sizes);
    return [x + this.margin + 1, y + this.margin + 1];
  }

  drawNames(context, names) {
    names.forEach((name, index) => {
      const [x, y] = this.cornerOf(index);
      context.fillText(name, x + this.sizes.side / 2, y + this.sizes.side + CAPTION / 2);
    });
  }

  /** The numbers beside rows and above columns, as many as there is room for. */
  drawLabels(context, rowNames, columnNames) {
    const step = this.sizes.side + this.sizes.gap;
    const every = Math.ceil(26 / step);
    const middle = (i) => this.margin + 1 + i * step + this.sizes.side / 2;
    columnNames.forEach((name, i) => i % every || context.fillText(name, middle(i), this.margin / 2));
    rowNames.forEach((name, i) => i % Math.ceil(16 / step) || context.fillText(name, this.margin / 2, middle(i)));
  }

  frame(context, index, thick, color) {
    const [x, y] = this.cornerOf(index);
    context.strokeStyle = color;
    context.lineWidth = Math.min(thick, Math.max(2, this.sizes.side / 6));
    context.strokeRect(x - 0.5, y - 0.5, this.sizes.side + 1, this.sizes.side + 1);
  }

  drawLegend(words) {
    const { paint, each } = this.view.data;
    for (const part of [this.low, this.ramp, this.high]) part.hidden = paint === "colour";
    const largest = each ? words.largest : number(this.limit);
    setText(this.low, `−${largest}`);
    setText(this.high, each ? largest : `+${largest}`);
    setText(this.note, paint === "colour" ? words.in_colour : "");
    const ramp = bitmap(256, 1, (_, column) => this.view.diverging[column]);
    Object.assign(this.ramp, { width: 256, height: 1 });
    this.ramp.getContext("2d").drawImage(ramp, 0, 0);
  }

  /** The tile under a pointer, -1 for none. */
  indexAt(event) {
    const box = this.canvas.getBoundingClientRect();
    const step = this.sizes.side + this.sizes.gap;
    const { zoom } = this.view;
    const column = Math.floor(((event.clientX - box.left) / zoom - this.margin) / step);
    const row = Math.floor(((event.clientY - box.top) / zoom - this.margin) / (step + this.sizes.below));
    const index = row * this.sizes.columns + column;
    return column < 0 || row < 0 || column >= this.sizes.columns || index >= this.count ? -1 : index;
  }

  keyDown(event) {
    const columns = this.sizes.columns;
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
    const ends = { Home: 0, End: this.count - 1 };
    const at = this.view.chosenIn(this);
    if (event.key in ends) this.view.choose(this, ends[event.key], PATIENCE);
    else if (event.key in steps) {
      const next = at + steps[event.key];
      if (next >= 0 && next < this.count) this.view.choose(this, next, PATIENCE);
    } else return;
    event.preventDefault();
  }
}
