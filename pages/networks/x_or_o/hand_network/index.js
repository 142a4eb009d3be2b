// The network by hand. model.js, layout.js and scene.js precede this file in the same module.
//
// Streamlit calls the default export when the component is mounted, and again, with the same parentElement, whenever its
// data or the theme change. What a visitor draws or drags is computed here, and reported once the pointer is lifted.

const NARROW = 620; // CSS pixels: below, the blocks stand below each other
const DRAG = 9; // CSS pixels of a drag for one step of a weight
const EDITED = { features: { step: 0.1, most: 2 }, weights: { step: 0.05, most: 1 } };

const networks = new WeakMap(); // parentElement -> Network

export default function (component) {
  const { parentElement } = component;
  const root = parentElement.querySelector(".hand-network");
  if (networks.get(parentElement)?.root !== root) networks.set(parentElement, new Network(root));
  const network = networks.get(parentElement);
  network.update(component);
  return () => setTimeout(() => root.isConnected || network.stop());
}

class Network {
  constructor(root) {
    this.root = root;
    [this.stage, this.svg, this.told] = [".stage", ".network", ".told"].map((name) => root.querySelector(name));
    [this.clear, this.article] = root.querySelectorAll("button.own");
    this.scene = new Scene(this.svg);
    this.chosen = ["maps0", 0];
    this.cursor = null;
    this.sent = [];
    this.clock = new Clock({ seconds: 24 });
    this.transport = new Transport(root.querySelector(".transport"), this.clock, () => this.play(), () => (this.follows = true));
    this.transport.listen(root.querySelector(".transport"));
    this.listen();
    this.resizing = new ResizeObserver(() => this.data && this.fit());
    this.resizing.observe(root);
  }

  listen() {
    const on = (element, type, handler) => element.addEventListener(type, (event) => handler.call(this, event));
    on(this.svg, "pointerdown", this.press);
    on(this.svg, "pointermove", this.move);
    for (const type of ["pointerup", "pointercancel"]) on(this.svg, type, this.lift);
    on(this.stage, "keydown", this.key);
    on(this.stage, "focus", () => this.stage.matches(":focus-visible") && this.go(this.cursor ?? ["input", 40]));
    on(this.stage, "blur", () => this.go(null));
    on(this.clear, "click", () => this.change("pixels", range(81).map(() => -1), true));
    on(this.article, "click", () => {
      Object.assign(this.given, { features: [...this.data.article.features], votes: [...this.data.article.votes] });
      this.compute();
      this.report();
    });
  }

  update({ data, setStateValue }) {
    this.setStateValue = setStateValue;
    const text = textOf(data);
    const at = this.sent.indexOf(text);
    const isOwn = at >= 0; // what was sent from here comes back: the visitor may have gone on since
    this.sent = isOwn ? this.sent.slice(at + 1) : this.sent;
    const isNew = !this.data || (!isOwn && textOf(this.data) !== text);
    this.data = data;
    if (isNew) {
      this.sent = [];
      this.given = { pixels: [...data.pixels], features: [...data.features], votes: [...data.votes] };
    }
    const dark = Number(isDark(this.root));
    this.look = lookOf(data.scales[dark], dark, this.root);
    setText(this.clear, data.words.clear);
    setText(this.article, data.words.article);
    this.stage.setAttribute("aria-label", data.words.label);
    this.clock.fit(ORDER.length - 1);
    if (!this.isFitted) this.clock.go(ORDER.length - 1);
    this.transport.fit(data.words);
    this.isFitted = true;
    this.fit();
  }

  fit() {
    const slim = this.root.clientWidth > 0 && this.root.clientWidth < NARROW;
    if (this.slim !== slim || this.words !== this.data.words) this.scene.place(layoutOf(slim), this.data.words);
    [this.slim, this.words] = [slim, this.data.words];
    this.compute();
  }

  compute() {
    this.values = computed(this.given);
    this.draw();
  }

  draw() {
    const { given, values, data, look } = this;
    const step = this.clock.step;
    const isMade = (layer, map, cell) => placeOf(layer, map, cell) <= step;
    this.scene.paint((name, cell) => {
      const [layer, number] = [layerOf(name), numberOf(name)];
      if (layer === "input") return given.pixels[cell];
      if (layer === "features") return given.features[9 * number + cell];
      if (layer === "weights") return given.votes[LISTED * number + cell];
      return isMade(layer, number, cell) ? values[layer][number][cell] : null;
    }, look);
    const votes = values.votes[0].map((vote, i) => (isMade("votes", 0, i) ? vote : null));
    const [x, o] = values.votes[0];
    const winner = votes.includes(null) || Math.abs(x - o) < 1e-9 ? -1 : Number(o > x);
    this.scene.paintVotes(votes, winner, [data.words.x, data.words.o]);
    Object.assign(this.root.dataset, { x: cut(x), o: cut(o), winner });
    this.tell();
    this.transport.show(step, this.placeName(ORDER[step]));
  }

  /** A step of the player: what it computes is what is shown. */
  play() {
    if (this.follows || this.clock.playing) {
      const [layer, map, cell] = ORDER[this.clock.step];
      this.chosen = [`${layer}${map}`, cell];
    }
    this.follows = false;
    this.draw();
  }

  placeName([layer, map, cell]) {
    const { words } = this.data;
    if (layer === "votes") return fillIn(words.places.votes, { who: [words.x, words.o][cell] });
    if (layer === "listed") return fillIn(words.places.listed, { number: cell + 1 });
    const side = SIDES[layer];
    return fillIn(words.places[layer], { map: map + 1, row: Math.floor(cell / side), column: cell % side });
  }

  /** Writes how the chosen value comes about, and frames what it reads. */
  tell() {
    const [block, cell] = this.chosen;
    const [layer, number] = [layerOf(block), numberOf(block)];
    const { words } = this.data;
    this.told.setAttribute("aria-live", this.clock.playing ? "off" : "polite");
    if (["input", "features", "weights"].includes(layer)) {
      this.tellGiven(layer, number, cell);
    } else if (placeOf(layer, number, cell) > this.clock.step) {
      this.scene.frame([null, null, null, [block, [cell]]]);
      setText(this.told, words.not_yet);
    } else this.tellMade(layer, number, cell);
  }

  tellGiven(layer, number, cell) {
    const { words } = this.data;
    const block = layer === "input" ? layer : `${layer}${number}`;
    const value = layer === "input" ? this.given.pixels[cell] : this.listOf(layer)[this.indexOf(layer, number, cell)];
    const columns = layer === "input" ? SIDE : KERNEL;
    const told = { row: Math.floor(cell / columns), column: cell % columns, number: layer === "weights" ? cell + 1 : number + 1 };
    this.scene.frame([null, null, null, [block, [cell]]]);
    setText(this.told, fillIn(words.given[layer], { ...told, who: [words.x, words.o][number], value: plain(value) }));
  }

  tellMade(layer, number, cell) {
    const { words } = this.data;
    const origin = originOf(this.given, this.values, [layer, number, cell]);
    const weights = { maps: [`features${number}`, range(9)], votes: [`weights${cell}`, range(LISTED)] }[layer];
    const largest = layer === "pooled" || layer === "stacked" ? [origin.from[0], [origin.from[1][origin.largest]]] : null;
    this.scene.frame([origin.from, weights, largest, [`${layer}${number}`, [cell]]]);
    const place = this.placeName([layer, number, cell]);
    const terms = (origin.weights ?? []).map((weight, i) => [weight, origin.read[i]]).filter(([weight]) => weight);
    const told = {
      place,
      value: cut(origin.value),
      count: origin.read.length,
      read: origin.read.map(cut).join(", "),
      sum: Number.isInteger(origin.sum) ? plain(origin.sum) : cut(origin.sum ?? 0),
      terms: terms.map(([weight, read]) => `${bracketed(plain(weight))} · ${bracketed(layer === "maps" ? plain(read) : cut(read))}`).join(" + ") || "0",
    };
    setText(this.told, fillIn(words.told[origin.kind], told));
    const parts = origin.weights ? [origin.read, origin.weights, origin.products] : [origin.read];
    this.scene.detail.show(place, fillIn(words.results[origin.kind], told), parts, this.look);
    this.root.dataset.told = told.value;
  }

  listOf(layer) {
    return layer === "features" ? this.given.features : this.given.votes;
  }

  indexOf(layer, number, cell) {
    return layer === "features" ? 9 * number + cell : LISTED * number + cell;
  }

  cellUnder(event) {
    const cell = event.target.closest?.(".cell[data-cell]");
    return cell ? [cell.parentNode.dataset.block, Number(cell.dataset.cell)] : null;
  }

  press(event) {
    const found = this.cellUnder(event);
    if (!found || event.button > 0) return;
    const [block, cell] = found;
    const layer = layerOf(block);
    this.choose(found);
    if (layer === "input") {
      if (event.target.hasPointerCapture?.(event.pointerId)) event.target.releasePointerCapture(event.pointerId);
      this.pen = -this.given.pixels[cell];
      this.ink(cell);
    } else if (layer in EDITED) {
      const index = this.indexOf(layer, numberOf(block), cell);
      this.drag = { layer, index, from: this.listOf(layer)[index], y: event.clientY, moved: false };
      this.svg.setPointerCapture(event.pointerId);
    }
  }

  move(event) {
    if (this.drag) {
      const steps = Math.round((this.drag.y - event.clientY) / DRAG);
      if (steps) this.drag.moved = true;
      this.weigh(this.drag.layer, this.drag.index, this.drag.from + steps * EDITED[this.drag.layer].step);
      return;
    }
    const found = this.cellUnder(event);
    if (!found) return;
    if (this.pen && found[0] === "input") this.ink(found[1]);
    if (this.chosen[0] !== found[0] || this.chosen[1] !== found[1]) this.choose(found);
  }

  lift() {
    const changed = this.pen || this.drag?.moved;
    this.pen = this.drag = null;
    if (changed) this.report();
  }

  ink(cell) {
    if (this.given.pixels[cell] === this.pen) return;
    this.given.pixels[cell] = this.pen;
    this.compute();
  }

  weigh(layer, index, wanted) {
    const { step, most } = EDITED[layer];
    const value = clamp(Number((Math.round(wanted / step) * step).toFixed(2)), -most, most);
    if (this.listOf(layer)[index] === value) return;
    this.listOf(layer)[index] = value;
    this.compute();
  }

  change(name, values) {
    this.given[name] = values;
    this.compute();
    this.report();
  }

  choose(found) {
    this.clock.pause();
    this.chosen = found;
    this.draw();
  }

  go(place) {
    this.cursor = place ?? this.cursor;
    this.scene.point(...(place ?? [null, 0]));
    if (place) this.choose(place);
  }

  key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const [block, cell] = this.cursor ?? ["input", 40];
    const layer = layerOf(block);
    const count = COUNTS[layer];
    const columns = this.scene.layout.blocks[block].columns;
    const moves = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
    const next = cell + moves[event.key];
    const turn = { PageDown: 1, PageUp: -1 }[event.key];
    const more = { "+": 1, "=": 1, "-": -1, "−": -1 }[event.key];
    if (event.key in moves) {
      const leaves = Math.abs(moves[event.key]) === 1 && Math.floor(next / columns) !== Math.floor(cell / columns);
      if (next >= 0 && next < count && (columns === 1 || !leaves)) this.go([block, next]);
    } else if (turn) {
      this.go([BLOCKS[(BLOCKS.indexOf(block) + turn + BLOCKS.length) % BLOCKS.length], 0]);
    } else if ((event.key === " " || event.key === "Enter") && layer === "input") {
      this.pen = -this.given.pixels[cell];
      this.ink(cell);
      this.lift();
    } else if (more && layer in EDITED) {
      const index = this.indexOf(layer, numberOf(block), cell);
      this.weigh(layer, index, this.listOf(layer)[index] + more * EDITED[layer].step);
      this.report();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  report() {
    const made = { pixels: pixelsText(this.given.pixels), features: weightsText(this.given.features), votes: weightsText(this.given.votes) };
    this.sent.push(textOf(this.given));
    this.setStateValue("made", made);
  }

  stop() {
    this.transport.end();
    this.resizing.disconnect();
  }
}
