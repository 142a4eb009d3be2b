// Pictures of pixels with a class each, and which of them is pointed at.

const BLEND = 0.72; // the share of a class's colour in a pixel

/** Red, green and blue of the pixel `i` of a picture of grey or colours. */
function shade({ pixels, channels }, i) {
  const [red, green, blue] = channels === 3 ? [0, 1, 2] : [0, 0, 0];
  return [red, green, blue].map((channel) => pixels[channels * i + channel]);
}

/** The colour of the pixel `i` of a `tile`, as a canvas has it: its class over the picture, or the picture alone. */
function colorOf(tile, i, colors) {
  const under = shade(tile, i);
  if (!tile.mask || tile.mask[i] === 0) return packed(under);
  return packed(blended(under, colors[tile.mask[i]]));
}

/** The same of where the class is wrong: what is right is dark. */
function errorOf(tile, i) {
  return packed(tile.mask[i] === tile.truth[i] ? shade(tile, i).map((value) => 0.45 * value) : MISTAKEN);
}

/** The same of the overlap of class `of` with its truth: in both, only called so, and missed. */
function overlapOf(tile, i, of) {
  const kind = 2 * (tile.mask[i] === of) + (tile.truth[i] === of);
  return packed(kind ? blended(shade(tile, i), OVERLAP[kind - 1]) : shade(tile, i).map((value) => 0.6 * value));
}

/** How many pixels are in both, only called `of`, and missed. */
function counts({ mask, truth }, of) {
  const made = [0, 0, 0]; // missed, only called so, in both
  mask.forEach((own, i) => {
    const kind = 2 * (own === of) + (truth[i] === of);
    if (kind) made[kind - 1] += 1;
  });
  const [missed, wrong, both] = made;
  return { both, wrong, missed };
}

function blended(under, color) {
  return under.map((value, channel) => value + BLEND * (color[channel] - value));
}

const MISTAKEN = [255, 64, 96]; // red, green, blue of a pixel whose class is not the true one
const OVERLAP = [[16, 152, 216], [240, 128, 32], [40, 190, 110]]; // of those that are missed, only called so, and in both

/** The pixel [row, column] that lies `steps` away, as far as there are pixels. */
function pixelBeside(pixel, steps, size) {
  return pixel.map((value, axis) => clamp(value + steps[axis], 0, size[axis] - 1));
}

/** Whether a class is in the legend: all of them where the tiles know the truth, else those that some pixel has. */
function shownClasses(tiles) {
  if (tiles.some(({ truth }) => truth)) return () => true;
  const there = new Set(tiles.flatMap(({ mask }) => (mask ? [...new Set(mask)] : [])));
  return (number) => there.has(number);
}

/** The three likeliest classes of the pixel `i`, and their probabilities, sent in per cent, as a sentence names them. */
function likeliest(likely, i, names) {
  const [first, p, second, q, third, r] = likely.slice(6 * i, 6 * i + 6);
  const told = (percent) => probability(percent / 100, 0);
  return { first: names[first], p: told(p), second: names[second], q: told(q), third: names[third], r: told(r) };
}
