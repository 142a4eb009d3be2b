// The large picture: it peeks at the one under the mouse, or is pinned to one by a click, a touch or the keyboard.

const LARGE = 224; // CSS pixels of its longer side
const DISTANCE = 12; // CSS pixels between a picture and its large one
const MARGIN = 8; // CSS pixels to the window's edges

class Inspector {
  constructor(element) {
    this.element = element;
    [this.image, this.frame, this.detail] = element.querySelectorAll("img, .frame, p");
    this.tile = null;
    this.pinned = false;
    this.follow = () => this.place();
  }

  peek(tile) {
    if (!this.pinned || this.tile === tile) this.show(tile);
  }

  pin(tile) {
    this.pinned = true;
    this.show(tile);
  }

  /** Pins to a picture; where it is pinned to that one already, lets go of it. */
  toggle(tile) {
    if (this.pinned && this.tile === tile) this.close();
    else this.pin(tile);
  }

  leave() {
    if (!this.pinned) this.close();
  }

  close() {
    this.pinned = false;
    this.tile = null;
    if (this.element.matches(":popover-open")) this.element.hidePopover();
    for (const type of ["scroll", "resize"]) window.removeEventListener(type, this.follow, true);
  }

  show(tile) {
    this.tile = tile;
    this.draw();
    if (!this.element.matches(":popover-open")) {
      this.element.showPopover();
      for (const type of ["scroll", "resize"]) window.addEventListener(type, this.follow, true);
    }
    this.place();
  }

  /** New data: the same place with its new picture, or nothing where it is gone. */
  update() {
    if (!this.tile) return;
    if (!this.tile.button.isConnected) return this.close();
    this.draw();
    this.place();
  }

  draw() {
    draw(this.image, this.frame, this.tile.data, LARGE);
    setText(this.detail, this.tile.data.detail || this.tile.data.caption);
  }

  /** Beside the picture where there is room, else below or above it; away where it is scrolled out of sight. */
  place() {
    if (!this.tile) return;
    const tile = this.tile.button.getBoundingClientRect();
    if (!this.tile.button.isConnected || tile.bottom < 0 || tile.top > window.innerHeight) return this.close();
    const { width, height } = this.element.getBoundingClientRect();
    const room = { width: document.documentElement.clientWidth, height: window.innerHeight };
    let [left, top] = [tile.right + DISTANCE, tile.top];
    if (left + width > room.width - MARGIN) left = tile.left - DISTANCE - width;
    if (left < MARGIN) {
      left = tile.left + tile.width / 2 - width / 2;
      top = tile.bottom + DISTANCE;
      if (top + height > room.height - MARGIN) top = Math.max(tile.top - DISTANCE - height, MARGIN);
    }
    const inside = (at, size, whole) => Math.max(Math.min(at, whole - MARGIN - size), MARGIN);
    this.element.style.left = `${inside(left, width, room.width)}px`;
    this.element.style.top = `${inside(top, height, room.height)}px`;
  }
}
