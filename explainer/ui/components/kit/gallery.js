// Rows of small pictures, and the large picture beside one of them. It peeks at the one under the mouse, or is pinned to
// one by a click, a touch or the keyboard. elements.js precedes this file in the same module.

const LARGE = 224; // CSS pixels of the large picture's longer side, at most
const DISTANCE = 12; // CSS pixels between a picture and its large one
const MARGIN = 8; // CSS pixels to the window's edges

/** Rows of tiles in the element .rows of `root`: one Tab stop a row, arrows within it and between rows. */
class Gallery {
  constructor(root, inspector) {
    Object.assign(this, { root, inspector, holder: root.querySelector(".rows"), rows: [] });
    const on = (type, handler) => this.holder.addEventListener(type, (event) => handler.call(this, event));
    on("pointermove", this.pointerMove);
    on("pointerleave", () => inspector.leave());
    on("click", this.click);
    on("focusin", this.focusIn);
    on("focusout", () => inspector.close());
    on("keydown", this.keyDown);
  }

  /** What of a tile an event points at: nothing, for those who do not say. */
  partAt() {
    return null;
  }

  /** A visitor pressed a tile. */
  press(tile, part) {
    this.inspector.toggle(tile, part);
  }

  /** The tile that an event's target belongs to, or undefined. */
  tileAt(target) {
    const button = target.closest("button");
    return this.rows.flatMap(({ tiles }) => tiles).find((tile) => tile.button === button);
  }

  pointerMove(event) {
    const tile = event.pointerType === "touch" ? null : this.tileAt(event.target);
    if (tile) this.inspector.peek(tile, this.partAt(tile, event));
    else this.inspector.leave();
  }

  click(event) {
    const tile = this.tileAt(event.target);
    if (!tile) return;
    tile.button.focus(); // Safari does not focus a button that is clicked
    this.press(tile, event.detail ? this.partAt(tile, event) : null); // a click by the keyboard has no place
  }

  focusIn(event) {
    const tile = this.tileAt(event.target);
    tile?.row.reach(tile);
    if (tile && event.target.matches(":focus-visible")) this.inspector.pin(tile, null);
  }

  keyDown(event) {
    if (event.key === "Escape") return this.inspector.close();
    const [tile, step] = [this.tileAt(event.target), ACROSS_DOWN[event.key]];
    if (!tile || !(step || event.key === "Home" || event.key === "End")) return;
    event.preventDefault();
    if (event.shiftKey && step && this.inspector.move) return this.inspector.move(tile, step);
    this.neighbour(tile, step, event.key)?.button.focus();
  }

  neighbour({ row, index }, step, key) {
    if (key === "Home") return row.tiles[0];
    if (key === "End") return row.tiles.at(-1);
    if (step[0]) return row.tiles[index + step[0]];
    const other = this.rows[this.rows.indexOf(row) + step[1]];
    return other?.tiles[Math.min(index, other.tiles.length - 1)];
  }
}

class GalleryRow {
  constructor(holder) {
    this.element = append(holder, "section");
    this.head = append(this.element, "header");
    this.title = append(this.head, "h4");
    this.list = append(this.element, "ul");
    this.list.setAttribute("role", "list"); // Safari forgets it where list-style is none
    this.tiles = [];
  }

  /** So many tiles under a title; the first can be reached where none can. */
  fit(title, count, create) {
    setText(this.title, title);
    this.element.setAttribute("aria-label", title);
    fit(this.tiles, count, () => create(this.tiles.length));
    if (this.tiles.length && !this.tiles.some((tile) => tile.button.tabIndex === 0)) this.reach(this.tiles[0]);
  }

  /** Makes one tile the row's only stop of the Tab key. */
  reach(chosen) {
    for (const tile of this.tiles) tile.button.tabIndex = tile === chosen ? 0 : -1;
  }

  remove() {
    this.element.remove();
  }
}

class GalleryTile {
  constructor(row, index) {
    Object.assign(this, { row, index, item: append(row.list, "li") });
    this.button = append(this.item, "button");
    this.button.type = "button";
    this.button.tabIndex = -1;
  }

  remove() {
    this.item.remove();
  }
}

function fit(views, length, create) {
  while (views.length < length) views.push(create());
  while (views.length > length) views.pop().remove();
}

/** Draws nothing itself: `draw` is for those who extend it. `part` is what of a picture is looked at, if anything. */
class Inspector {
  constructor(element) {
    Object.assign(this, { element, tile: null, pinned: false });
    this.follow = () => this.place();
  }

  peek(tile, part) {
    if (!this.pinned || this.tile === tile) this.show(tile, part);
  }

  pin(tile, part) {
    this.pinned = true;
    this.show(tile, part);
  }

  /** Pins to a picture; where it is pinned to that one already, lets go of it. */
  toggle(tile, part) {
    if (this.pinned && this.tile === tile) this.close();
    else this.pin(tile, part);
  }

  leave() {
    if (!this.pinned) this.close();
  }

  close() {
    Object.assign(this, { pinned: false, tile: null });
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
    this.element.classList.toggle("pinned", this.pinned);
    this.place();
  }

  /** New data: the same place with its new picture, or nothing where it is gone. */
  update() {
    if (!this.tile) return;
    if (!this.tile.button.isConnected) return this.close();
    this.draw();
    this.place();
  }

  /** Beside the picture where there is room, else below or above it; away where it is scrolled out of sight. */
  place() {
    if (!this.tile) return;
    const { button } = this.tile;
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
