// Pictures of pixels with a class each, and which of them is pointed at.

const BLEND = 0.72; // the share of a class's colour in a pixel

/** Red, green and blue of the pixel `i` of a picture of grey or colours. */
function shade({ pixels, channels }, i) {
  const [red, green, blue] = channels === 3 ? [0, 1, 2] : [0, 0, 0];
  return [red, green, blue].map((channel) => pixels[channels * i + channel]);
}

/** The colour of the pixel `i` of a `tile`, as a canvas has it: its class over the picture, the picture alone, or, where `truth` is given, only what differs from it. */
function colorOf(tile, i, colors, truth = null) {
  const under = shade(tile, i);
  if (!tile.mask) return packed(under);
  const own = tile.mask[i];
  if (truth) return packed(own === truth[i] ? under.map((value) => 0.45 * value) : MISTAKEN);
  return packed(own === 0 ? under : under.map((value, channel) => value + BLEND * (colors[own][channel] - value)));
}

const MISTAKEN = [255, 64, 96]; // red, green, blue of a pixel whose class is not the true one

/** The pixel [row, column] that lies `steps` away, as far as there are pixels. */
function pixelBeside(pixel, steps, size) {
  return pixel.map((value, axis) => clamp(value + steps[axis], 0, size[axis] - 1));
}
