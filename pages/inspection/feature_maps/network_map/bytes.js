// Numbers that Python sent as one block of bytes, and the colours that they get.

const NUMBERS = { i1: Int8Array, u1: Uint8Array, i2: Int16Array, i4: Int32Array, f4: Float32Array };
const SHADES = 255; // of a colour scale: an odd number, so that zero has one of its own

/** The header of a block of bytes, with its typed arrays in `arrays`. */
function unpack(bytes) {
  const { buffer } = bytes.slice(); // typed arrays need a start at a multiple of eight
  const length = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  const arrays = {};
  for (const [name, { kind, size, at }] of Object.entries(header.arrays)) {
    arrays[name] = new NUMBERS[kind](buffer, 4 + length + at, size);
  }
  return { ...header, arrays };
}

function isSame(bytes, others) {
  return bytes.length === others?.length && bytes.every((byte, i) => byte === others[i]);
}

/** A colour scale as 255 packed colours, the lowest first. */
function shadesOf(scale) {
  return Uint32Array.from(rampOf(scale, SHADES), packed);
}

/** The shade of a value on the scale from -limit to limit. */
function shadeOf(value, limit) {
  return Math.round((clamp(value / limit, -1, 1) + 1) * ((SHADES - 1) / 2));
}

/** Paints numbers as one small picture, `offset` rows down. */
function paintNumbers(context, values, width, height, limit, shades, offset = 0) {
  paintPixels(context, width, height, (i) => shades[shadeOf(values[i], limit)], offset);
}

/** Draws the frame of rows and columns of a picture of `side` pixels on a canvas as large as the picture is shown. */
function frameField(context, [top, bottom], [left, right], side, size, color) {
  const scale = size / side;
  const [x, y] = [Math.max(left, 0) * scale, Math.max(top, 0) * scale];
  const [width, height] = [Math.min(right, side) * scale - x, Math.min(bottom, side) * scale - y];
  context.fillStyle = "rgb(0 0 0 / 45%)";
  context.fillRect(0, 0, size, size);
  context.clearRect(x, y, width, height);
  context.lineWidth = 3;
  context.strokeStyle = color;
  context.strokeRect(clamp(x, 1.5, size - 3), clamp(y, 1.5, size - 3), Math.max(2, Math.min(width, size - x - 1.5)), Math.max(2, Math.min(height, size - y - 1.5)));
}
