// Which digit is looked at: by mouse, by touch, or by arrow keys; its picture beside it.

const REACH = 16; // CSS pixels from the pointer to a digit
const LARGE = 112; // CSS pixels of its picture
const AWAY = 14; // CSS pixels between a digit and its picture
const EDGE = 8; // CSS pixels to the window's edges

class Pointing {
  constructor(map, root) {
    this.map = map;
    this.element = root.querySelector(".shown");
    [this.picture, this.text] = this.element.querySelectorAll("canvas, p");
    this.digit = null;
    this.pinned = false;
    this.follow = () => this.refresh();
    const on = (type, handler) => map.stage.addEventListener(type, (event) => handler.call(this, event));
    on("pointermove", this.move);
    on("pointerleave", () => this.pinned || this.close());
    on("pointerdown", this.press);
    on("keydown", this.keyDown);
    on("blur", () => this.close());
  }

  move(event) {
    if (event.pointerType === "touch" || this.pinned) return;
    const digit = this.nearest(event);
    if (digit === null) this.close();
    else this.show(digit);
  }

  press(event) {
    const digit = this.nearest(event, event.pointerType === "touch" ? 2 * REACH : REACH);
    if (digit === null || (this.pinned && digit === this.digit)) return this.close();
    this.pin(digit);
  }

  keyDown(event) {
    if (event.key === "Escape") return this.close();
    const direction = ACROSS_DOWN[event.key];
    if (!direction) return;
    event.preventDefault();
    this.pin(this.digit === null ? this.middle() : this.next(direction));
  }

  pin(digit) {
    this.pinned = true;
    this.show(digit);
  }

  show(digit) {
    this.digit = digit;
    if (!this.element.matches(":popover-open")) {
      this.element.showPopover();
      for (const type of ["scroll", "resize"]) window.addEventListener(type, this.follow, true);
    }
    this.map.root.dataset.digit = this.map.numbers[digit];
    this.draw();
    this.place();
  }

  close() {
    this.pinned = false;
    this.digit = null;
    delete this.map.root.dataset.digit;
    if (this.element.matches(":popover-open")) this.element.hidePopover();
    for (const type of ["scroll", "resize"]) window.removeEventListener(type, this.follow, true);
  }

  /** The digits have moved, or their pictures have come. */
  refresh() {
    if (this.digit === null) return;
    if (this.digit >= this.map.numbers.length || !this.element.isConnected) return this.close();
    this.draw();
    this.place();
  }

  /** The digit under the pointer, or null. */
  nearest(event, reach = REACH) {
    const box = this.map.canvas.getBoundingClientRect();
    const [digit, distance] = this.closest((event.clientX - box.left) / this.map.zoom, (event.clientY - box.top) / this.map.zoom);
    return distance <= reach ? digit : null;
  }

  middle() {
    return this.closest(this.map.width / 2, this.map.height / 2)[0];
  }

  /** The shown digit that `cost` (of dx and dy) likes best, and its cost. */
  closest(x, y, cost = Math.hypot) {
    const { at, labels } = this.map;
    let [best, least] = [null, Infinity];
    for (let i = 0; i < labels.length; i++) {
      const found = this.map.isShown(labels[i]) ? cost(at[2 * i] - x, at[2 * i + 1] - y) : Infinity;
      if (found < least) [best, least] = [i, found];
    }
    return [best, least];
  }

  /** The next digit in a direction, with steps to the side counted double; the same one at the edge. */
  next([right, down]) {
    const { at } = this.map;
    const ahead = (dx, dy) => {
      const [forward, aside] = [dx * right + dy * down, Math.abs(dx * down) + Math.abs(dy * right)];
      return forward > 0.5 ? forward + 2 * aside : Infinity;
    };
    return this.closest(at[2 * this.digit], at[2 * this.digit + 1], ahead)[0] ?? this.digit;
  }

  draw() {
    const { sheet, data } = this.map;
    const context = fitCanvas(this.picture, LARGE, LARGE, this.map.zoom);
    const [column, row] = [this.digit % data.columns, Math.floor(this.digit / data.columns)];
    context.imageSmoothingEnabled = false;
    if (sheet.complete) context.drawImage(sheet, column * SIDE, row * SIDE, SIDE, SIDE, 0, 0, LARGE, LARGE);
    setText(this.text, this.map.sentence(this.digit));
    this.element.classList.toggle("wrong", this.map.labels[this.digit] !== this.map.reads[this.digit]);
  }

  /** Beside the digit, above or below the pointer's line so that its neighbours stay in sight. */
  place() {
    const box = this.map.canvas.getBoundingClientRect();
    const [x, y] = [0, 1].map((axis) => this.map.at[2 * this.digit + axis] * this.map.zoom + (axis ? box.top : box.left));
    if (y < 0 || y > window.innerHeight) return this.close();
    const { width, height } = this.element.getBoundingClientRect();
    const room = { width: document.documentElement.clientWidth, height: window.innerHeight };
    const left = x + AWAY + width > room.width - EDGE ? x - AWAY - width : x + AWAY;
    const inside = (at, size, whole) => Math.max(Math.min(at, whole - EDGE - size), EDGE);
    this.element.style.left = `${inside(left, width, room.width)}px`;
    this.element.style.top = `${inside(y - height / 2, height, room.height)}px`;
  }
}
