// A tensor before and after normalization. grid.js precedes this file in the same module.
//
// Streamlit calls the default export when the component is mounted, and again, with the same parentElement, whenever
// its data or the theme change. The number that a visitor chose stays chosen as long as there is one in its place.

const BETWEEN = 28; // CSS pixels between the two tensors
const SIDE_BY_SIDE = 34; // CSS pixels of a cell: where cells would be narrower, the tensors stand below each other
const TALL = 250; // CSS pixels of a tensor, about
const PATTERNS = ["plain", "striped", "dotted"]; // for more sets than colours

const pictures = new WeakMap(); // parentElement -> Picture

export default function (component) {
  const { data, parentElement } = component;
  const root = parentElement.querySelector(".statistics-grid");
  if (pictures.get(parentElement)?.root !== root) pictures.set(parentElement, new Picture(root));
  const picture = pictures.get(parentElement);
  picture.update(data);
  return () => setTimeout(() => root.isConnected || picture.end());
}

class Picture {
  constructor(root) {
    this.root = root;
    [this.stage, this.place, this.computed, this.list] = root.querySelectorAll(".stage, .place, .computed, .sets");
    this.grids = [new Grid(this.stage), new Grid(this.stage)];
    this.chosen = 0; // the number that is told
    this.width = 0;
    const on = (type, handler) => this.stage.addEventListener(type, (event) => handler.call(this, event));
    on("pointermove", this.point);
    on("pointerdown", this.point);
    on("pointerleave", () => this.stage.matches(":focus-visible") || this.highlight(null));
    on("keydown", this.keyDown);
    on("focus", () => this.stage.matches(":focus-visible") && this.choose(this.chosen));
    on("blur", () => this.highlight(null));
    this.resizing = new ResizeObserver(() => this.stage.clientWidth !== this.width && this.draw());
    this.resizing.observe(this.stage);
  }

  update(data) {
    this.data = data;
    if (this.chosen >= data.input.length) this.chosen = 0;
    this.stage.setAttribute("aria-label", data.words.label);
    this.draw();
    this.drawSets();
  }

  draw() {
    if (!this.data || !this.stage.clientWidth) return;
    const { data } = this;
    this.width = this.stage.clientWidth;
    const { beside, ...size } = this.cellSize();
    this.stage.classList.toggle("beside", beside);
    const tensors = [[data.words.input, data.input], [data.words.output, data.output]].filter(([, values]) => values);
    this.grids[1].element.hidden = !data.output; // the settings are impossible
    if (!data.output) this.grids[1].cells = [];
    tensors.forEach(([title, values], i) => this.grids[i].update({ ...data, title, values }, size, (set) => this.look(set)));
    this.mark();
  }

  /** Width and height of a cell, and whether both tensors have room beside each other. */
  cellSize() {
    const [count, channels, rows, columns] = this.data.shape;
    const fixed = LABEL + channels * (GAP + columns);
    const fitting = (room) => Math.floor((room - fixed) / (channels * columns));
    const whole = this.width / zoomOf(); // all is laid out in units of so many CSS pixels
    const half = fitting((whole - BETWEEN) / 2);
    const beside = half >= SIDE_BY_SIDE;
    const width = Math.min(Math.max(beside ? half : fitting(whole), 8), MOST.width);
    const height = Math.floor((TALL - count * GAP) / (count * rows));
    return { beside, width, height: Math.min(Math.max(height, 20), MOST.height, Math.max(width, 22)) };
  }

  look(set) {
    const { colors } = this.data;
    if (set < 0) return { color: "transparent", pattern: "plain" };
    return { color: colors[set % colors.length], pattern: PATTERNS[Math.floor(set / colors.length) % PATTERNS.length] };
  }

  drawSets() {
    const { names, mean, variance, words } = this.data;
    this.list.replaceChildren(
      ...names.map((name, set) => {
        const item = document.createElement("li");
        const { color, pattern } = this.look(set);
        const chip = append(item, "span", `chip ${pattern}`);
        chip.style.setProperty("--set", color);
        append(item, "b").textContent = name;
        const numbers = mean && { mean: exact(mean[set]), variance: exact(variance[set]) };
        if (mean) append(item, "span").textContent = fillIn(words.set, numbers);
        item.addEventListener("pointerenter", () => this.highlight(set));
        item.addEventListener("pointerleave", () => this.highlight(null));
        return item;
      }),
    );
  }

  point(event) {
    const cell = event.target.closest?.(".cell");
    const index = cell ? Math.max(...this.grids.map((grid) => grid.cells.indexOf(cell))) : -1;
    if (index >= 0) this.choose(index);
  }

  choose(index) {
    this.chosen = index;
    this.mark();
    this.highlight(this.data.sets[index]);
  }

  /** Fades all numbers but those of a set; null fades none. */
  highlight(set) {
    const faded = (each) => set !== null && set >= 0 && each !== set;
    for (const { cells } of this.grids) cells.forEach((cell, i) => cell.classList.toggle("faded", faded(this.data.sets[i])));
    [...this.list.children].forEach((item, i) => item.classList.toggle("faded", faded(i)));
  }

  mark() {
    for (const { cells } of this.grids) cells.forEach((cell, i) => cell.classList.toggle("chosen", i === this.chosen));
    const [place, computed] = this.tell(this.chosen);
    setText(this.place, place);
    setText(this.computed, computed);
  }

  /** Where a number is, and how its output is computed. */
  tell(index) {
    const { shape, sets, input, output, words, names, mean, variance, count, gamma, beta, eps } = this.data;
    const [, channels, rows, columns] = shape;
    const block = Math.floor(index / (rows * columns));
    const [picture, channel] = [Math.floor(block / channels), block % channels];
    const row = Math.floor(index / columns) % rows;
    const where = { x: exact(input[index]), picture, channel, row, column: index % columns };
    if (!output) return this.tellGroup(where, sets[index]);
    const y = output[index] === null ? words.undefined : exact(output[index]);
    const set = sets[index];
    if (set < 0) return [fillIn(words.alone, where), fillIn(words.passed, { y })];
    const numbers = {
      ...{ ...where, y, count, name: names[set], mean: exact(mean[set]), variance: exact(variance[set]) },
      ...{ gamma: exact(gamma[channel]), eps: plain(eps), mean_term: term(mean[set]), beta_term: term(beta[channel]) },
    };
    return [fillIn(words.place, numbers), fillIn(words.computed, numbers)];
  }

  /** Where a number is, and its group, where there is no output. */
  tellGroup(where, set) {
    const { words, names, each } = this.data;
    const numbers = { ...where, each, name: names[set] };
    return [fillIn(set < 0 ? words.left_over : words.in_group, numbers), fillIn(words.no_output, numbers)];
  }

  keyDown(event) {
    const [count, channels, rows, columns] = this.data.shape;
    const [area, whole] = [rows * columns, channels * rows * columns];
    const inside = this.chosen % area;
    const [row, column] = [Math.floor(inside / columns), inside % columns];
    const steps = {
      ArrowRight: column + 1 < columns ? 1 : Math.floor((this.chosen % whole) / area) + 1 < channels ? area - column : 0,
      ArrowLeft: column > 0 ? -1 : this.chosen % whole >= area ? columns - 1 - area : 0,
      ArrowDown: row + 1 < rows ? columns : this.chosen + whole < count * whole ? whole - row * columns : 0,
      ArrowUp: row > 0 ? -columns : this.chosen >= whole ? (rows - 1) * columns - whole : 0,
      PageDown: this.chosen + whole < count * whole ? whole : 0,
      PageUp: this.chosen >= whole ? -whole : 0,
    };
    if (!(event.key in steps)) return;
    event.preventDefault();
    this.choose(this.chosen + steps[event.key]);
  }

  end() {
    this.resizing.disconnect();
  }
}

/** Epsilon without an exponent: 0.00001. */
function plain(value) {
  return value && value < 1e-3 ? value.toFixed(Math.ceil(-Math.log10(value))) : exact(value);
}
