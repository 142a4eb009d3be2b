// One tensor (N, C, H, W) as cells: a row of blocks for each picture, a block of H x W cells for each channel.

const GAP = 10; // CSS pixels between blocks
const LABEL = 26; // CSS pixels of the pictures' numbers on the left
const MOST = { width: 64, height: 40 }; // of a cell, in CSS pixels
const LEAST_FONT = 9;

class Grid {
  constructor(stage) {
    this.element = append(stage, "figure", "grid");
    this.title = append(this.element, "figcaption");
    this.table = append(this.element, "div", "blocks");
    this.table.setAttribute("aria-hidden", "true"); // the status line reads the numbers out
    this.cells = [];
  }

  /** `width` and `height` are a cell's, in CSS pixels; `look(set)` says how a set is coloured. */
  update({ title, values, shape, sets, words }, { width, height }, look) {
    setText(this.title, title);
    const [pictures, channels, rows, columns] = shape;
    this.table.replaceChildren();
    this.table.style.gridTemplateColumns = `${units(LABEL)} repeat(${channels}, max-content)`;
    this.cells = values.map((value, i) => this.cell(value, look(sets[i])));
    const font = fittingFont(this.cells, width, height);
    this.table.classList.toggle("mute", !font);
    this.table.style.setProperty("--font", units(font));
    append(this.table, "span");
    const [wide, high] = [columns * width >= 70, rows * height >= 62];
    for (let channel = 0; channel < channels; channel++) {
      const words_ = wide ? words.channel : words.channel_short;
      setText(append(this.table, "span", "head"), fillIn(words_, { number: channel }));
    }
    for (let picture = 0; picture < pictures; picture++) {
      const side = append(this.table, "span", high ? "side upright" : "side");
      setText(side, fillIn(high ? words.picture : words.picture_short, { number: picture }));
      for (let channel = 0; channel < channels; channel++) {
        const block = append(this.table, "div", "block");
        block.style.gridTemplate = `repeat(${rows}, ${units(height)}) / repeat(${columns}, ${units(width)})`;
        const first = (picture * channels + channel) * rows * columns;
        block.append(...this.cells.slice(first, first + rows * columns));
      }
    }
  }

  cell(value, { color, pattern }) {
    const cell = document.createElement("div");
    cell.className = `cell ${pattern}`;
    cell.style.setProperty("--set", color);
    cell.textContent = value === null ? "0/0" : short(value);
    return cell;
  }
}

function fittingFont(cells, width, height) {
  const longest = Math.max(...cells.map((cell) => emsOf(cell.textContent)));
  const font = Math.floor(2 * Math.min(0.55 * height, (width - 2) / longest, 19)) / 2;
  return font >= LEAST_FONT ? font : 0;
}

/** How wide a number is, in sizes of its type: a point takes half as much as a digit. */
function emsOf(text) {
  return [...text].reduce((sum, sign) => sum + (sign === "." ? 0.29 : 0.58), 0);
}

/** A number with about three digits: what fits a cell. */
function short(value) {
  const size = Math.abs(value);
  const places = size >= 99.95 || Number.isInteger(value) ? 0 : size >= 9.995 ? 1 : 2;
  return tidy(value.toFixed(places));
}

/** A number with six significant digits at most. */
function exact(value) {
  return tidy(String(Number(value.toPrecision(6))));
}

function tidy(text) {
  return text.replace(/^-(0(\.0*)?)$/, "$1").replace("-", "−");
}

/** A number behind a sign: in brackets where it is negative. */
function term(value) {
  return value < 0 ? `(${exact(value)})` : exact(value);
}
