// Cells, colours and numbers of a weighted sum.

const KINDS = ["values", "weights", "terms"];

/** A map, the weights that belong to it, their products, and the sum of those, below each other. */
class Stack {
  constructor(holder, area) {
    this.element = append(holder, "div", "stack");
    this.title = append(this.element, "b");
    this.blocks = KINDS.map((kind) => {
      const block = append(this.element, "div", `block ${kind}`);
      return Array.from({ length: area }, () => append(block, "span", "cell"));
    });
    this.sum = append(this.element, "b", "sum");
  }

  update({ title, columns, sum }, colors) {
    setText(this.title, title);
    setText(this.sum, sum);
    this.element.style.setProperty("--columns", columns);
    this.blocks.forEach((cells, kind) => cells.forEach((cell, i) => (cell.style.backgroundColor = colors[kind][i])));
  }
}

/** A number in four significant digits with a true minus sign. */
function number(value) {
  const plain = Math.abs(value) < 5e-5 ? "0" : String(Number(value.toPrecision(4)));
  return plain.replace("-", "−");
}

/** A factor or a term: in brackets where it is negative. */
function factor(value) {
  const text = number(value);
  return text.startsWith("−") ? `(${text})` : text;
}

/** CSS colours of `values` on a scale from -limit or 0 to limit. */
function colorsOf(values, scale, signed) {
  const stops = stopsOf(scale);
  const limit = Math.max(...values.map(Math.abs)) || 1;
  return values.map((value) => css(between(stops, signed ? (value / limit + 1) / 2 : value / limit)));
}

const STRIP = 0.24; // of the drawing's height: the flattened vector, above the curve of the sum

/** The flattened vector as a strip of colours, and below it the sum so far as a staircase; one unit wide each term. */
class Running {
  constructor(svg) {
    this.svg = svg;
    this.cells = [];
    [this.vector, this.zero, this.path, this.cursor] = svg.children;
  }

  update(colors, sums, bias) {
    const count = colors.length;
    this.svg.setAttribute("viewBox", `0 0 ${count} 1`);
    while (this.cells.length < count) this.cells.push(appendSvg(this.vector, "rect"));
    while (this.cells.length > count) this.cells.pop().remove();
    this.cells.forEach((cell, i) => setAttributes(cell, { x: i, y: 0, width: 1.02, height: STRIP * 0.8, fill: colors[i] }));
    const [low, high] = [Math.min(0, bias, ...sums), Math.max(0, bias, ...sums)];
    const up = (value) => 0.97 - ((value - low) / (high - low || 1)) * (0.94 - STRIP);
    setAttributes(this.zero, { x1: 0, x2: count, y1: up(0), y2: up(0) });
    const steps = sums.map((sum, i) => `V${up(sum)}H${i + 1}`).join("");
    this.path.setAttribute("d", `M0,${up(bias)}${steps}`);
  }

  mark(index) {
    setAttributes(this.cursor, { x1: index + 0.5, x2: index + 0.5, y1: 0, y2: 1 });
  }

  /** The term under a pointer. */
  termAt(event) {
    const box = this.svg.getBoundingClientRect();
    const at = Math.floor(((event.clientX - box.left) / box.width) * this.cells.length);
    return Math.min(Math.max(at, 0), this.cells.length - 1);
  }
}
