// Rows of small pictures on canvases. kit's files and inspector.js precede this file in the same module.
//
// Streamlit calls the default export when the component is mounted, and again, with the same parentElement, whenever
// its data or the theme change. Elements are kept and brought up to date in place, so that nothing flickers and what
// a visitor points at stays under the pointer.

const galleries = new WeakMap(); // parentElement -> Tiles

export default function (component) {
  const { data, parentElement } = component;
  const root = parentElement.querySelector(".tiles");
  if (galleries.get(parentElement)?.root !== root) galleries.set(parentElement, new Tiles(root, data.feed));
  galleries.get(parentElement).update(data);
}

class Tiles extends Gallery {
  constructor(root, feed) {
    super(root, new PixelInspector(root.querySelector(".inspector")));
    hear(feed, root, (news) => this.update({ ...this.data, ...news }));
  }

  update(data) {
    this.data = data;
    const { rows, scales, words } = data;
    const dark = isDark(this.root);
    fit(this.rows, rows.length, () => new Row(this.holder));
    this.rows.forEach((row, i) => row.update(rows[i], colorsOf(rows[i], scales, dark)));
    this.inspector.words = words;
    this.inspector.update();
  }

  partAt(tile, event) {
    return pixelAt(tile.canvas, event, [tile.canvas.height, tile.canvas.width]);
  }
}

class Row extends GalleryRow {
  constructor(holder) {
    super(holder);
    this.legend = append(this.head, "span", "legend");
    this.low = append(this.legend, "span");
    this.ramp = append(this.legend, "canvas");
    this.high = append(this.legend, "span");
    this.ramp.setAttribute("aria-hidden", "true");
    this.drawn = "";
  }

  update(data, colors) {
    this.data = data;
    this.colors = colors;
    this.fit(data.title, data.tiles.length, (index) => new Tile(this, index));
    this.drawLegend();
    this.tiles.forEach((tile, i) => tile.update(data.tiles[i], data));
    const drawing = [data.height, data.width, colors.join(), data.pixels].join(";");
    if (drawing === this.drawn) return;
    this.drawn = drawing;
    this.bytes = Uint8Array.from(atob(data.pixels), (character) => character.charCodeAt(0));
    this.tiles.forEach((tile, i) => this.paint(tile.canvas, i));
  }

  /** Draws one of its pictures. */
  paint(canvas, index) {
    const { width, height } = this.data;
    if (inColour(this.data)) paintPhoto(canvas, this.bytesOf(index), width, height, 3);
    else paint(canvas, this.bytesOf(index), width, height, this.colors);
  }

  bytesOf(index) {
    const area = this.data.width * this.data.height * (inColour(this.data) ? 3 : 1);
    return this.bytes.subarray(index * area, (index + 1) * area);
  }

  drawLegend() {
    const { scale, low, high, base } = this.data;
    this.legend.hidden = scale === "grey" || inColour(this.data) || !this.data.tiles.length;
    setText(this.low, short(low));
    setText(this.high, short(high));
    const codes = Uint8Array.from({ length: 256 - base }, (_, i) => i + base);
    paint(this.ramp, codes, codes.length, 1, this.colors);
  }
}

class Tile extends GalleryTile {
  constructor(row, index) {
    super(row, index);
    this.canvas = append(this.button, "canvas");
    this.canvas.setAttribute("aria-hidden", "true");
    this.caption = append(this.button, "span", "caption");
  }

  update({ caption, detail, emphasis }, { width, height, size }) {
    setText(this.caption, caption);
    this.button.className = emphasis;
    this.button.setAttribute("aria-label", [caption.replaceAll("\n", ", "), detail].filter(Boolean).join(": "));
    const scale = zoom(size, width, height);
    this.canvas.style.width = units(scale * width);
    this.canvas.style.height = units(scale * height);
    this.caption.style.maxWidth = units(Math.max(scale * width, 48) + 16);
  }
}

/** Whether a row has three bytes a pixel. */
function inColour({ scale }) {
  return scale.endsWith("colour");
}

/** CSS pixels that a pixel takes so that the longer side comes near to `size`; whole, so that all look alike. */
function zoom(size, width, height) {
  const exact = size / Math.max(width, height);
  return exact < 1 ? exact : Math.round(exact);
}

function short(value) {
  return String(Number(value.toPrecision(2))).replace("-", "−");
}

/** 256 colours, which rows in colour do not need, as 0xAABBGGRR, one for each byte; a value that is not finite is transparent: the hatching shows. */
function colorsOf({ scale, base }, scales, dark) {
  const stops = stopsOf(scale in scales ? scales[scale][Number(dark)] : [[0, "#000000"], [1, "#ffffff"]]);
  return Uint32Array.from({ length: 256 }, (_, byte) => (byte < base ? 0 : packed(between(stops, (byte - base) / (255 - base)))));
}

/** Draws bytes, row by row, one canvas pixel each. */
function paint(canvas, bytes, width, height, colors) {
  sizeTo(canvas, width, height);
  paintPixels(canvas.getContext("2d"), width, height, (i) => colors[bytes[i]]);
}
