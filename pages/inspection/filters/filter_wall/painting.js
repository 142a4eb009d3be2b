// Kernels as small pictures: their colours, and how many of them go side by side.

const LEAST = 4; // CSS pixels of a tile's side
const MOST = 132;

/** The colour of a signed value on a scale from -limit to limit; null for one that is not finite. */
function signed(ramp, value, limit) {
  return Number.isFinite(value) ? ramp[Math.round(127.5 * (1 + clamp(value / limit, -1, 1)))] : null;
}

/** A canvas of width x height pixels, each coloured by `colorAt(row, column)`: [red, green, blue] or null. */
function bitmap(width, height, colorAt) {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const image = new ImageData(width, height);
  for (let row = 0, at = 0; row < height; row++) {
    for (let column = 0; column < width; column++, at += 4) {
      const color = colorAt(row, column);
      if (color) image.data.set([...color, 255], at);
    }
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}

/** Draws a bitmap, pixel by pixel, as large as fits into `side` x `side` at x and y; what is transparent is hatched. */
function paintInto(context, source, x, y, side) {
  const scale = side / Math.max(source.width, source.height);
  const [width, height] = [source.width * scale, source.height * scale];
  context.imageSmoothingEnabled = false;
  context.drawImage(source, x + (side - width) / 2, y + (side - height) / 2, width, height);
}

/** Rows of `across` squares, or of as many as make them largest, in width x height; `below` are pixels for a caption.
 *
 * Where they do not fit even as small as can be, the rows go on below.
 */
function layout(count, width, height, across = 0, below = 0) {
  const sizes = (columns) => {
    const step = Math.floor(Math.min(width / columns, MOST + 6, (height + 4) / Math.ceil(count / columns) - below));
    const gap = step >= 24 ? 6 : step >= 12 ? 3 : step >= 6 ? 1 : 0;
    return { columns, gap, side: step - gap, below };
  };
  if (across) return atLeast(sizes(across));
  let best = sizes(1);
  for (let columns = 2; columns <= count && width / columns >= LEAST; columns++) {
    const next = sizes(columns);
    if (next.side > best.side) best = next;
  }
  return atLeast(best.side >= LEAST ? best : { ...best, columns: Math.floor(width / (LEAST + 1)), gap: 1 });
}

function atLeast(sizes) {
  return { ...sizes, side: Math.max(sizes.side, LEAST) };
}

/** Left and top of tile `index`. */
function placeOf(index, { columns, side, gap, below }) {
  return [(index % columns) * (side + gap), Math.floor(index / columns) * (side + gap + below)];
}

/** Height of all rows. */
function heightOf(count, { columns, side, gap, below }) {
  return Math.ceil(count / columns) * (side + gap + below);
}

/** Three digits that count, of a power of ten too. */
function number(value) {
  return short(value, 3, 2);
}
