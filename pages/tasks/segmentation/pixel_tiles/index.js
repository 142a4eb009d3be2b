// Pictures whose pixels have classes. elements.js, canvas.js, numbers.js, colours.js, raster.js, hear.js and model.js
// precede this file in the same module.
//
// Pointing at a pixel tells of it at once; a pressed one is marked, and Python hears of it.

const PAUSE = 300; // milliseconds without a key after which Python hears of the pixel

const views = new WeakMap(); // parentElement -> PixelTiles

export default function (component) {
  const { parentElement } = component;
  const root = parentElement.querySelector(".pixel-tiles");
  if (views.get(parentElement)?.root !== root) views.set(parentElement, new PixelTiles(root, component.data));
  views.get(parentElement).update(component);
}

class PixelTiles {
  constructor(root, data) {
    Object.assign(this, { root, figures: [], timer: null, sent: null, fed: null });
    this.grid = append(root, "div", "grid");
    const below = append(root, "div", "below");
    this.legend = append(below, "p", "legend");
    this.told = append(below, "p", "told");
    this.told.setAttribute("aria-live", "polite");
    hear(data.feed, root, (news) => this.take(news));
  }

  update({ data, setTriggerValue }) {
    Object.assign(this, { data, setTriggerValue });
    const isEcho = this.sent && this.sent.join() !== data.chosen.join();
    if (!isEcho) Object.assign(this, { chosen: data.chosen, sent: null });
    this.colors = data.colors.map(channelsOf);
    this.root.style.setProperty("--columns", data.columns);
    this.tiles = data.tiles.map(({ pixels, mask, truth, likely, ...rest }) => ({
      ...rest,
      pixels: decoded(pixels),
      mask: mask === null ? null : decoded(mask),
      truth: truth === null ? null : decoded(truth),
      likely: likely === null ? null : decoded(likely),
    }));
    while (this.figures.length > this.tiles.length) this.figures.pop().figure.remove();
    while (this.figures.length < this.tiles.length) this.figures.push(this.build(this.figures.length));
    this.tiles.forEach((tile, number) => this.draw(tile, number));
    this.drawLegend();
    this.mark();
  }

  /** The classes' colours, where classes are drawn. */
  drawLegend() {
    const { mode, names, colors, words } = this.data;
    this.legend.replaceChildren();
    if (!this.tiles.some(({ mask }) => mask)) return;
    const isShown = shownClasses(this.tiles);
    const rows = {
      classes: names.map((name, number) => [colors[number], name]).filter((_, number) => number > 0 && isShown(number)),
      errors: [[css(MISTAKEN), words.mistaken]],
      overlap: [words.both, words.wrong, words.missed].map((name, number) => [css(OVERLAP[2 - number]), fillIn(name, { name: names[this.data.of] })]),
    }[mode];
    for (const [color, name] of rows) {
      const entry = append(this.legend, "span", "", name);
      entry.style.setProperty("--own", color);
    }
  }

  build(number) {
    const figure = append(this.grid, "figure", "tile");
    const stage = append(figure, "div", "stage");
    setAttributes(stage, { role: "application", tabindex: 0 });
    const canvas = append(stage, "canvas");
    const svg = appendSvg(stage, "svg", { "aria-hidden": true, preserveAspectRatio: "none" });
    const caption = append(figure, "figcaption");
    stage.addEventListener("pointermove", (event) => this.tell(number, this.at(number, event)));
    stage.addEventListener("pointerleave", () => this.tell(...this.place()));
    stage.addEventListener("click", (event) => this.choose(number, this.at(number, event), 0));
    stage.addEventListener("keydown", (event) => this.key(number, event));
    return { figure, stage, canvas, svg, caption };
  }

  draw(tile, number) {
    const { stage, canvas, svg, caption } = this.figures[number];
    const { height, width, words } = { ...tile, words: this.data.words };
    stage.setAttribute("aria-label", fillIn(words.label, { caption: tile.caption }));
    stage.style.aspectRatio = `${width} / ${height}`;
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    setText(caption, this.captionOf(tile));
    sizeTo(canvas, width, height);
    paintPixels(canvas.getContext("2d"), width, height, this.painter(tile));
    if (tile.mask && tile.truth) stage.dataset.wrong = tile.mask.reduce((count, own, i) => count + (own !== tile.truth[i]), 0);
  }

  painter(tile) {
    const { mode, of } = this.data;
    if (!tile.mask || !tile.truth || mode === "classes") return (i) => colorOf(tile, i, this.colors);
    return mode === "errors" ? (i) => errorOf(tile, i) : (i) => overlapOf(tile, i, of);
  }

  captionOf(tile) {
    const { mode, of, words } = this.data;
    if (mode !== "overlap" || !tile.mask || !tile.truth) return tile.caption;
    const { both, wrong, missed } = counts(tile, of);
    const all = both + wrong + missed;
    const values = { number: tile.picture + 1, both, all, iou: all ? (both / all).toFixed(2) : "" };
    return fillIn(all ? words.overlap : words.nowhere, values);
  }

  /** What a feed has sent: of each tile that changes its number, and its classes or its pixels. */
  take({ changed }) {
    for (const [number, text] of changed) {
      const tile = this.tiles[number];
      if (!tile) continue;
      tile[tile.mask ? "mask" : "pixels"] = decoded(text);
      this.draw(tile, number);
    }
    this.tell(...this.place());
  }

  mark() {
    const [picture, row, column] = this.chosen;
    const isOwn = this.chosen.join() === this.data.chosen.join();
    this.figures.forEach(({ svg }, number) => {
      svg.replaceChildren();
      if (this.tiles[number].picture !== picture) return;
      if (isOwn && this.data.field) appendSvg(svg, "rect", { class: "field", ...this.data.field });
      appendSvg(svg, "rect", { class: "pixel", x: column - 0.5, y: row - 0.5, width: 2, height: 2 });
    });
    this.tell(...this.place());
  }

  /** The first tile of the chosen picture that has classes, and the chosen pixel. */
  place() {
    const [picture, ...pixel] = this.chosen;
    const number = this.tiles.findIndex((tile) => tile.picture === picture && tile.mask);
    return [Math.max(number, 0), pixel];
  }

  tell(number, [row, column]) {
    const { words, names } = this.data;
    const tile = this.tiles[number];
    const at = row * tile.width + column;
    const values = { row: row + 1, column: column + 1 };
    const likely = this.tiles.find((other) => other.picture === tile.picture && other.likely)?.likely;
    if (likely) setText(this.told, fillIn(words.likely, { ...values, ...likeliest(likely, at, names) }));
    else if (tile.mask && tile.truth) setText(this.told, fillIn(words.classes, { ...values, own: names[tile.mask[at]], truth: names[tile.truth[at]] }));
    else if (tile.channels === 3) setText(this.told, fillIn(words.colour, { ...values, value: shade(tile, at).join(", ") }));
    else setText(this.told, fillIn(words.grey, { ...values, value: tile.pixels[at] }));
  }

  at(number, event) {
    const { height, width } = this.tiles[number];
    return pixelAt(this.figures[number].stage, event, [height, width]);
  }

  key(number, event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const { picture, height, width } = this.tiles[number];
    const pixel = this.chosen[0] === picture ? this.chosen.slice(1) : [height, width].map((side) => Math.floor(side / 2));
    const far = event.shiftKey ? 8 : 1;
    if (event.key in ROWS_COLUMNS) {
      const steps = ROWS_COLUMNS[event.key].map((step) => step * far);
      this.choose(number, pixelBeside(pixel, steps, [height, width]), PAUSE);
    } else if (event.key === " " || event.key === "Enter") this.choose(number, pixel, 0);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  choose(number, pixel, wait) {
    this.chosen = this.sent = [this.tiles[number].picture, ...pixel];
    this.mark();
    this.tell(number, pixel);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.setTriggerValue("pixel", this.chosen), wait);
  }
}
