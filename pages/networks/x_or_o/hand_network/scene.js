// The picture: blocks of cells with their colours and numbers, titles, what joins them, and frames around what is read.

const COUNTS = { input: 81, features: 9, maps: 49, rectified: 49, pooled: 16, stacked: 4, listed: 12, weights: 12, votes: 2 };
const MANY = { features: 3, maps: 3, rectified: 3, pooled: 3, stacked: 3, weights: 2 };
const NUMBERED = new Set(["features", "pooled", "stacked", "listed", "weights"]);
const LIMITS = { weights: 0.5 }; // where the colours end; 1 elsewhere

/** Names of the blocks: "maps1" is the layer "maps", number 1. */
const BLOCKS = Object.keys(COUNTS).flatMap((layer) => range(MANY[layer] ?? 1).map((i) => (layer === "input" ? layer : `${layer}${i}`)));
const layerOf = (block) => block.replace(/\d$/, "");
const numberOf = (block) => Number(block.match(/\d$/)?.[0] ?? 0);

class Scene {
  constructor(svg) {
    this.svg = svg;
    this.joints = appendSvg(svg, "g", { class: "joints" });
    this.blocks = mapped(BLOCKS, (name) => this.makeBlock(name));
    this.frames = range(4).map((i) => appendSvg(svg, "rect", { class: `frame ${["reads", "weights", "largest", "made"][i]}`, rx: 2 }));
    this.cursor = appendSvg(svg, "rect", { class: "cursor", rx: 2 });
    this.titles = {};
    this.detail = new Detail(appendSvg(svg, "g", { class: "detail" }));
  }

  makeBlock(name) {
    const group = appendSvg(this.svg, "g", { class: `block ${layerOf(name)}`, "data-block": name });
    const cells = range(COUNTS[layerOf(name)]).map((cell) => appendSvg(group, "rect", { class: "cell", "data-cell": cell }));
    const isNumbered = NUMBERED.has(layerOf(name));
    return { group, cells, texts: isNumbered ? cells.map(() => appendSvg(group, "text", { class: "number" })) : [] };
  }

  /** Puts everything into its place. */
  place(layout, words) {
    this.layout = layout;
    setAttributes(this.svg, { viewBox: `0 0 ${layout.width} ${layout.height}` });
    for (const [name, { cells, texts }] of Object.entries(this.blocks)) {
      cells.forEach((cell, i) => setAttributes(cell, cellBox(layout.blocks[name], i)));
      texts.forEach((text, i) => {
        const box = cellBox(layout.blocks[name], i);
        setAttributes(text, { x: box.x + box.width / 2, y: box.y + box.height / 2 });
      });
    }
    for (const [name, [x, y]] of Object.entries(layout.titles)) {
      this.titles[name] ??= appendSvg(this.svg, "text", { class: "title" });
      setAttributes(this.titles[name], { x, y });
      setText(this.titles[name], words.titles[name]);
    }
    this.join();
    this.detail.place(layout.blocks.detail);
  }

  /** Lines from each feature to its maps and on to its part of the list. */
  join() {
    this.joints.replaceChildren();
    if (this.layout.width < 500) return;
    const { blocks } = this.layout;
    const edge = (name) => boxAround(blocks[name], range(COUNTS[layerOf(name)]));
    const line = (from, to) => {
      const middle = from.y + from.height / 2;
      appendSvg(this.joints, "path", { d: `M${from.x + from.width + 2},${middle}H${to.x - 2}` });
    };
    const chain = ["features", "maps", "rectified", "pooled", "stacked"];
    for (const map of range(FEATURES)) {
      for (let i = 1; i < chain.length; i++) line(edge(`${chain[i - 1]}${map}`), edge(`${chain[i]}${map}`));
      const [from, to] = [edge(`stacked${map}`), boxAround(blocks.listed0, range(4).map((i) => 4 * map + i))];
      const [start, middle, end] = [from.x + from.width + 2, from.y + from.height / 2, to.x - 2];
      appendSvg(this.joints, "path", { d: `M${start},${middle}H${end - 6}M${end},${to.y}H${end - 6}V${to.y + to.height}H${end}` });
      appendSvg(this.joints, "path", { d: `M${edge("input").x + edge("input").width + 2},${blocks.features1.y + 36}H${blocks.features0.x - 10}V${edge(`features${map}`).y + 36}H${blocks.features0.x - 2}` });
    }
  }

  /** Colours and numbers: `valueAt` gives those of a block's cell, null where it is not computed yet. */
  paint(valueAt, look) {
    for (const [name, { cells, texts }] of Object.entries(this.blocks)) {
      const layer = layerOf(name);
      if (layer === "votes") continue;
      cells.forEach((cell, i) => {
        const value = valueAt(name, i);
        const color = layer === "input" ? look.pixel(value) : look.color(value, LIMITS[layer] ?? 1);
        cell.style.fill = color.css;
        if (!texts[i]) return;
        texts[i].style.fill = color.ink;
        const isWeight = layer === "features" || layer === "weights";
        write(texts[i], value === null ? "" : isWeight ? plain(value) : cut(value), cellBox(this.layout.blocks[name], i));
      });
    }
  }

  /** Both votes as boxes, filled as far as they go; `winner` is 0, 1 or -1 for neither. */
  paintVotes(votes, winner, names) {
    const { cells, group } = this.blocks.votes0;
    this.votes ??= cells.map(() => ({ bar: appendSvg(group, "rect", { class: "bar" }), name: appendSvg(group, "text", { class: "who" }), text: appendSvg(group, "text", { class: "vote" }) }));
    this.votes.forEach(({ bar, name, text }, i) => {
      const box = cellBox(this.layout.blocks.votes0, i);
      const share = clamp(votes[i] ?? 0, 0, 1);
      setAttributes(bar, { x: box.x, width: box.width, y: box.y + box.height * (1 - share), height: box.height * share });
      setAttributes(name, { x: box.x + box.width / 2, y: box.y + box.height * 0.38 });
      setAttributes(text, { x: box.x + box.width / 2, y: box.y + box.height * 0.76 });
      setText(name, names[i]);
      setText(text, votes[i] === null ? "" : cut(votes[i]));
      cells[i].classList.toggle("winner", i === winner);
    });
  }

  /** Frames around the cells that a value reads, the weights that they meet, the largest of them, and the value. */
  frame([reads, weights, largest, made]) {
    [reads, weights, largest, made].forEach((cells, i) => {
      this.frames[i].classList.toggle("hidden", !cells);
      if (cells) setAttributes(this.frames[i], boxAround(this.layout.blocks[cells[0]], cells[1]));
    });
  }

  /** The keyboard's place in a block; none without. */
  point(block, cell) {
    this.cursor.classList.toggle("hidden", block === null);
    if (block !== null) setAttributes(this.cursor, cellBox(this.layout.blocks[block], cell));
  }
}

/** A computation large: what is read, the weights, the products, in small grids, and the result below. */
class Detail {
  constructor(group) {
    this.group = group;
    this.title = appendSvg(group, "text", { class: "name" });
    this.grids = range(3).map(() => range(12).map(() => [appendSvg(group, "rect", { class: "cell" }), appendSvg(group, "text", { class: "number" })]));
    this.signs = range(2).map(() => appendSvg(group, "text", { class: "sign" }));
    this.result = appendSvg(group, "text", { class: "result" });
  }

  place(block) {
    this.block = block;
    setAttributes(this.title, { x: block.x, y: block.y + 10 });
  }

  show(title, result, parts, look) {
    const { x, y, cell, width } = this.block;
    const columns = parts.length && parts[0].length <= 4 ? Math.min(2, parts[0].length) : 3;
    const rows = Math.ceil((parts[0]?.length ?? 0) / columns);
    const gap = (width - 9 * cell) / 2;
    setText(this.title, title);
    this.grids.forEach((grid, i) => {
      grid.forEach(([rect, text], j) => {
        const value = parts[i]?.[j];
        const isShown = value !== undefined;
        for (const each of [rect, text]) each.classList.toggle("hidden", !isShown);
        if (!isShown) return;
        const left = x + i * (3 * cell + gap) + (j % columns) * cell;
        const top = y + 18 + Math.floor(j / columns) * cell;
        setAttributes(rect, { x: left, y: top, width: cell, height: cell });
        setAttributes(text, { x: left + cell / 2, y: top + cell / 2 });
        const color = look.color(value, 1);
        rect.style.fill = color.css;
        text.style.fill = color.ink;
        write(text, Number.isInteger(value) ? plain(value) : cut(value), { width: cell, height: cell });
      });
    });
    this.signs.forEach((sign, i) => {
      setText(sign, parts.length === 3 ? "·="[i] : "");
      setAttributes(sign, { x: x + (i + 1) * (3 * cell + gap) - gap / 2, y: y + 18 + (rows * cell) / 2 });
    });
    setText(this.result, result);
    setAttributes(this.result, { x, y: y + 18 + rows * cell + 19 });
  }
}

/** The colours of pixels, and of values between -limit and limit with that of the numbers on them. */
function lookOf(scale, dark, root) {
  const stops = stopsOf(scale);
  const style = getComputedStyle(root);
  const [paper, ink] = ["--st-secondary-background-color", "--st-text-color"].map((name) => style.getPropertyValue(name));
  return {
    pixel: (value) => ({ css: value > 0 ? ink : paper, ink: value > 0 ? paper : ink }),
    color: (value, limit) => {
      if (value === null) return { css: "transparent", ink: INK[0] };
      const channels = between(stops, clamp((value / limit + 1) / 2, 0, 1));
      return { css: css(channels), ink: INK[Number(brightness(channels) < 135)] };
    },
  };
}

/** Writes a number as large as its cell allows. */
function write(element, text, { width, height }) {
  const wide = [...text].reduce((sum, sign) => sum + (sign === "." ? 0.278 : 0.58), 0); // in ems
  setAttributes(element, { "font-size": Math.min(LARGEST_NUMBER, 0.72 * height, (0.97 * width) / Math.max(wide, 0.58)) });
  setText(element, text);
}
