// Colours: of any CSS, of the page, and along a scale, [[position, colour], ...] with positions that ascend from 0 to 1.

/** Red, green and blue of any CSS colour. */
function channelsOf(color) {
  if (/^#[0-9a-f]{6}$/i.test(color)) return [1, 3, 5].map((i) => parseInt(color.slice(i, i + 2), 16));
  const context = document.createElement("canvas").getContext("2d");
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}

/** A colour with a share of another in it, as #rrggbb. */
function mixed(color, other, share) {
  const [a, b] = [channelsOf(color), channelsOf(other)];
  return `#${a.map((value, i) => Math.round(value + share * (b[i] - value)).toString(16).padStart(2, "0")).join("")}`;
}

function brightness([red, green, blue]) {
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}

/** Whether `element` stands on a dark page. */
function isDark(element) {
  const page = getComputedStyle(element).getPropertyValue("--st-background-color").trim() || "#ffffff";
  return brightness(channelsOf(page)) < 128;
}

/** The channels of a scale's colours. */
function stopsOf(scale) {
  return scale.map(([at, color]) => [at, channelsOf(color)]);
}

/** Red, green and blue at the place `at` between stops; not rounded. */
function between(stops, at) {
  const right = Math.max(1, stops.findIndex(([position]) => position >= at));
  const [[from, first], [to, second]] = [stops[right - 1], stops[right]];
  return first.map((value, i) => value + ((at - from) / (to - from)) * (second[i] - value));
}

/** So many colours of a scale, [red, green, blue] each, in even steps from its first to its last. */
function rampOf(scale, count) {
  const stops = stopsOf(scale);
  return Array.from({ length: count }, (_, i) => between(stops, i / (count - 1)).map(Math.round));
}

/** As CSS writes it. */
function css(channels) {
  return `rgb(${channels.map(Math.round).join(" ")})`;
}

/** As a canvas's pixel, 0xAABBGGRR: little-endian, as are all machines that browsers run on. */
function packed(channels) {
  const [red, green, blue] = channels.map(Math.round);
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}
