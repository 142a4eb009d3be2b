// Filters through a run: all frames are here, so that neither the slider nor playing asks the server. hear.js, the
// shared functions and painting.js precede this file in the same module.
//
// Streamlit calls the default export when the component is mounted, and again, with the same parentElement, whenever
// its data or the theme change. A visitor who looks at the last frame stays at the last while the run goes on.

const SECONDS = 6; // that playing all frames takes
const CALM = 0.6; // seconds for each frame where motion is to be reduced
const NUMBERS = 18; // CSS pixels below a tile for its number
const films = new WeakMap(); // parentElement -> Film

export default function (component) {
  const { data, parentElement } = component;
  const root = parentElement.querySelector(".filter-film");
  if (films.get(parentElement)?.root !== root) films.set(parentElement, new Film(root, data.feed));
  const film = films.get(parentElement);
  film.update(data);
  return () => setTimeout(() => root.isConnected || film.close());
}

class Film {
  constructor(root, feed) {
    this.root = root;
    const find = (selector) => root.querySelector(selector);
    [this.tiles, this.told, this.range] = [".tiles", ".told", "input"].map(find);
    [this.play, this.back, this.forward] = [".play", ".back", ".forward"].map(find);
    [this.low, this.ramp, this.high] = root.querySelector(".legend").children;
    this.at = null;
    this.playing = null; // the frame that is asked for
    const on = (element, type, handler) => element.addEventListener(type, handler);
    on(this.range, "input", () => this.take(Number(this.range.value)));
    on(this.back, "click", () => this.take(this.at - 1));
    on(this.forward, "click", () => this.take(this.at + 1));
    on(this.play, "click", () => (this.playing ? this.pause() : this.start()));
    this.resizing = new ResizeObserver(() => root.clientWidth !== this.width && this.draw());
    this.resizing.observe(root);
    hear(feed, root, (news) => this.update({ ...this.data, ...news }));
  }

  close() {
    this.pause();
    this.resizing.disconnect();
  }

  get last() {
    return this.data.said.length - 1;
  }

  update(data) {
    const wasLast = this.at === null || (this.data && this.at >= this.last);
    const other = this.data && this.data.name !== data.name;
    this.data = data;
    this.bytes = bytes(data.frames);
    this.at = wasLast || other ? this.last : Math.min(this.at, this.last);
    this.colors = rampOf(data.scales[Number(isDark(this.root))]);
    const { words } = data;
    this.range.max = this.last;
    this.range.setAttribute("aria-label", words.scrub);
    this.back.setAttribute("aria-label", words.back);
    this.forward.setAttribute("aria-label", words.forward);
    setText(this.play, this.playing ? words.pause : words.play);
    setText(this.low, `−${number(data.limit)}`);
    setText(this.high, `+${number(data.limit)}`);
    Object.assign(this.ramp, { width: 256, height: 1 });
    this.ramp.getContext("2d").drawImage(bitmap(256, 1, (_, column) => this.colors[column]), 0, 0);
    this.draw();
  }

  draw() {
    this.width = this.root.clientWidth;
    if (!this.data || !this.width) return;
    const { shape, height, said } = this.data;
    const [count, rows, columns] = shape;
    const sizes = layout(count, this.width, height, 0, NUMBERS);
    const context = fitCanvas(this.tiles, this.width, heightOf(count, sizes) + 2);
    const color = getComputedStyle(this.root).getPropertyValue("--st-text-color");
    [context.textAlign, context.textBaseline, context.font] = ["center", "middle", "14px sans-serif"];
    for (let index = 0; index < count; index++) {
      const start = (this.at * count + index) * rows * columns;
      const picture = bitmap(columns, rows, (row, column) => this.colorOf(this.bytes[start + row * columns + column]));
      const [x, y] = placeOf(index, sizes);
      paintInto(context, picture, x + 1, y + 1, sizes.side);
      context.fillStyle = color;
      if (sizes.side >= 20) context.fillText(index, x + 1 + sizes.side / 2, y + sizes.side + NUMBERS / 2 + 1);
    }
    this.range.value = this.at;
    setText(this.told, said[this.at]);
    this.tiles.setAttribute("aria-label", said[this.at]);
    this.told.setAttribute("aria-live", this.playing ? "off" : "polite");
    Object.assign(this.root.dataset, { frame: this.at, frames: said.length });
  }

  /** Bytes 1 to 255 are the scale from its lowest to its highest value; 0 is one that is not finite. */
  colorOf(byte) {
    return byte ? this.colors[Math.round(((byte - 1) / 254) * 255)] : null;
  }

  /** A visitor chose a frame: playing ends. */
  take(index) {
    this.pause();
    this.go(index);
  }

  go(index) {
    this.at = clamp(index, 0, this.last);
    this.draw();
  }

  start() {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const each = calm ? CALM : SECONDS / Math.max(this.last, 1);
    const first = this.at >= this.last ? 0 : this.at;
    const began = performance.now();
    const frame = (now) => {
      const next = Math.min(first + Math.floor((now - began) / 1000 / each), this.last);
      if (next !== this.at) this.go(next);
      if (this.at >= this.last) return this.pause();
      this.playing = requestAnimationFrame(frame);
    };
    this.playing = requestAnimationFrame(frame);
    this.go(first);
    setText(this.play, this.data.words.pause);
  }

  pause() {
    if (!this.playing) return;
    cancelAnimationFrame(this.playing);
    this.playing = null;
    setText(this.play, this.data.words.play);
    this.draw();
  }
}
