// Rows of pictures, each with a frame. elements.js and inspector.js precede this file in the same module.
//
// Streamlit calls the default export when the component is mounted, and again, with the same parentElement, whenever
// its data or the theme change. Elements are kept and brought up to date in place, so that nothing flickers.

const TINY = 0.06; // share of the picture below which a frame leaves the rest as bright as it is

const galleries = new WeakMap(); // parentElement -> Gallery
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".gallery");
  if (galleries.get(parentElement)?.root !== root) galleries.set(parentElement, new Gallery(root));
  const gallery = galleries.get(parentElement);
  gallery.choose = (number) => setTriggerValue("chosen", number);
  gallery.update(data);
}

class Gallery {
  constructor(root) {
    this.root = root;
    this.holder = root.querySelector(".rows");
    this.rows = [];
    this.inspector = new Inspector(root.querySelector(".inspector"));
    const on = (type, handler) => this.holder.addEventListener(type, (event) => handler.call(this, event));
    on("pointermove", this.pointerMove);
    on("pointerleave", () => this.inspector.leave());
    on("click", this.click);
    on("focusin", this.focusIn);
    on("focusout", () => this.inspector.close());
    on("keydown", this.keyDown);
  }

  update({ rows, words }) {
    fit(this.rows, rows.length, () => new Row(this.holder));
    this.rows.forEach((row, i) => row.update(rows[i], words));
    this.inspector.update();
    this.root.dataset.drawn = rows.map((row) => row.exemplars.length).join(" ");
  }

  /** The tile that an event's target belongs to, as {row, tile}, or null. */
  tileAt(target) {
    const button = target.closest("button");
    const row = button && this.rows.find((each) => each.list.contains(button));
    return row ? { row, tile: row.tiles.find((each) => each.button === button) } : null;
  }

  pointerMove(event) {
    const found = event.pointerType === "touch" ? null : this.tileAt(event.target);
    if (found) this.inspector.peek(found.tile);
    else this.inspector.leave();
  }

  click(event) {
    const found = this.tileAt(event.target);
    if (!found) return;
    found.tile.button.focus(); // Safari does not focus a button that is clicked
    const { choices } = found.row.data;
    if (choices.length) this.choose(choices[found.row.tiles.indexOf(found.tile)]);
    else this.inspector.toggle(found.tile);
  }

  focusIn(event) {
    const found = this.tileAt(event.target);
    if (!found) return;
    found.row.reach(found.tile);
    if (event.target.matches(":focus-visible")) this.inspector.pin(found.tile);
  }

  keyDown(event) {
    if (event.key === "Escape") return this.inspector.close();
    const found = this.tileAt(event.target);
    const step = STEPS[event.key];
    if (!found || !(step || event.key === "Home" || event.key === "End")) return;
    event.preventDefault();
    this.neighbour(found, step, event.key)?.button.focus();
  }

  neighbour({ row, tile }, step, key) {
    if (key === "Home") return row.tiles[0];
    if (key === "End") return row.tiles.at(-1);
    const index = row.tiles.indexOf(tile);
    if (step[0]) return row.tiles[index + step[0]];
    const other = this.rows[this.rows.indexOf(row) + step[1]];
    return other?.tiles[Math.min(index, other.tiles.length - 1)];
  }
}

class Row {
  constructor(holder) {
    this.element = append(holder, "section");
    this.title = append(this.element, "h4");
    this.list = append(this.element, "ul");
    this.list.setAttribute("role", "list"); // Safari forgets it where list-style is none
    this.tiles = [];
  }

  update(data, words) {
    this.data = data;
    setText(this.title, data.title);
    this.element.setAttribute("aria-label", data.title);
    this.element.classList.toggle("line", data.choices.length > 0);
    fit(this.tiles, data.exemplars.length, () => new Tile(this.list));
    this.tiles.forEach((tile, i) => tile.update(data.exemplars[i], data, words));
    if (this.tiles.length && !this.tiles.some((tile) => tile.button.tabIndex === 0)) this.reach(this.tiles[0]);
    if (data.choices.length) this.showChosen();
  }

  remove() {
    this.element.remove();
  }

  /** Makes one tile the row's only stop of the Tab key. */
  reach(chosen) {
    for (const tile of this.tiles) tile.button.tabIndex = tile === chosen ? 0 : -1;
  }

  /** Scrolls the line, and nothing else, so that the chosen picture is in sight. */
  showChosen() {
    const index = this.data.exemplars.findIndex(({ emphasis }) => emphasis === "strong");
    if (index < 0 || index === this.shown) return;
    this.shown = index;
    const { offsetLeft, offsetWidth } = this.tiles[index].item;
    this.list.scrollLeft = offsetLeft + offsetWidth / 2 - this.list.clientWidth / 2;
  }
}

class Tile {
  constructor(list) {
    this.item = append(list, "li");
    this.button = append(this.item, "button");
    this.button.type = "button";
    this.button.tabIndex = -1;
    const picture = append(this.button, "span", "picture");
    [this.image, this.frame] = [append(picture, "img"), append(picture, "span", "frame")];
    this.image.alt = "";
    this.caption = append(this.button, "span", "caption");
  }

  update(data, { size, choices }, words) {
    this.data = data;
    setText(this.caption, data.caption);
    this.caption.style.maxWidth = `${size + 12}px`;
    this.button.className = data.emphasis;
    this.button.setAttribute("aria-label", choices.length ? fillIn(words.choose, data) : data.detail || data.caption);
    if (choices.length) this.button.setAttribute("aria-pressed", data.emphasis === "strong");
    draw(this.image, this.frame, data, size);
  }

  remove() {
    this.item.remove();
  }
}

/** Puts a picture and its frame into their elements; the longer side gets `size` CSS pixels. */
function draw(image, frame, { source, ratio, sharp, frame: shares }, size) {
  if (image.src !== source) image.src = source;
  image.style.width = `${size * Math.min(1, ratio)}px`;
  image.style.height = `${size / Math.max(1, ratio)}px`;
  image.classList.toggle("sharp", sharp);
  frame.hidden = !shares;
  frame.classList.toggle("tiny", Boolean(shares) && shares[2] * shares[3] < TINY);
  ["left", "top", "width", "height"].forEach((side, i) => (frame.style[side] = shares ? `${100 * shares[i]}%` : ""));
}

function fit(views, length, create) {
  while (views.length < length) views.push(create());
  while (views.length > length) views.pop().remove();
}
