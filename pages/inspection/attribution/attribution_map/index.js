// A picture under up to four maps of attributions. panel.js precedes this file in the same module.
//
// Streamlit calls the default export when the component is mounted, and again, with the same parentElement, whenever
// its data or the theme change. The strength and the pixel that a visitor chose stay.

const GAP = 12; // CSS pixels between panels
const LEAST = 150; // CSS pixels of a panel's width, where there is the choice
const HIGH = 300; // CSS pixels of a picture, where panels stand in one row
const ALONE = 356; // CSS pixels of the only picture, whose words stand beside it
const WIDE = 600; // CSS pixels of width from which they do

const views = new WeakMap(); // parentElement -> View

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".attribution-map");
  if (views.get(parentElement)?.root !== root) views.set(parentElement, new View(root, data.feed));
  const view = views.get(parentElement);
  view.update(data);
  return () => setTimeout(() => root.isConnected || view.resizing.disconnect());
}

class View {
  constructor(root, feed) {
    this.root = root;
    this.stage = root.querySelector(".stage");
    this.range = root.querySelector("input");
    [this.label, this.ends] = root.querySelectorAll(".strength span");
    this.place = root.querySelector(".place");
    this.panels = [];
    this.at = null; // row and column that the visitor points at
    this.range.addEventListener("input", () => this.paint());
    this.stage.addEventListener("keydown", (event) => this.keyDown(event));
    this.stage.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && this.go(null));
    this.resizing = new ResizeObserver(() => this.isOutgrown() && this.paint());
    for (const element of [this.stage, root]) this.resizing.observe(element); // the root's height follows the type
    hear(feed, root, (news) => this.hears(news));
  }

  /** Panels that are still computed come from the feed; `identity` says which picture and settings they are of. */
  hears({ identity, panels }) {
    if (identity === this.data?.identity) this.update({ ...this.data, panels });
  }

  update(data) {
    this.data = data;
    if (data.pixels !== this.shown) {
      this.shown = data.pixels;
      this.picture = decoded(data.pixels);
      this.at = null;
    }
    while (this.panels.length > data.panels.length) this.panels.pop().element.remove();
    while (this.panels.length < data.panels.length) this.panels.push(new Panel(this.stage, this));
    data.panels.forEach((panel, i) => this.panels[i].update(panel, data.words));
    setText(this.label, data.words.strength);
    setText(this.ends, data.words.ends);
    this.stage.setAttribute("aria-label", data.words.label);
    this.root.dataset.origin = data.origin.join(" ");
    this.root.dataset.done = data.panels.map((panel) => panel.done).join(" ");
    this.paint();
  }

  /** Whether the pictures are others than their place and the page's type ask for. */
  isOutgrown() {
    return this.stage.clientWidth !== this.width || zoomOf() !== this.zoom;
  }

  /** CSS pixels of a picture's side, and how many stand beside each other. */
  sizes() {
    const [count, { width, zoom }] = [this.panels.length, this];
    if (count === 1 && width >= WIDE * zoom) return [Math.floor(Math.min(width / 2, ALONE * zoom)), 1];
    const fits = (columns) => (width - GAP * (columns - 1)) / columns;
    const columns = fits(count) >= LEAST * zoom ? count : Math.min(count, 2);
    return [Math.floor(Math.min(fits(columns), HIGH * zoom)), columns];
  }

  paint() {
    if (!this.data || !this.stage.clientWidth) return;
    Object.assign(this, { width: this.stage.clientWidth, zoom: zoomOf() });
    const [side, columns] = this.sizes();
    this.stage.classList.toggle("alone", this.panels.length === 1 && this.width >= WIDE * this.zoom);
    this.stage.style.gridTemplateColumns = `repeat(${columns}, ${side}px)`;
    const scales = this.data.scales[Number(isDark(this.root))];
    this.root.dataset.strength = this.range.value;
    for (const panel of this.panels) panel.paint(side, Number(this.range.value) / 100, scales);
    this.mark();
  }

  mark() {
    for (const panel of this.panels) panel.mark(this.at);
    const { words, size, origin } = this.data;
    const [row, column] = (this.at ?? [0, 0]).map((place, axis) => place + origin[axis]);
    setText(this.place, this.at ? fillIn(words.place, { row, column }) : fillIn(words.point, { size }));
    this.root.dataset.at = this.at ? this.at.join(" ") : "";
  }

  go(at) {
    if (String(at) === String(this.at)) return;
    this.at = at;
    this.mark();
  }

  keyDown(event) {
    const step = ROWS_COLUMNS[event.key];
    if (event.key === "Escape") return this.go(null);
    if (!step || event.target !== this.stage) return;
    event.preventDefault();
    const { size } = this.data;
    const far = event.shiftKey ? Math.ceil(size / 14) : Math.ceil(size / 100);
    const from = this.at ?? [size >> 1, size >> 1];
    this.go(from.map((place, axis) => clamp(place + far * step[axis], 0, size - 1)));
  }
}
