// How one map was computed, from left to right. All other files of the folder, and the colours of the map of the
// network, precede this one in the same module.
//
// Streamlit calls the default export when the component is mounted, and again, with the same parentElement, whenever
// its data or the theme change.

const INPUT = "input"; // the name of what the network reads
const WRITTEN = 50; // products that are written out
const LEAST_FIELD = 12; // CSS pixels of a frame that can be found
const SIDE = { source: 82, alone: 150, step: 114, kernel: 52, unit: 44 }; // CSS pixels
const views = new WeakMap(); // root -> View

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".computed");
  if (!views.has(root)) views.set(root, new View(root));
  const own = views.get(root);
  own.tell = setTriggerValue;
  own.update(data);
}

class View {
  constructor(root) {
    this.root = root;
    const find = (name) => root.querySelector(`.${name}`);
    [this.head, this.stage, this.sources, this.steps] = ["head", "stage", "sources", "steps"].map(find);
    [this.place, this.sum, this.products] = ["place", "sum", "products"].map(find);
    this.stage.addEventListener("keydown", (event) => this.keyDown(event));
    this.stage.addEventListener("pointerleave", (event) => event.pointerType === "touch" || this.show(...this.pinned));
    this.drawn = 0;
  }

  update(bytes) {
    const page = getComputedStyle(this.root).getPropertyValue("--st-background-color");
    if (page === this.page && isSame(bytes, this.bytes)) return;
    Object.assign(this, { bytes, page });
    this.data = new Computation(unpack(bytes));
    this.look = this.looks();
    this.pinned = this.data.unit;
    this.picked = this.strongest(...this.pinned);
    setText(this.head, this.data.head);
    this.stage.setAttribute("aria-label", this.data.words.label);
    this.sources.replaceChildren();
    this.steps.replaceChildren();
    this.synced = []; // planes of the size of the output
    this.columns = this.data.isUnits ? [] : this.data.sources.map((source, i) => this.addSource(source, i));
    if (this.data.isUnits) this.addTerms();
    this.addRest();
    this.values = this.data.steps.map((step, i) => this.addStep(step, i));
    this.addFields();
    this.show(...this.pinned);
    this.root.dataset.drawn = ++this.drawn; // for tests and benchmarks
    this.root.dataset.asked = `${this.data.asked.layer} ${this.data.asked.channel}`;
  }

  looks() {
    const style = getComputedStyle(this.root);
    const dark = Number(isDark(this.root));
    const scale = this.data.diverging[dark];
    return {
      shades: shadesOf(scale),
      primary: style.getPropertyValue("--st-primary-color").trim(),
      text: style.getPropertyValue("--st-text-color").trim(),
      [1]: scale[8][1],
      [-1]: scale[2][1],
    };
  }

  /** A plane whose places are those of the output. */
  sync(plane, onClick) {
    this.synced.push(plane);
    plane.element.addEventListener("pointermove", (event) => this.show(...plane.placeOf(event)));
    plane.element.addEventListener("click", (event) => {
      onClick?.();
      this.pin(...plane.placeOf(event));
    });
    return plane;
  }

  addSource(source, i) {
    const { words } = this.data;
    const element = append(this.sources, "section", "source");
    this.nameOf(element, source, this.sourceName(source));
    const { shades } = this.look;
    const side = source.weights ? SIDE.source : SIDE.alone;
    if (!source.weights) element.style.width = units(side + 10);
    const inputs = new Plane(element, source.values, source.size, { limit: this.data.sourceLimit, shades, side });
    const column = { element, inputs };
    if (!source.weights) return { ...column, value: append(element, "span", "value") };
    append(element, "span", "sign", "×");
    new Plane(element, source.weights, source.kernel, { limit: this.data.kernelLimit, shades, side: SIDE.kernel, isKernel: true });
    append(element, "span", "sign", "=");
    const partial = new Plane(element, source.partial, this.data.size, { limit: this.data.partialLimit, shades, side: SIDE.source });
    this.sync(partial, () => (this.picked = i));
    inputs.element.addEventListener("click", () => this.pick(i));
    return { ...column, partial, value: append(element, "span", "value") };
  }

  /** What people call a map that is read. */
  sourceName({ layer, title, channel }) {
    const { words, input } = this.data;
    if (layer === INPUT) return `${title}\n${input.channels === 3 ? words.colors[channel] : words.grey}`;
    return fillIn(words.map, { title, channel });
  }

  /** A map's name, to be pressed where it was computed from others. */
  nameOf(parent, { layer, channel }, text) {
    const { asked, open } = this.data;
    const isMap = open.includes(layer) && !(layer === asked.layer && channel === asked.channel);
    const name = append(parent, isMap ? "button" : "span", "name", text);
    if (!isMap) return;
    name.type = "button";
    name.title = this.data.words.open;
    name.addEventListener("click", () => this.tell("chosen", { layer, channel }));
  }

  /** Units one below the other, the largest product first. */
  addTerms() {
    const { sources, words, open } = this.data;
    const list = append(this.sources, "ol", "terms");
    const terms = sources.map(({ values, weights }) => values[0] * weights[0]);
    const most = Math.max(...terms.map(Math.abs)) || 1;
    sources.forEach(({ layer, channel, values, weights }, i) => {
      const item = append(list, "li");
      const text = append(item, "span");
      const name = append(text, open.includes(layer) ? "button" : "span", "", fillIn(words.unit, { channel }));
      if (open.includes(layer)) name.addEventListener("click", () => this.tell("chosen", { layer, channel }));
      append(text, "span", "", ` ${short(values[0])} × ${bracketed(weights[0])} = `);
      append(text, "b", "", short(terms[i]));
      const bar = append(append(item, "span", "bar"), "i");
      const width = (32 * Math.abs(terms[i])) / most;
      Object.assign(bar.style, { width: units(width), left: units(terms[i] < 0 ? -width : 0), background: this.look[Math.sign(terms[i]) || 1] });
    });
  }

  addRest() {
    const { rest, others, words, size, partialLimit, isUnits } = this.data;
    this.restValue = null;
    if (!rest || isUnits) return;
    const element = append(this.sources, "section", "source");
    append(element, "span", "name", fillIn(words.others, { count: others.toLocaleString("en") }));
    this.sync(new Plane(element, rest, size, { limit: partialLimit, shades: this.look.shades, side: SIDE.source }));
    this.restValue = append(element, "span", "value");
  }

  addStep(step, i) {
    const element = append(this.steps, "section", `step${i === this.data.chosen ? " chosen" : ""}`);
    append(element, "span", "sign", i ? "→" : this.data.core === "weighted sum" ? "Σ + b =" : "=");
    this.nameOf(element, step, fillIn(this.data.words.step, { title: step.title, channel: step.channel }));
    const { size } = this.data;
    const side = size[0] * size[1] === 1 ? SIDE.unit : SIDE.step;
    this.sync(new Plane(element, step.values, size, { limit: step.limit, shades: this.look.shades, side }));
    return append(element, "span", "value");
  }

  /** What the unit can see, and what really moves it. */
  addFields() {
    const { arrays, input, words } = this.data;
    const element = append(this.steps, "section", "step fields");
    append(element, "span", "sign", "·");
    append(element, "span", "name", words.sees);
    const photo = { pixels: arrays.input, channels: input.channels };
    this.fields = new Plane(element, null, [input.side, input.side], { side: SIDE.step, photo });
    this.effective = append(this.fields.element, "canvas");
    paintEffective(this.effective, arrays.effective, input.side, this.look[1]);
    append(element, "span", "note", words.fields);
  }

  /** The source that adds most at a place. */
  strongest(row, column) {
    const sizes = this.data.sources.map(({ partial }) => (partial ? Math.abs(this.data.at(partial, row, column)) : 0));
    return Math.max(0, sizes.indexOf(Math.max(...sizes)));
  }

  pick(i) {
    this.picked = i;
    this.show(...this.shown);
  }

  pin(row, column) {
    this.show(row, column);
    if (row === this.pinned[0] && column === this.pinned[1]) return;
    this.pinned = [row, column];
    this.tell("unit", { row, column });
  }

  keyDown(event) {
    const moves = ROWS_COLUMNS[event.key];
    if (event.target !== this.stage) return;
    if (event.key === "Enter") this.pin(...this.shown);
    else if (moves) this.show(...this.shown.map((at, axis) => clamp(at + moves[axis], 0, this.data.size[axis] - 1)));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  show(row, column) {
    const { data, look } = this;
    this.shown = [row, column];
    const here = { down: [row, row], across: [column, column] };
    this.synced.forEach((plane) => plane.frame(here, look.text));
    const read = data.window(row, column);
    this.columns.forEach(({ element, inputs, value, partial }, i) => {
      const source = data.sources[i];
      if (read) inputs.frame(read, look.primary);
      else if (source.size.join() === data.size.join()) inputs.frame(here, look.primary);
      element.classList.toggle("picked", Boolean(partial) && i === this.picked);
      if (partial) setText(value, short(data.at(source.partial, row, column)));
    });
    if (this.restValue) setText(this.restValue, short(data.at(data.rest, row, column)));
    data.steps.forEach((step, i) => setText(this.values[i], short(data.at(step.values, row, column), 4)));
    this.showField(row, column);
    this.write(row, column);
    this.root.dataset.place = `${row} ${column}`;
    this.root.dataset.value = data.at(data.steps[data.chosen].values, row, column);
  }

  showField(row, column) {
    const { arrays } = this.data;
    const span = (ends, at) => [Math.max(0, ends[2 * at]), Math.min(this.data.input.side, ends[2 * at + 1]) - 1];
    const seen = { down: span(arrays.fieldRows, row), across: span(arrays.fieldColumns, column) };
    this.fields.frame(seen, this.look.primary, LEAST_FIELD);
    this.effective.style.opacity = row === this.pinned[0] && column === this.pinned[1] ? 1 : 0.25;
  }

  write(row, column) {
    const { data } = this;
    const { words, asked, size } = data;
    const told = { title: asked.title, channel: asked.channel, row, column };
    setText(this.place, fillIn(size[0] * size[1] === 1 ? words.one : words.place, told));
    this.sum.replaceChildren();
    append(this.sum, "span", "", `${coreText(data, row, column)} = `);
    append(this.sum, "b", "", short(data.at(data.steps[0].values, row, column), 4));
    data.steps.slice(1).forEach((step, i) => {
      append(this.sum, "span", "", ` → ${stepText(step, data.at(data.steps[i].values, row, column))} = `);
      append(this.sum, "b", "", short(data.at(step.values, row, column), 4));
    });
    this.writeProducts(row, column);
  }

  /** All products of the source that is looked at, or all numbers of a window, where they are few. */
  writeProducts(row, column) {
    const { data, products } = this;
    products.replaceChildren();
    const source = data.sources[this.picked];
    if (!data.rowTaps || !source || data.isUnits) return;
    const met = data.meets(source, row, column);
    const across = data.taps[1];
    if (met.length > WRITTEN || across > 9) return;
    const weighted = Boolean(source.weights);
    const name = this.sourceName(source).replace("\n", ", ");
    append(products, "span", "", fillIn(weighted ? data.words.products : data.words.window, { name }));
    const most = Math.max(...met.map(({ value, weight }) => Math.abs(value * weight))) || 1;
    const table = append(products, "table");
    const best = data.core === "maximum" ? Math.max(...met.filter(({ inside }) => inside).map(({ value }) => value)) : null;
    for (let i = 0; i < met.length; i += across) {
      const line = append(table, "tr");
      for (const cell of met.slice(i, i + across)) writeCell(append(line, "td"), cell, { weighted, most, best, look: this.look });
    }
    if (weighted) append(products, "b", "", `= ${short(data.at(source.partial, row, column), 4)}`);
  }
}
