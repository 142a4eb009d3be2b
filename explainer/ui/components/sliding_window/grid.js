// One grid of numbers: its place on the stage, and how it is painted.

const STRIP = 34; // CSS pixels of the row of numbers below the bars of a signal
const MIN_FONT = 10.5;
const READ = 15; // what is read from afar; small cells give their numbers more of their height
const MOST_NUMBERS = 2500; // cells beyond which none shows its number

class Grid {
  /**
   * `at(row, column)` gives the values; the first `before` rows and columns of `size` pixels are padding. `blank` is what
   * stands in padding that counts as no number.
   */
  constructor({ name, plane = 0, rows, columns, at, scale, before = [0, 0], size = [rows, columns], ...marked }) {
    Object.assign(this, { name, plane, rows, columns, at, scale, before, size });
    Object.assign(this, { unread: null, blank: null, outside: null, lost: null });
    Object.assign(this, marked); // which cells are never read, hold nothing, or cannot be
    Object.assign(this, { x: 0, y: 0, cell: 1, tall: 1, bars: false, title: "", detail: "" });
  }

  place(x, y, cell, tall = cell) {
    Object.assign(this, { x, y, cell, tall, bars: tall !== cell });
  }

  get width() {
    return this.columns * this.cell;
  }

  get height() {
    return this.rows * this.tall;
  }

  rect(row, column, rows = 1, columns = 1) {
    return [this.x + column * this.cell, this.y + row * this.tall, columns * this.cell, rows * this.tall];
  }

  /** [row, column] of the cell at a point of the stage, or null. */
  hit(x, y) {
    const [column, row] = [Math.floor((x - this.x) / this.cell), Math.floor((y - this.y) / this.tall)];
    return row >= 0 && row < this.rows && column >= 0 && column < this.columns ? [row, column] : null;
  }

  isPadding(row, column) {
    const [y, x] = [row - this.before[0], column - this.before[1]];
    return y < 0 || y >= this.size[0] || x < 0 || x >= this.size[1];
  }

  paint(context, look, decimals) {
    this.decimals = decimals;
    this.font = this.fit(context, look, decimals);
    if (this.bars) this.paintBars(context, look);
    else this.paintImage(context);
    this.paintHatches(context, look);
    this.paintLines(context, look);
    if (this.font) for (let row = 0; row < this.rows; row++) this.paintNumbers(context, look, row);
  }

  /** The largest font in which every number fits its cell, with as many decimals as fit (one at least), or null. */
  fit(context, look, decimals) {
    const room = this.cell - Math.max(4, 0.14 * this.cell);
    const side = Math.min(this.cell, this.bars ? STRIP : this.tall);
    const largest = Math.min(Math.max(0.43 * side, Math.min(0.58 * side, READ)), 22);
    if (this.rows * this.columns > MOST_NUMBERS || largest < MIN_FONT - 2) return null;
    for (let places = decimals; places >= Math.min(decimals, 1); places--) {
      context.font = `100px ${look.family}`;
      let widest = 1;
      for (let row = 0; row < this.rows; row++) {
        for (let column = 0; column < this.columns; column++) {
          widest = Math.max(widest, context.measureText(this.text(row, column, places)).width);
        }
      }
      const size = Math.min(Math.max(largest, MIN_FONT), (100 * room) / widest);
      const enough = places <= 1 ? MIN_FONT : Math.max(MIN_FONT, 0.62 * largest);
      if (size < enough) continue;
      return { places, css: `${Math.floor(2 * size) / 2}px ${look.family}` };
    }
    return null;
  }

  isBlank(row, column) {
    return this.blank !== null && this.isPadding(row, column);
  }

  text(row, column, places) {
    if (this.isBlank(row, column)) return this.blank;
    const value = this.at(row, column);
    const small = value !== 0 && Math.abs(value) < 0.5 * 10 ** -places;
    // Beside numbers that show their places, "0.00" is near enough, and tells it from an exact 0.
    if (small && Math.max(-this.scale.low, this.scale.high) > 10 ** -places) return (0).toFixed(places);
    return format(value, places);
  }

  paintImage(context) {
    this.image ??= document.createElement("canvas");
    Object.assign(this.image, { width: this.columns, height: this.rows });
    const pen = this.image.getContext("2d");
    const image = pen.createImageData(this.columns, this.rows);
    const out = new Uint32Array(image.data.buffer);
    const { scale, at, columns } = this;
    const [first, last] = [this.before[1], this.before[1] + this.size[1]];
    let i = 0;
    for (let row = 0; row < this.rows; row++) {
      const within = !this.isPadding(row, first);
      for (let column = 0; column < columns; column++) {
        if (this.outside?.(row, column)) {
          i++; // stays transparent
          continue;
        }
        const colors = within && column >= first && column < last ? scale.packed : scale.packedPale;
        out[i++] = this.isBlank(row, column) ? 0 : colors[scale.index(at(row, column))];
      }
    }
    pen.putImageData(image, 0, 0);
    context.imageSmoothingEnabled = this.cell < 1;
    context.imageSmoothingQuality = "high";
    context.drawImage(this.image, this.x, this.y, this.width, this.height);
  }

  /** Paints one cell anew, without its number's neighbours: for stamps that add up. */
  repaint(context, look, row, column) {
    const [x, y, width, height] = this.rect(row, column);
    context.fillStyle = this.scale.css(this.at(row, column));
    const gap = this.cell >= 7 ? 1 : 0;
    context.fillRect(x + gap, y + gap, width - gap, height - gap);
    if (this.font) this.paintNumber(context, look, row, column);
  }

  paintHatches(context, look) {
    const [top, left] = this.before;
    const [height, width] = this.size;
    if (this.outside || this.lost) this.paintImpossible(context, look);
    else if (this.rows > height || this.columns > width) {
      context.fillStyle = hatch(context, look, "/");
      const [x, y] = this.rect(top, left);
      context.beginPath();
      context.rect(this.x, this.y, this.width, this.height);
      context.rect(x, y, width * this.cell, height * this.tall);
      context.fill("evenodd");
    }
    if (!this.unread) return;
    context.beginPath();
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        if (this.unread(row, column)) context.rect(...this.rect(top + row, left + column));
      }
    }
    context.fillStyle = look.page;
    context.globalAlpha = 0.55;
    context.fill();
    context.globalAlpha = 1;
    context.fillStyle = hatch(context, look, "x");
    context.fill();
  }

  /** Padding cell by cell, and what is outside of it or cannot be. */
  paintImpossible(context, look) {
    const [padding, impossible] = [new Path2D(), new Path2D()];
    for (let row = 0; row < this.rows; row++) {
      for (let column = 0; column < this.columns; column++) {
        const rect = this.rect(row, column);
        if (this.outside?.(row, column) || this.lost?.(row, column)) impossible.rect(...rect);
        else if (this.isPadding(row, column)) padding.rect(...rect);
      }
    }
    context.fillStyle = hatch(context, look, "/");
    context.fill(padding);
    context.fillStyle = hatch(context, look, "!");
    context.fill(impossible);
  }

  paintLines(context, look) {
    context.lineWidth = 1;
    context.strokeStyle = look.line;
    if (this.cell >= 7) {
      context.globalAlpha = this.cell >= 14 ? 1 : 0.5;
      context.beginPath();
      for (let column = 0; column <= this.columns; column++) this.lineTo(context, [0, column], [this.rows, column]);
      for (let row = 0; row <= this.rows; row++) this.lineTo(context, [row, 0], [row, this.columns]);
      context.stroke();
      context.globalAlpha = 1;
    }
    const [x, y, width, height] = this.rect(...this.before, ...this.size);
    context.strokeStyle = look.strong;
    context.lineWidth = this.cell >= 7 ? 2 : 1;
    context.strokeRect(x + 0.5, y + 0.5, width, height);
  }

  lineTo(context, from, to) {
    for (const [i, [row, column]] of [from, to].entries()) {
      const [x, y] = this.rect(row, column).map((at) => Math.round(at) + 0.5);
      if (i) context.lineTo(x, y);
      else context.moveTo(x, y);
    }
  }

  paintNumbers(context, look, row) {
    for (let column = 0; column < this.columns; column++) this.paintNumber(context, look, row, column);
  }

  paintNumber(context, look, row, column) {
    if (this.outside?.(row, column)) return;
    const value = this.at(row, column);
    const padding = this.isPadding(row, column);
    const unread = this.unread && !padding && this.unread(row - this.before[0], column - this.before[1]);
    const [x, y, width, height] = this.rect(row, column);
    context.font = this.font.css;
    context.textAlign = "center";
    context.textBaseline = "middle";
    const middle = this.bars ? y + height - STRIP / 2 : y + height / 2;
    const place = [this.text(row, column, this.font.places), x + width / 2, middle + 1];
    if (unread) {
      // A rim of the page's colour sets the number off from the hatching.
      Object.assign(context, { strokeStyle: look.page, lineWidth: 5, lineJoin: "round" });
      context.strokeText(...place);
    }
    context.fillStyle = unread || this.isBlank(row, column) ? look.text : this.scale.ink(value, padding);
    context.globalAlpha = padding ? 0.75 : 1;
    context.fillText(...place);
    context.globalAlpha = 1;
  }

  /** A signal: a bar from zero up or down, and its number on its colour below. */
  paintBars(context, look) {
    const { low, high } = this.scale;
    const room = this.tall - STRIP - 10;
    const most = Math.max(high, 0) - Math.min(low, 0);
    const levelOf = (value) => this.y + 5 + (room * (Math.max(high, 0) - clamp(value, low, high))) / most;
    for (let column = 0; column < this.columns; column++) {
      if (this.outside?.(0, column)) continue;
      const value = this.at(0, column);
      const [x, y, width, height] = this.rect(0, column);
      const padding = this.isPadding(0, column);
      if (this.isBlank(0, column)) continue;
      const index = this.scale.index(value);
      context.fillStyle = `rgb(${(padding ? this.scale.pale : this.scale.colors)[index].join(" ")})`;
      context.fillRect(x, y + height - STRIP, width, STRIP);
      context.fillStyle = mixed(value < 0 ? look.diverging[0][1] : look.diverging.at(-1)[1], look.page, padding ? 0.6 : 0.15);
      const inset = this.cell >= 6 ? 0.14 * this.cell : 0;
      const top = Math.min(levelOf(value), levelOf(0));
      context.fillRect(x + inset, top, width - 2 * inset, Math.max(Math.abs(levelOf(value) - levelOf(0)), 1));
    }
    context.fillStyle = look.strong;
    context.fillRect(this.x, Math.round(levelOf(0)), this.width, 1);
  }
}
