// An architecture as columns, with its costs below. telling.js and layout.js precede this file in the same module.
//
// Streamlit calls the default export when the component is mounted, and again, with the same parentElement, whenever
// its data or the theme change. What is unfolded, the zoom and the place stay as long as the architecture is the same.

const MOST_ZOOM = 16;
const TITLE = 20; // height of the upper edge of a frame, which folds it
const LETTER = 8.2; // width of one, on average
const pictures = new WeakMap(); // root -> CostPicture

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".costs");
  if (!pictures.has(root)) pictures.set(root, new CostPicture(root));
  const own = pictures.get(root);
  own.tell = setTriggerValue;
  own.update(data);
  return () => setTimeout(() => root.isConnected || own.resizing.disconnect());
}

class CostPicture {
  constructor(root) {
    const find = (selector) => root.querySelector(selector);
    [this.root, this.scroller, this.svg] = [root, find(".scroller"), find("svg")];
    [this.told, this.kinds, this.folding] = [".told", ".kinds", ".fold"].map(find);
    [this.less, this.more] = [".less", ".more"].map(find);
    Object.assign(this, { open: new Set(), zoom: 1, pointed: null });
    this.resizing = new ResizeObserver(() => this.data && this.scroller.clientWidth !== this.room && this.draw());
    this.resizing.observe(this.scroller);
    this.less.addEventListener("click", () => this.zoomTo(this.zoom / 2));
    this.more.addEventListener("click", () => this.zoomTo(this.zoom * 2));
    this.folding.addEventListener("click", () => this.foldAll());
    this.scroller.addEventListener("pointermove", (event) => this.point(this.itemAt(event)));
    this.scroller.addEventListener("pointerleave", () => this.point(null));
    this.scroller.addEventListener("click", (event) => this.press(this.itemAt(event)));
    this.scroller.addEventListener("scroll", () => this.captionsStay(), { passive: true });
    this.scroller.addEventListener("keydown", (event) => this.keyDown(event));
    this.scroller.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
  }

  update(data) {
    const isNew = this.data?.network !== data.network;
    this.data = data;
    if (isNew) Object.assign(this, { open: new Set(), zoom: 1, pointed: null });
    const { words } = data;
    setText(this.less, "−");
    this.less.setAttribute("aria-label", words.less);
    this.more.setAttribute("aria-label", words.more);
    this.scroller.setAttribute("aria-label", words.label);
    this.nameKinds();
    this.unfoldChosen();
    this.draw();
    if (isNew) this.scroller.scrollLeft = 0;
  }

  /** The layer that is chosen elsewhere is shown, though its block is folded, once: it can be folded again. */
  unfoldChosen() {
    if (this.data.chosen === this.unfolded) return;
    this.unfolded = this.data.chosen;
    const number = this.data.layers.findIndex(({ name }) => name === this.data.chosen);
    const holds = ({ first, length, repeats }) => number >= first && number < first + length * repeats;
    const at = this.data.groups.findIndex(holds);
    if (this.asked === this.data.chosen && this.data.groups[at]?.called) this.open.add(at);
  }

  nameKinds() {
    const { kinds, words, layers, groups } = this.data;
    const used = [...new Set(layers.map(({ kind }) => kind))];
    const byColour = new Map();
    for (const kind of used) byColour.set(kinds[kind], [...(byColour.get(kinds[kind]) ?? []), words.kinds[kind.replaceAll("-", "_")]]);
    this.kinds.replaceChildren();
    for (const [colour, names] of byColour) {
      const entry = append(this.kinds, "li");
      append(entry, "i").style.background = colour;
      append(entry, "span", "", names.join(", "));
    }
    append(this.kinds, "li", "scale", words.scale);
    this.folding.hidden = !groups.some(({ called }) => called);
  }

  draw() {
    const { data } = this;
    this.room = this.scroller.clientWidth;
    if (!this.room) return;
    this.unit = zoomOf();
    const items = itemsOf(data, this.open);
    const { columns, width } = placed(items, this.room / this.unit, this.zoom);
    this.columns = columns;
    const hasSkips = skipsOf(columns);
    this.base = (hasSkips.length ? ARCS : 6) + 20 + TALL;
    const height = this.base + COSTS.length * (BARS + ROWS_GAP) + 6;
    setAttributes(this.svg, { width: width * this.unit, height: height * this.unit, viewBox: `0 0 ${width} ${height}` });
    this.svg.replaceChildren();
    this.drawFrames();
    for (const [from, to] of hasSkips) appendSvg(this.svg, "path", { class: "skip", d: arc(columns[from], columns[to], this.base) });
    this.boxes = columns.map((column, i) => this.drawColumn(column, i));
    COSTS.forEach((cost, row) => this.drawBars(cost, row));
    this.mark = appendSvg(this.svg, "rect", { class: "mark", y: 2, height: height - 4, rx: 4 });
    setText(this.folding, this.open.size ? data.words.fold : data.words.unfold);
    this.less.setAttribute("aria-disabled", String(this.zoom <= 1));
    this.more.setAttribute("aria-disabled", String(this.zoom >= MOST_ZOOM));
    Object.assign(this.root.dataset, { items: columns.length, open: [...this.open].join(" "), zoom: this.zoom, chosen: data.chosen });
    this.captionsStay();
    this.show();
  }

  /** Captions stand at the left edge of what can be seen. */
  captionsStay() {
    const x = 4 + this.scroller.scrollLeft / this.unit;
    for (const caption of this.svg.querySelectorAll(".caption")) caption.setAttribute("x", x);
  }

  /** Around the layers of a group that is unfolded. */
  drawFrames() {
    for (const at of this.open) {
      const members = this.columns.filter(({ inside }) => inside === at);
      if (!members.length) continue;
      const [first, last] = [members[0], members.at(-1)];
      const x = first.x - 3;
      const frame = appendSvg(this.svg, "g", { class: "frame", "data-group": at });
      appendSvg(frame, "rect", { x, y: 1, width: last.x + last.width + 3 - x, height: this.base + 3, rx: 4 });
      const { repeats } = this.data.groups[at];
      const titles = [this.titleOf(this.data.groups[at]), repeats > 1 ? `×\u00a0${repeats}` : "…", "…"];
      const title = titles.find((each) => each.length * LETTER < last.x + last.width - x) ?? "";
      appendSvg(frame, "text", { x: x + 4, y: 14 }, title);
    }
  }

  titleOf({ called: title, repeats }) {
    return repeats > 1 ? `${title}\u00a0×\u00a0${repeats}` : title;
  }

  drawColumn(column, i) {
    const { kinds, chosen } = this.data;
    const last = column.layers.at(-1);
    const colour = column.layer ? kinds[last.kind] : kinds.convolution;
    const isChosen = column.layers.some(({ name }) => name === chosen);
    const group = appendSvg(this.svg, "g", { class: isChosen ? "column chosen" : "column", "data-item": i });
    if (last.kind === "failed") group.classList.add("failed");
    const y = this.base - column.height;
    const box = { width: column.width, height: column.height, rx: 1.5, fill: colour };
    const sheets = column.layer ? 0 : Math.min(column.repeats, SHEETS) - 1;
    for (let sheet = sheets; sheet > 0; sheet--) {
      appendSvg(group, "rect", { ...box, class: "sheet", x: column.x - sheet * SHIFT, y: y - sheet * SHIFT });
    }
    appendSvg(group, "rect", { ...box, class: "face", x: column.x, y });
    const middle = { x: column.x + column.width / 2 - (sheets * SHIFT) / 2, y: y - sheets * SHIFT - 5 };
    const text = this.titleThatFits(column);
    if (text) appendSvg(group, "text", { class: "count", ...middle }, text);
    return group;
  }

  /** The name of a layer or of a group, or of this its count alone, where there is no room for it. */
  titleThatFits(column) {
    const fits = (text) => text.length * LETTER < column.width + 2 * GAP;
    if (column.layer?.kind === "failed") return "✕";
    if (column.layer) return fits(column.layer.name) && column.inside === undefined ? column.layer.name : "";
    const [whole, count] = [this.titleOf(column), column.repeats > 1 ? `×\u00a0${column.repeats}` : ""];
    return fits(whole) ? whole : count;
  }

  drawBars(cost, row) {
    const { words } = this.data;
    const top = this.base + row * (BARS + ROWS_GAP) + ROWS_GAP;
    const counted = this.columns.filter(({ first }) => first > 0 || cost !== "activations");
    const most = Math.max(...counted.map((column) => column[cost]), 1);
    const total = counted.reduce((sum, column) => sum + column[cost], 0);
    const caption = fillIn(words.totals[cost], { total: cost === "macs" ? rounded(total, words) : whole(total) });
    for (const column of counted) {
      const height = (BARS * column[cost]) / most;
      const isChosen = column.layers.some(({ name }) => name === this.data.chosen);
      const place = { x: column.x, y: top + BARS - height, width: column.width, height };
      appendSvg(this.svg, "rect", { class: `cost ${cost}${isChosen ? " chosen" : ""}`, ...place });
    }
    appendSvg(this.svg, "line", { class: "floor", x1: 0, x2: this.svg.viewBox.baseVal.width, y1: top + BARS, y2: top + BARS });
    appendSvg(this.svg, "text", { class: "caption", x: 4, y: top - 4, "data-cost": cost }, caption);
  }

  /** The number of the column under the pointer, or the group whose frame is pointed at. */
  itemAt(event) {
    const { left } = this.svg.getBoundingClientRect();
    const x = (event.clientX - left) / this.unit;
    const found = this.columns.findIndex((column, i) => x < (this.columns[i + 1]?.x ?? Infinity) - 1.5 && x >= column.x - GAP);
    const frame = event.target.closest?.(".frame");
    const isTitle = (event.clientY - this.svg.getBoundingClientRect().top) / this.unit < TITLE;
    return frame && isTitle ? { frame: Number(frame.dataset.group) } : found < 0 ? null : found;
  }

  point(item) {
    if (typeof item === "object" && item !== null) item = null;
    if (item === this.pointed) return;
    this.pointed = item;
    this.show();
  }

  show() {
    const { words, chosen } = this.data;
    const at = this.pointed ?? this.columns.findIndex(({ layers }) => layers.some(({ name }) => name === chosen));
    const column = this.columns[at];
    if (!column) return;
    setText(this.told, told(column, words));
    setAttributes(this.mark, { x: column.x - 2, width: column.width + 4 });
    this.root.dataset.pointed = this.pointed === null ? "" : String(this.pointed);
  }

  press(item) {
    if (item === null) return;
    if (typeof item === "object") return this.toggle(item.frame);
    const column = this.columns[item];
    if (!column.layer) return this.toggle(column.group);
    if (column.layer.kind === "failed") return;
    this.asked = this.unfolded = column.layer.name;
    this.data = { ...this.data, chosen: column.layer.name };
    this.draw();
    this.tell("chosen", column.layer.name);
  }

  /** Folds or unfolds a group, which stays where it is on screen. */
  toggle(at) {
    const near = (column) => (column.group ?? column.inside) === at;
    const before = this.columns.find(near).x * this.unit - this.scroller.scrollLeft;
    if (this.open.has(at)) this.open.delete(at);
    else this.open.add(at);
    this.pointed = null;
    this.draw();
    this.scroller.scrollLeft = this.columns.find(near).x * this.unit - before;
  }

  foldAll() {
    const all = this.data.groups.flatMap(({ called }, at) => (called ? [at] : []));
    this.open = new Set(this.open.size ? [] : all);
    this.pointed = null;
    this.draw();
  }

  /** What stands at `place`, a distance from the left edge, stays there: that item, at the same share of its width. */
  zoomTo(zoom, place = this.scroller.clientWidth / 2) {
    zoom = clamp(zoom, 1, MOST_ZOOM);
    if (zoom === this.zoom) return;
    const x = (this.scroller.scrollLeft + place) / this.unit;
    const at = Math.max(this.columns.findLastIndex((column) => column.x <= x), 0);
    const share = (x - this.columns[at].x) / this.columns[at].width;
    this.zoom = zoom;
    this.draw();
    const column = this.columns[at];
    this.scroller.scrollLeft = (column.x + share * column.width) * this.unit - place;
  }

  wheel(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.zoomTo(this.zoom * Math.exp(-event.deltaY / 200), event.clientX - this.scroller.getBoundingClientRect().left);
  }

  keyDown(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const chosen = this.columns.findIndex(({ layers }) => layers.some(({ name }) => name === this.data.chosen));
    const at = this.pointed ?? chosen;
    const moves = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: this.columns.length - 1 };
    if (event.key in moves) this.moveTo(clamp(moves[event.key], 0, this.columns.length - 1));
    else if (event.key === "Enter" || event.key === " ") this.press(at);
    else if (event.key === "+") this.zoomTo(this.zoom * 2);
    else if (event.key === "-") this.zoomTo(this.zoom / 2);
    else if (event.key === "Escape" && this.columns[at].inside !== undefined) this.toggle(this.columns[at].inside);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  moveTo(at) {
    this.point(at);
    const { x, width } = this.columns[at];
    const [left, right] = [(x - 20) * this.unit, (x + width + 20) * this.unit];
    const { scrollLeft, clientWidth } = this.scroller;
    if (left < scrollLeft) this.scroller.scrollLeft = left;
    else if (right > scrollLeft + clientWidth) this.scroller.scrollLeft = right - clientWidth;
  }
}
