// Draws the part of the map that can be seen.

const EDGES = 24; // the strongest of what a map reads
const FAINT = 0.02; // share of the strongest below which an edge is not drawn
const TYPE_SIZE = 14.5;
const FONT = "-apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', 'Liberation Sans', Arial, sans-serif";

/** The colours of the page. */
function lookOf(root, data) {
  const style = getComputedStyle(root);
  const color = (name) => style.getPropertyValue(name).trim();
  const dark = Number(isDark(root));
  const text = color("--st-text-color") || "#14212f";
  const page = color("--st-background-color") || "#ffffff";
  return {
    ...{ dark, text, page, line: color("--st-border-color"), primary: color("--st-primary-color") },
    quiet: mixed(text, page, 0.35),
    raised: color("--st-secondary-background-color"),
    shades: shadesOf(data.diverging[dark]),
    excites: data.diverging[dark][8][1],
    inhibits: data.diverging[dark][2][1],
    font: FONT,
  };
}

/** All maps of a column, one below the other, on a canvas of their own. */
function atlasOf(column, limits, shades) {
  const [height, width] = column.side;
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height: height * column.shown.length });
  const context = canvas.getContext("2d");
  column.shown.forEach((_, i) => paintNumbers(context, column.values(i), width, height, limits(i), shades, i * height));
  return canvas;
}

class Painter {
  constructor(context, layout, columns, look) {
    Object.assign(this, { context, layout, columns, look });
  }

  text(words, x, y, { size = TYPE_SIZE, weight = 400, color = this.look.text, align = "center" } = {}) {
    Object.assign(this.context, { font: `${weight} ${size}px ${this.look.font}`, fillStyle: color, textAlign: align, textBaseline: "alphabetic" });
    this.context.fillText(words, x, y);
  }

  /** The bands of the blocks, with their names where they can be read. */
  groups(from, to) {
    for (const group of this.layout.groups) {
      if (group.to < from || group.from > to) continue;
      const { context, look } = this;
      context.fillStyle = look.raised;
      context.beginPath();
      context.roundRect(group.from - 8, 2, group.to - group.from + 16, this.layout.height - 4, 8);
      context.fill();
      const middle = (Math.max(group.from, from) + Math.min(group.to, to)) / 2;
      this.text(group.name, middle, 17, { weight: 650, color: look.quiet });
    }
  }

  column(at, atlas) {
    const { x, wide, side } = this.layout.places[at];
    const column = this.columns[at];
    const { context, look, layout } = this;
    const middle = x + wide / 2;
    this.text(column.short, middle, layout.head - 26, { weight: 650 });
    this.text(column.size, middle, layout.head - 11, { color: look.quiet });
    context.fillStyle = column.color;
    context.fillRect(x, layout.head - 6, wide, 3);
    const [height, width] = column.side;
    context.imageSmoothingEnabled = false;
    column.shown.forEach((_, i) => {
      const [left, top] = cornerOf(layout, at, i);
      context.drawImage(atlas, 0, i * height, width, height, left, top, side, side);
      if (side > 20) this.frame(left, top, side, look.line, 1);
      if (column.never[i] || column.saturated[i]) this.strike(left, top, side, Boolean(column.never[i]));
    });
    this.foot(column, middle);
  }

  foot(column, middle) {
    const { height } = this.layout;
    if (column.more) this.text(column.more, middle, height - 24, { weight: 650, color: this.look.primary });
    if (column.ill) this.text(column.ill, middle, height - 8, { color: this.look.quiet });
  }

  frame(x, y, side, color, width) {
    Object.assign(this.context, { strokeStyle: color, lineWidth: width });
    this.context.strokeRect(x, y, side, side);
  }

  /** A cross through a map that is silent in all pictures, a bar through one that is saturated. */
  strike(x, y, side, isSilent) {
    const { context, look } = this;
    Object.assign(context, { strokeStyle: look.quiet, lineWidth: side > 20 ? 2 : 1 });
    context.beginPath();
    context.moveTo(x + 2, y + side - 2);
    context.lineTo(x + side - 2, y + 2);
    if (isSilent) {
      context.moveTo(x + 2, y + 2);
      context.lineTo(x + side - 2, y + side - 2);
    }
    context.stroke();
  }

  mark(at, index, color, width) {
    const [x, y] = cornerOf(this.layout, at, index);
    const out = width / 2;
    this.frame(x - out, y - out, this.layout.places[at].side + width, color, width);
  }

  /** Curves from what is read to a point; `ends` are {share, from: [x, y]}. */
  edges(ends, [x, y]) {
    const { context, look } = this;
    const strongest = ends.filter(({ share }) => Math.abs(share) >= FAINT).sort((a, b) => Math.abs(a.share) - Math.abs(b.share));
    for (const { share, from } of strongest.slice(-EDGES)) {
      const bend = Math.max(14, (x - from[0]) / 2);
      Object.assign(context, { strokeStyle: share > 0 ? look.excites : look.inhibits, lineCap: "round" });
      context.lineWidth = 1 + 4 * Math.abs(share);
      context.globalAlpha = 0.35 + 0.65 * Math.abs(share);
      context.beginPath();
      context.moveTo(...from);
      context.bezierCurveTo(from[0] + bend, from[1], x - bend, y, x, y);
      context.stroke();
    }
    context.globalAlpha = 1;
  }

  unit(at, index, row, column) {
    const { side } = this.layout.places[at];
    const { height, width } = this.columns[at];
    if (side < 20) return;
    const [x, y] = cornerOf(this.layout, at, index);
    const [tall, wide] = [Math.max(side / height, 3), Math.max(side / width, 3)];
    Object.assign(this.context, { strokeStyle: this.look.text, lineWidth: 1.5 });
    this.context.strokeRect(x + (column * side) / width, y + (row * side) / height, wide, tall);
  }
}

/** The whole network as a thin band, a part for each layer, with the part that can be seen framed. */
function paintRibbon(canvas, width, columns, [from, to], look, zoom) {
  const context = fitCanvas(canvas, width, 22, zoom);
  const part = width / columns.length;
  columns.forEach(({ color }, i) => {
    context.fillStyle = color;
    context.fillRect(i * part + (part > 5 ? 1 : 0), 6, part - (part > 5 ? 2 : 0.5), 10);
  });
  Object.assign(context, { strokeStyle: look.text, lineWidth: 2 });
  context.strokeRect(1 + from * (width - 2), 2, Math.max(8, (to - from) * (width - 2)), 18);
}
