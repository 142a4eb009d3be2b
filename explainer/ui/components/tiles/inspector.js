// The large picture of a tile, with its detail and the value of one pixel. kit's gallery.js precedes this file.
//
// While it is pinned, the mouse may enter it and point at the pixels of the large picture.

class PixelInspector extends Inspector {
  constructor(element) {
    super(element);
    [this.canvas, this.cell, this.detail] = element.querySelectorAll("canvas, .cell, .detail");
    [this.value, this.error] = element.querySelectorAll(".value > *");
    this.pixel = null; // [row, column]
    element.addEventListener("pointerdown", (event) => event.preventDefault()); // the tile keeps the focus
    this.canvas.addEventListener("pointermove", (event) => this.point(event));
    this.canvas.addEventListener("click", (event) => this.point(event));
  }

  close() {
    super.close();
    this.pixel = null;
  }

  move(tile, [right, down]) {
    const { width, height } = tile.row.data;
    const [row, column] = this.tile === tile && this.pixel ? this.pixel : [Math.floor(height / 2), Math.floor(width / 2)];
    this.pin(tile, [clamp(row + down, 0, height - 1), clamp(column + right, 0, width - 1)]);
  }

  point(event) {
    if (this.tile) this.show(this.tile, pixelAt(this.canvas, event, [this.canvas.height, this.canvas.width]));
  }

  show(tile, pixel) {
    if (!this.tile === tile || pixel) this.pixel = pixel;
    super.show(tile);
  }

  draw() {
    const { row, index } = this.tile;
    const { width, height, tiles } = row.data;
    if (this.pixel && (this.pixel[0] >= height || this.pixel[1] >= width)) this.pixel = null; // of other data
    const bytes = row.bytesOf(index);
    row.paint(this.canvas, index);
    const scale = Math.max(LARGE / Math.max(width, height), 1);
    const whole = scale < 2 ? scale : Math.floor(scale);
    this.canvas.style.width = units(whole * width);
    this.canvas.style.height = units(whole * height);
    setText(this.detail, tiles[index].detail || tiles[index].caption);
    this.readPixel(bytes, row.data);
  }

  readPixel(bytes, data) {
    const { width, height, low, high, base } = data;
    this.cell.hidden = !this.pixel;
    if (!this.pixel) {
      setText(this.value, this.pinned ? this.words.help : "");
      return setText(this.error, "");
    }
    const [row, column] = this.pixel;
    const box = { left: column / width, top: row / height, width: 1 / width, height: 1 / height };
    for (const [side, share] of Object.entries(box)) this.cell.style[side] = `${100 * share}%`;
    const step = (high - low) / (255 - base);
    if (inColour(data)) {
      const [red, green, blue] = [0, 1, 2].map((channel) => digits(low + bytes[3 * (row * width + column) + channel] * step, step));
      setText(this.value, fillIn(this.words.colour, { row, column, red, green, blue }));
      return setText(this.error, fillIn(this.words.error, { error: digits(step / 2, step / 2) }));
    }
    const byte = bytes[row * width + column];
    const finite = byte >= base;
    const value = finite ? digits(low + (byte - base) * step, step) : this.words.not_finite;
    setText(this.value, fillIn(this.words.value, { row, column, value }));
    setText(this.error, finite ? fillIn(this.words.error, { error: digits(step / 2, step / 2) }) : "");
  }
}

/** A number with as many places as a step of the scale allows. */
function digits(value, step) {
  const places = Math.max(0, Math.ceil(-Math.log10(step)));
  const text = places > 6 || Math.abs(value) >= 1e7 ? value.toExponential(2) : value.toFixed(places);
  return text.replace(/^-0(\.0*)?$/, "0$1").replace("-", "−");
}
