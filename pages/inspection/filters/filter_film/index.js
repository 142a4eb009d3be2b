// Filters through a run: all frames are here, so that neither the slider nor playing asks the server. hear.js, the
// shared functions and painting.js precede this file in the same module.
//
// Streamlit calls the default export when the component is mounted, and again, with the same parentElement, whenever
// its data or the theme change. A visitor who looks at the last frame stays at the last while the run goes on.

const PACE = { seconds: 6 }; // that playing all frames takes
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
    [this.tiles, this.told] = [".tiles", ".told"].map(find);
    [this.low, this.ramp, this.high] = root.querySelector(".legend").children;
    this.clock = new Clock(PACE);
    this.transport = new Transport(find(".transport"), this.clock, () => this.draw());
    this.transport.listen(root);
    this.resizing = new ResizeObserver(() => root.clientWidth !== this.width && this.draw());
    this.resizing.observe(root);
    hear(feed, root, (news) => this.update({ ...this.data, ...news }));
  }

  close() {
    this.transport.end();
    this.resizing.disconnect();
  }

  update(data) {
    const { clock } = this;
    const isNew = this.data?.name !== data.name;
    this.data = data;
    this.bytes = decoded(data.frames);
    clock.fit(data.said.length - 1);
    if (isNew) clock.go(clock.last);
    this.colors = rampOf(data.scales[Number(isDark(this.root))], 256);
    this.transport.fit(data.words);
    setText(this.low, `−${number(data.limit)}`);
    setText(this.high, `+${number(data.limit)}`);
    Object.assign(this.ramp, { width: 256, height: 1 });
    this.ramp.getContext("2d").drawImage(bitmap(256, 1, (_, column) => this.colors[column]), 0, 0);
    this.draw();
  }

  draw() {
    this.width = this.root.clientWidth;
    if (!this.data || !this.width) return;
    const { shape, height, said, words } = this.data;
    const { step, last, playing } = this.clock;
    const [count, rows, columns] = shape;
    const zoom = zoomOf();
    const sizes = layout(count, this.width / zoom, height, 0, NUMBERS);
    const context = fitCanvas(this.tiles, this.width / zoom, heightOf(count, sizes) + 2, zoom);
    const color = getComputedStyle(this.root).getPropertyValue("--st-text-color");
    [context.textAlign, context.textBaseline, context.font] = ["center", "middle", "14.5px sans-serif"];
    for (let index = 0; index < count; index++) {
      const start = (step * count + index) * rows * columns;
      const picture = bitmap(columns, rows, (row, column) => this.colorOf(this.bytes[start + row * columns + column]));
      const [x, y] = placeOf(index, sizes);
      paintInto(context, picture, x + 1, y + 1, sizes.side);
      context.fillStyle = color;
      if (sizes.side >= 20) context.fillText(index, x + 1 + sizes.side / 2, y + sizes.side + NUMBERS / 2 + 1);
    }
    this.transport.show(step, fillIn(words.place, { number: step, last }));
    setText(this.told, said[step]);
    this.tiles.setAttribute("aria-label", said[step]);
    this.told.setAttribute("aria-live", playing ? "off" : "polite");
    Object.assign(this.root.dataset, { frame: step, frames: said.length });
  }

  /** Bytes 1 to 255 are the scale from its lowest to its highest value; 0 is one that is not finite. */
  colorOf(byte) {
    return byte ? this.colors[Math.round(((byte - 1) / 254) * 255)] : null;
  }
}
