// Rows of pictures, each with a frame. kit's files and inspector.js precede this file in the same module.
//
// Streamlit calls the default export when the component is mounted, and again, with the same parentElement, whenever
// its data or the theme change. Elements are kept and brought up to date in place, so that nothing flickers.

const TINY = 0.06; // share of the picture below which a frame leaves the rest as bright as it is

const galleries = new WeakMap(); // parentElement -> Exemplars

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".gallery");
  if (galleries.get(parentElement)?.root !== root) galleries.set(parentElement, new Exemplars(root));
  const gallery = galleries.get(parentElement);
  gallery.choose = (number) => setTriggerValue("chosen", number);
  gallery.update(data);
}

class Exemplars extends Gallery {
  constructor(root) {
    super(root, new PictureInspector(root.querySelector(".inspector")));
  }

  update({ rows, words }) {
    fit(this.rows, rows.length, () => new Row(this.holder));
    this.rows.forEach((row, i) => row.update(rows[i], words));
    this.inspector.update();
    this.root.dataset.drawn = rows.map((row) => row.exemplars.length).join(" ");
  }

  press(tile) {
    const { choices } = tile.row.data;
    if (choices.length) this.choose(choices[tile.index]);
    else this.inspector.toggle(tile);
  }
}

class Row extends GalleryRow {
  update(data, words) {
    this.data = data;
    this.element.classList.toggle("line", data.choices.length > 0);
    this.fit(data.title, data.exemplars.length, (index) => new Tile(this, index));
    this.tiles.forEach((tile, i) => tile.update(data.exemplars[i], data, words));
    if (data.choices.length) this.showChosen();
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

class Tile extends GalleryTile {
  constructor(row, index) {
    super(row, index);
    const picture = append(this.button, "span", "picture");
    [this.image, this.frame] = [append(picture, "img"), append(picture, "span", "frame")];
    this.image.alt = "";
    this.caption = append(this.button, "span", "caption");
  }

  update(data, { size, choices }, words) {
    this.data = data;
    setText(this.caption, data.caption);
    this.caption.style.maxWidth = units(size + 12);
    this.button.className = data.emphasis;
    this.button.setAttribute("aria-label", choices.length ? fillIn(words.choose, data) : data.detail || data.caption);
    if (choices.length) this.button.setAttribute("aria-pressed", data.emphasis === "strong");
    draw(this.image, this.frame, data, size);
  }
}

/** Puts a picture and its frame into their elements; the longer side gets `size` CSS pixels. */
function draw(image, frame, { source, ratio, sharp, frame: shares }, size) {
  if (image.src !== source) image.src = source;
  image.style.width = units(size * Math.min(1, ratio));
  image.style.height = units(size / Math.max(1, ratio));
  image.classList.toggle("sharp", sharp);
  frame.hidden = !shares;
  frame.classList.toggle("tiny", Boolean(shares) && shares[2] * shares[3] < TINY);
  ["left", "top", "width", "height"].forEach((side, i) => (frame.style[side] = shares ? `${100 * shares[i]}%` : ""));
}
