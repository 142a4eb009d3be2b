// A trained network as a map from its input to its scores. All other files of the folder precede this one.
//
// Streamlit calls the default export when the component is mounted, and again, with the same parentElement, whenever
// its data or the theme change. The part of the network that can be seen stays where it is.

const networks = new WeakMap(); // root -> NetworkMap

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".feature-maps");
  if (!networks.has(root)) networks.set(root, new NetworkMap(root));
  const own = networks.get(root);
  own.tell = setTriggerValue;
  own.update(data);
  return () => setTimeout(() => root.isConnected || own.resizing.disconnect());
}

class NetworkMap {
  constructor(root) {
    this.root = root;
    const find = (selector) => root.querySelector(selector);
    [this.ribbon, this.scroller, this.track, this.stage] = [".ribbon", ".scroller", ".track", ".track canvas"].map(find);
    [this.photo, this.marks, this.list] = [".picture", ".marks", ".scores ol"].map(find);
    this.told = root.querySelectorAll(".told p");
    Object.assign(this, { pointed: null, score: null, frame: 0, drawn: 0 });
    this.resizing = new ResizeObserver(() => this.scroller.clientWidth !== this.measured && this.fit());
    this.resizing.observe(this.scroller);
    const on = (target, type, handler) => target.addEventListener(type, handler.bind(this), { passive: type === "scroll" });
    on(this.scroller, "scroll", this.request);
    on(this.scroller, "pointermove", this.point);
    on(this.scroller, "pointerleave", () => this.pointAt(null));
    on(this.scroller, "click", this.press);
    on(this.scroller, "keydown", this.keyDown);
    for (const type of ["pointerdown", "pointermove"]) on(this.ribbon, type, this.jump);
  }

  update(bytes) {
    const page = getComputedStyle(this.root).getPropertyValue("--st-background-color");
    if (page === this.page && isSame(bytes, this.bytes)) return;
    Object.assign(this, { bytes, page });
    const before = this.data?.network;
    this.data = unpack(bytes);
    const { layers, arrays, words } = this.data;
    this.columns = layers.map((layer, i) => new Column(this.data, layer, i));
    this.look = lookOf(this.root, this.data);
    this.atlases = new Map();
    this.shared = Math.max(...this.columns.map(({ limit }) => limit));
    this.pointed = null;
    const { side, channels } = this.data.input;
    paintPhoto(this.photo, arrays.input, side, side, channels);
    setText(this.root.querySelector("figcaption"), this.data.input.title);
    setText(this.root.querySelector(".scores p"), words.scores);
    this.scroller.setAttribute("aria-label", words.label);
    this.fillScores();
    this.width = 0;
    this.fit(before !== this.data.network);
    this.root.dataset.drawn = ++this.drawn; // for tests and benchmarks: how often other data or colours were drawn
    const whole = this.columns.find(({ isWhole }) => isWhole);
    this.root.dataset.whole = whole ? `${whole.name} ${whole.shown.length}` : "";
  }

  fillScores() {
    this.list.replaceChildren();
    this.buttons = this.data.scores.map((score, i) => {
      const button = append(append(this.list, "li"), "button");
      button.type = "button";
      const line = append(button, "span", "line");
      append(line, "span", "", score.name);
      append(line, "b", "", probability(score.probability));
      append(append(button, "span", "bar"), "i").style.width = `${100 * score.probability}%`;
      button.title = fillIn(this.data.words.score, { name: score.name, logit: short(score.logit), probability: probability(score.probability) });
      button.addEventListener("click", () => this.tell("chosen", { layer: this.data.last, channel: score.channel }));
      for (const type of ["pointerenter", "focus"]) button.addEventListener(type, () => this.pointScore(i));
      for (const type of ["pointerleave", "blur"]) button.addEventListener(type, () => this.pointScore(null));
      button.classList.toggle("chosen", this.data.chosen.layer === this.data.last && this.data.chosen.channel === score.channel);
      return button;
    });
  }

  /** Fits the stage to the page; goes to the chosen map where it cannot be seen. */
  fit(isNew = false) {
    const width = this.scroller.clientWidth;
    if (!width || !this.data) return;
    this.zoom = zoomOf(); // all is laid out in units of so many CSS pixels
    Object.assign(this, { measured: width, width: width / this.zoom });
    this.layout = layoutOf(this.columns, this.width);
    Object.assign(this.track.style, { width: units(this.layout.total), height: units(this.layout.height) });
    this.seek(isNew);
    this.render();
  }

  /** How far the track is scrolled. */
  get scrolled() {
    return this.scroller.scrollLeft / this.zoom;
  }

  set scrolled(place) {
    this.scroller.scrollLeft = place * this.zoom;
  }

  /** The column and place of the chosen map, or null where it is no map that is drawn. */
  get chosen() {
    const { layer, channel } = this.data.chosen;
    const at = this.columns.findIndex(({ name }) => name === layer);
    return at < 0 ? null : { at, index: this.columns[at].shown.indexOf(channel) };
  }

  seek(isNew) {
    const isScore = this.data.chosen.layer === this.data.last;
    const at = this.chosen?.at ?? (isScore ? this.columns.length - 1 : isNew ? 0 : -1);
    if (at < 0) return;
    const { x, wide } = this.layout.places[at];
    const isSeen = x >= this.scrolled && x + wide <= this.scrolled + this.width;
    if (!isSeen) this.scrolled = x + wide / 2 - this.width / 2;
  }

  jump(event) {
    if (event.type === "pointermove" && !event.buttons) return;
    const { left, width } = this.ribbon.getBoundingClientRect();
    const part = ((event.clientX - left) / width) * this.columns.length;
    const place = this.layout.places[clamp(Math.floor(part), 0, this.columns.length - 1)];
    this.scrolled = place.x + place.wide * (part % 1) - this.width / 2;
  }

  request() {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      if (this.root.isConnected) this.render();
    });
  }

  point(event) {
    if (event.pointerType === "touch") return;
    this.pointAt(this.found(event));
  }

  found(event) {
    const { left, top } = this.scroller.getBoundingClientRect();
    return mapAt(this.layout, this.columns, (event.clientX - left) / this.zoom + this.scrolled, (event.clientY - top) / this.zoom);
  }

  pointAt(pointed) {
    this.pointed = pointed;
    this.request();
  }

  pointScore(index) {
    this.score = index;
    this.request();
  }

  press(event) {
    const found = this.found(event);
    this.pointAt(found);
    if (found) this.choose(found);
  }

  choose({ at, index, row, column }) {
    const { name, shown, isWhole } = this.columns[at];
    if (index === null) this.tell("whole", isWhole ? "" : name);
    else this.tell("chosen", { layer: name, channel: shown[index], row, column });
  }

  keyDown(event) {
    const now = this.pointed ?? this.chosen ?? { at: 0, index: 0 };
    if (event.key === "Enter" || event.key === " ") this.choose(this.unitOf(now.at, now.index ?? 0));
    else if (event.key in ACROSS_DOWN) {
      const [across, down] = ACROSS_DOWN[event.key];
      const at = clamp(now.at + across, 0, this.columns.length - 1);
      const index = clamp((now.index ?? 0) + down, 0, this.columns[at].shown.length - 1);
      this.pointed = this.unitOf(at, index);
      const { x, wide } = this.layout.places[at];
      if (x < this.scrolled) this.scrolled = x - BETWEEN;
      else if (x + wide > this.scrolled + this.width) this.scrolled = x + wide + BETWEEN - this.width;
      this.request();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** A map with the unit in its middle. */
  unitOf(at, index) {
    const { height, width } = this.columns[at];
    return { at, index: Math.max(0, index), row: height >> 1, column: width >> 1 };
  }

  atlas(at) {
    if (!this.atlases.has(at)) {
      const column = this.columns[at];
      this.atlases.set(at, atlasOf(column, (i) => this.limitOf(column, i), this.look.shades));
    }
    return this.atlases.get(at);
  }

  limitOf(column, index) {
    if (this.data.scale === "shared") return this.shared;
    return this.data.scale === "layer" ? column.limit : column.limits[index] || column.limit;
  }

  render() {
    if (!this.layout || !this.width) return;
    const { layout, columns, look } = this;
    const context = fitCanvas(this.stage, this.width, layout.height, this.zoom);
    const [from, to] = [this.scrolled, this.scrolled + this.width];
    context.translate(-from, 0);
    const painter = new Painter(context, layout, columns, look);
    painter.groups(from, to);
    layout.places.forEach(({ x, wide }, at) => x + wide >= from && x <= to && painter.column(at, this.atlas(at)));
    this.drawMarks(painter, from, to);
    this.drawField();
    this.say(); // before the ribbon, which has the room that the legend leaves
    paintRibbon(this.ribbon.firstElementChild, this.ribbon.clientWidth / this.zoom, columns, this.seen(from, to), look, this.zoom);
  }

  /** The shares of the ribbon between which the columns lie that can be seen. */
  seen(from, to) {
    const share = (x) => {
      const at = this.layout.places.findLastIndex((place) => place.x <= x);
      if (at < 0) return 0;
      const { x: left, wide } = this.layout.places[at];
      return (at + clamp((x - left) / wide, 0, 1)) / this.columns.length;
    };
    return [share(from), share(to)];
  }

  drawMarks(painter, from, to) {
    const { chosen, pointed, look, data } = this;
    const anchor = ({ at, index }) => {
      if (at < 0) return [from, this.layout.height / 2];
      const [x, y] = cornerOf(this.layout, at, index);
      return [x + this.layout.places[at].side, y + this.layout.places[at].side / 2];
    };
    if (chosen && chosen.index >= 0) painter.mark(chosen.at, chosen.index, look.text, 3);
    const isScore = data.chosen.layer === data.last && !pointed;
    const score = this.score ?? (isScore ? data.scores.findIndex(({ channel }) => channel === data.chosen.channel) : -1);
    if (score >= 0) {
      const links = { shares: data.arrays["scores.links"], inputs: data.input.channels };
      const ends = sourcesOf(this.columns, data.reads, links, score).map((end) => ({ ...end, from: anchor(end) }));
      const box = this.buttons[score].getBoundingClientRect();
      const y = (box.top + box.height / 2 - this.scroller.getBoundingClientRect().top) / this.zoom;
      painter.edges(ends, [to, y]);
      return;
    }
    const looked = pointed ?? (chosen?.index >= 0 ? chosen : null);
    if (!looked || looked.index === null) return;
    const column = this.columns[looked.at];
    const links = { shares: column.links, inputs: data.input.channels };
    const ends = sourcesOf(this.columns, column.reads, links, looked.index).map((end) => ({ ...end, from: anchor(end) }));
    const [x, y] = cornerOf(this.layout, looked.at, looked.index);
    painter.edges(ends, [x, y + this.layout.places[looked.at].side / 2]);
    if (!pointed) return;
    painter.mark(looked.at, looked.index, look.primary, 3);
    painter.unit(looked.at, looked.index, looked.row, looked.column);
  }

  /** What the unit under the pointer, or the chosen one, could see. */
  drawField() {
    const side = this.photo.parentElement.clientWidth / this.zoom;
    const context = fitCanvas(this.marks, side, side, this.zoom);
    const { chosen, data } = this;
    const looked = this.pointed?.index != null ? this.pointed : chosen && data.chosen.row !== undefined ? { ...chosen, ...data.chosen } : null;
    const caption = this.root.querySelector(".input p");
    if (!looked || this.columns[looked.at] === undefined) return setText(caption, "");
    const column = this.columns[looked.at];
    const channel = column.shown[looked.index] ?? data.chosen.channel; // the chosen map may not be drawn
    const [rows, columns] = column.field(channel, looked.row, looked.column);
    frameField(context, rows, columns, data.input.side, side, this.look.primary);
    const inside = ([first, end]) => Math.min(end, data.input.side) - Math.max(first, 0);
    const size = { rows: inside(rows), columns: inside(columns) };
    setText(caption, fillIn(data.words.field, size));
  }

  say() {
    const { pointed, data, chosen } = this;
    const looked = pointed ?? (chosen && chosen.index >= 0 ? { ...chosen, ...data.chosen } : null);
    this.drawLegend(looked);
    const column = looked && this.columns[looked.at];
    this.root.dataset.looked = column ? `${column.name} ${looked.index === null ? "" : column.shown[looked.index]}` : "";
    toldOf(column, looked, data).forEach((sentence, i) => setText(this.told[i], sentence));
  }

  drawLegend(looked) {
    const { words, scale } = this.data;
    const column = looked && this.columns[looked.at];
    const limit = scale === "shared" ? this.shared : column ? this.limitOf(column, Math.max(0, looked.index ?? 0)) : null;
    const find = (name) => this.root.querySelector(`.legend ${name}`);
    setText(find(".mode"), fillIn(words[`scale_${scale}`], { title: column?.short ?? "" }));
    setText(find(".low"), limit === null ? "−" : `−${short(limit)}`);
    setText(find(".high"), limit === null ? "+" : `+${short(limit)}`);
    const shades = this.look.shades;
    if (this.ramped === shades) return;
    this.ramped = shades;
    const context = find(".ramp").getContext("2d");
    paintNumbers(context, Float32Array.from({ length: SHADES }, (_, i) => i - (SHADES - 1) / 2), SHADES, 1, (SHADES - 1) / 2, shades);
  }
}
