// A photograph, and beside it the same with a map of scores over it. Streamlit calls the default export when the
// component is mounted, and again, with the same parentElement, whenever its data or the theme change.

const GAP = 12; // CSS pixels between the pictures
const HIGH = 330; // CSS pixels of a picture, at most
const WIDE = 520; // CSS pixels of room from which the pictures stand beside each other
const HEAT = [255, 122, 10]; // over a picture, whose own colours do not change with the theme
const STRONG = 0.85; // of the heat, where the score is the highest

const views = new WeakMap(); // root -> ScorePicture

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".scores");
  if (!views.has(root)) views.set(root, new ScorePicture(root));
  const own = views.get(root);
  own.update(data);
  return () => setTimeout(() => root.isConnected || own.resizing.disconnect());
}

class ScorePicture {
  constructor(root) {
    [this.root, this.stage] = [root, root.querySelector(".stage")];
    this.canvases = [...root.querySelectorAll("canvas")];
    [this.low, this.ramp, this.high, this.told] = [".low", ".legend i", ".high", ".told"].map((name) => root.querySelector(name));
    [this.photo, this.grey] = [document.createElement("canvas"), document.createElement("canvas")];
    this.at = null; // row and column of the place that is pointed at
    for (const canvas of this.canvases) {
      for (const type of ["pointermove", "pointerdown"]) canvas.addEventListener(type, (event) => this.point(canvas, event));
    }
    this.stage.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && this.go(null));
    this.stage.addEventListener("keydown", (event) => this.keyDown(event));
    this.resizing = new ResizeObserver(() => this.data && roomOf(root) !== this.room && this.draw());
    this.resizing.observe(root);
  }

  update(data) {
    this.data = data;
    this.scores = decoded(data.scores, Float32Array);
    this.best = decoded(data.best, Int16Array);
    this.highest = decoded(data.highest, Float32Array);
    if (data.pixels !== this.shown) {
      this.shown = data.pixels;
      this.at = null;
      this.paint(decoded(data.pixels));
    }
    this.most = Math.max(...this.scores, 1e-6);
    const { words, name } = data;
    this.stage.setAttribute("aria-label", words.label);
    this.canvases[0].setAttribute("aria-label", words.photograph);
    this.canvases[1].setAttribute("aria-label", fillIn(words.map, { name }));
    setText(this.low, "0");
    setText(this.high, short(this.most));
    this.ramp.style.background = `linear-gradient(90deg, rgb(128 128 128), rgb(${HEAT.join()}))`;
    Object.assign(this.root.dataset, { rows: data.rows, columns: data.columns, most: this.most });
    this.draw();
  }

  /** The photograph, and the same in grey. */
  paint(bytes) {
    const { width, height } = this.data;
    paintPhoto(this.photo, bytes, width, height, 3);
    const grey = new Uint8Array(width * height);
    for (let i = 0; i < grey.length; i++) grey[i] = 0.299 * bytes[3 * i] + 0.587 * bytes[3 * i + 1] + 0.114 * bytes[3 * i + 2];
    paintPhoto(this.grey, grey, width, height, 1);
  }

  draw() {
    this.room = roomOf(this.root);
    if (!this.room) return;
    const { width, height, columns, rows } = this.data;
    const free = this.room >= WIDE ? (this.room - GAP) / 2 : this.room;
    const zoom = Math.min(free / width, (HIGH * zoomOf()) / height);
    this.zoom = zoom;
    const [plain, hot] = this.canvases.map((canvas) => fitCanvas(canvas, width * zoom, height * zoom));
    plain.drawImage(this.photo, 0, 0, width * zoom, height * zoom);
    hot.drawImage(this.grey, 0, 0, width * zoom, height * zoom);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const share = clamp(this.scores[row * columns + column] / this.most, 0, 1);
        if (!share) continue;
        hot.fillStyle = `rgb(${HEAT.join(" ")} / ${STRONG * share})`;
        hot.fillRect(...this.cell(row, column));
      }
    }
    for (const context of [plain, hot]) this.mark(context);
    this.tell();
  }

  /** Left, top, width and height of the square around the centre of a place, on the screen. */
  cell(row, column) {
    const { first, jump } = this.data;
    const edge = (at) => (first + 0.5 + jump * at - jump / 2) * this.zoom;
    return [edge(column), edge(row), edge(column + 1) - edge(column), edge(row + 1) - edge(row)];
  }

  mark(context) {
    if (!this.at) return;
    for (const [color, line] of [["#000000", 4], ["#ffffff", 2]]) {
      Object.assign(context, { strokeStyle: color, lineWidth: line });
      context.strokeRect(...this.cell(...this.at));
    }
  }

  tell() {
    const { words, columns, name, names } = this.data;
    this.root.dataset.at = this.at ? this.at.join(" ") : "";
    if (!this.at) return setText(this.told, words.point);
    const [row, column] = this.at;
    const i = row * columns + column;
    const scores = { score: exact(this.scores[i]), highest: exact(this.highest[i]) };
    setText(this.told, fillIn(words.told, { row, column, name, best: names[this.best[i]], ...scores }));
  }

  point(canvas, event) {
    const { width, height, rows, columns, first, jump } = this.data;
    const [y, x] = pixelAt(canvas, event, [height, width]);
    const nearest = (pixel, count) => clamp(Math.round((pixel - first) / jump), 0, count - 1);
    this.go([nearest(y, rows), nearest(x, columns)]);
  }

  go(at) {
    if (String(at) === String(this.at)) return;
    this.at = at;
    this.draw();
  }

  keyDown(event) {
    const step = ROWS_COLUMNS[event.key];
    if (event.key === "Escape") return this.go(null);
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const { rows, columns } = this.data;
    const from = this.at ?? [rows >> 1, columns >> 1];
    this.go(from.map((place, axis) => clamp(place + step[axis], 0, [rows, columns][axis] - 1)));
  }
}

/** Whole CSS pixels that a component has across; clientWidth rounds up what two pictures then would not fit into. */
function roomOf(root) {
  return Math.floor(root.getBoundingClientRect().width);
}

/** A score with three decimals, as the formula has them. */
function exact(value) {
  return value.toFixed(3).replace("-", "−");
}
