// The large picture of a tile, with its detail and the value of one pixel.
//
// It peeks at the tile under the mouse, or is pinned to one by a click, a touch or the keyboard. While it is pinned,
// the mouse may enter it and point at the pixels of the large picture.

const LARGE = 224; // CSS pixels of the large picture's longer side, at most
const DISTANCE = 12; // CSS pixels between a tile and its large picture
const MARGIN = 8; // CSS pixels to the window's edges

class Inspector {
  constructor(element, gallery) {
    this.element = element;
    this.gallery = gallery;
    [this.canvas, this.cell, this.detail] = element.querySelectorAll("canvas, .cell, .detail");
    [this.value, this.error] = element.querySelectorAll(".value > *");
    this.tile = null; // {row, index}
    this.pixel = null; // [column, row]
    this.pinned = false;
    this.follow = () => this.place();
    element.addEventListener("pointerdown", (event) => event.preventDefault()); // the tile keeps the focus
    this.canvas.addEventListener("pointermove", (event) => this.point(event));
    this.canvas.addEventListener("click", (event) => this.point(event));
  }

  peek(tile, pixel) {
    if (this.pinned && !this.isOf(tile)) return;
    this.show(tile, pixel);
  }

  /** Pins to a tile; where it is pinned to that one already, lets go of it. */
  toggle(tile, pixel) {
    if (this.pinned && this.isOf(tile)) this.close();
    else this.pin(tile, pixel);
  }

  pin(tile, pixel) {
    this.pinned = true;
    this.show(tile, pixel);
  }

  leave() {
    if (!this.pinned) this.close();
  }

  close() {
    this.pinned = false;
    this.tile = this.pixel = null;
    if (this.element.matches(":popover-open")) this.element.hidePopover();
    for (const type of ["scroll", "resize"]) window.removeEventListener(type, this.follow, true);
  }

  movePixel(tile, [right, down]) {
    const { width, height } = tile.row.data;
    const [column, row] = this.isOf(tile) && this.pixel ? this.pixel : [Math.floor(width / 2), Math.floor(height / 2)];
    const inside = (at, size) => Math.min(Math.max(at, 0), size - 1);
    this.pin(tile, [inside(column + right, width), inside(row + down, height)]);
  }

  point(event) {
    if (this.tile) this.show(this.tile, pixelAt(this.canvas, event));
  }

  isOf(tile) {
    return this.tile?.row === tile.row && this.tile.index === tile.index;
  }

  show(tile, pixel) {
    if (!this.isOf(tile) || pixel) this.pixel = pixel;
    this.tile = tile;
    this.draw();
    if (!this.element.matches(":popover-open")) {
      this.element.showPopover();
      for (const type of ["scroll", "resize"]) window.addEventListener(type, this.follow, true);
    }
    this.element.classList.toggle("pinned", this.pinned);
    this.place();
  }

  /** New data: the same tile with its new picture, or nothing where it is gone. */
  update(words) {
    this.words = words;
    if (!this.tile) return;
    const { row, index } = this.tile;
    if (!this.gallery.rows.includes(row) || index >= row.tiles.length) return this.close();
    const { width, height } = row.data;
    if (this.pixel && (this.pixel[0] >= width || this.pixel[1] >= height)) this.pixel = null;
    this.draw();
    this.place();
  }

  draw() {
    const { row, index } = this.tile;
    const { width, height, tiles } = row.data;
    const bytes = row.bytesOf(index);
    paint(this.canvas, bytes, width, height, row.colors);
    const scale = Math.max(LARGE / Math.max(width, height), 1);
    const whole = scale < 2 ? scale : Math.floor(scale);
    this.canvas.style.width = `${whole * width}px`;
    this.canvas.style.height = `${whole * height}px`;
    setText(this.detail, tiles[index].detail || tiles[index].caption);
    this.readPixel(bytes, row.data);
  }

  readPixel(bytes, { width, height, low, high, base }) {
    this.cell.hidden = !this.pixel;
    if (!this.pixel) {
      setText(this.value, this.pinned ? this.words.help : "");
      return setText(this.error, "");
    }
    const [column, row] = this.pixel;
    const box = { left: column / width, top: row / height, width: 1 / width, height: 1 / height };
    for (const [side, share] of Object.entries(box)) this.cell.style[side] = `${100 * share}%`;
    const byte = bytes[row * width + column];
    const step = (high - low) / (255 - base);
    const finite = byte >= base;
    const value = finite ? digits(low + (byte - base) * step, step) : this.words.not_finite;
    setText(this.value, fillIn(this.words.value, { row, column, value }));
    setText(this.error, finite ? fillIn(this.words.error, { error: digits(step / 2, step / 2) }) : "");
  }

  /** Beside the tile where there is room, else below or above it; away where the tile is scrolled out of sight. */
  place() {
    const button = this.tile.row.tiles[this.tile.index].button;
    const tile = button.getBoundingClientRect();
    if (!button.isConnected || tile.bottom < 0 || tile.top > window.innerHeight) return this.close();
    const { width, height } = this.element.getBoundingClientRect();
    const room = { width: document.documentElement.clientWidth, height: window.innerHeight };
    let left = tile.right + DISTANCE;
    let top = tile.top;
    if (left + width > room.width - MARGIN) left = tile.left - DISTANCE - width;
    if (left < MARGIN) {
      left = tile.left + tile.width / 2 - width / 2;
      top = tile.bottom + DISTANCE;
      if (top + height > room.height - MARGIN && tile.top - DISTANCE - height >= MARGIN) top = tile.top - DISTANCE - height;
    }
    const inside = (at, size, whole) => Math.max(Math.min(at, whole - MARGIN - size), MARGIN);
    this.element.style.left = `${inside(left, width, room.width)}px`;
    this.element.style.top = `${inside(top, height, room.height)}px`;
  }
}

/** A number with as many places as a step of the scale allows. */
function digits(value, step) {
  const places = Math.max(0, Math.ceil(-Math.log10(step)));
  const text = places > 6 || Math.abs(value) >= 1e7 ? value.toExponential(2) : value.toFixed(places);
  return text.replace(/^-0(\.0*)?$/, "0$1").replace("-", "−");
}
