// Colours: those of the page as it is now, and scales from values to colours.

const LEVELS = 510; // steps of a colour scale
const RGB = ["#ff5a52", "#39c26a", "#5b8dff"]; // the full light of a plane of red, green and blue

/** The page's colours and fonts. */
function lookOf(element, scales) {
  const style = getComputedStyle(element);
  const read = (name, fallback) => style.getPropertyValue(name).trim() || fallback;
  const page = read("--st-background-color", "#ffffff");
  const text = read("--st-text-color", "#14212f");
  const dark = brightness(channelsOf(page)) < 128;
  return {
    page,
    text,
    dark,
    quiet: mixed(text, page, 0.3),
    line: mixed(text, page, 0.76),
    strong: mixed(text, page, 0.35),
    accent: read("--st-orange-color", "#b84a00"),
    warning: read("--st-red-color", "#c62828"),
    family: read("--st-font", "sans-serif"),
    diverging: scales[Number(dark)],
    hatches: new Map(),
  };
}

function scaleOf(scale, plane, look) {
  if (scale === "diverging") return look.diverging;
  return [[0, "#000000"], [1, scale === "rgb" ? RGB[plane] : "#ffffff"]];
}

/** A colour scale: 511 colours from low to high, among them the theme's and 256 greys. `pale` fades into the page. */
class Scale {
  constructor(scale, [low, high], plane, look) {
    Object.assign(this, { low, high, factor: LEVELS / (high - low) });
    const page = channelsOf(look.page);
    this.colors = rampOf(scaleOf(scale, plane, look), LEVELS + 1);
    this.pale = this.colors.map((color) => color.map((value, i) => Math.round(value + 0.6 * (page[i] - value))));
    this.packed = Uint32Array.from(this.colors, packed);
    this.packedPale = Uint32Array.from(this.pale, packed);
  }

  /** The step of the scale nearest to a value. */
  index(value) {
    const step = (value - this.low) * this.factor + 0.5;
    return step >= LEVELS ? LEVELS : step > 0 ? step | 0 : 0;
  }

  css(value) {
    return css(this.colors[this.index(value)]);
  }

  /** Black or white, whichever is read more easily on a value's colour. */
  ink(value, pale = false) {
    return brightness((pale ? this.pale : this.colors)[this.index(value)]) < 140 ? "#ffffff" : "#10171f";
  }
}

/** Slanting lines as a pattern: "/" for padding, "x" for what is never read, "!" for what is impossible. */
function hatch(context, look, kind) {
  if (!look.hatches.has(kind)) {
    const tile = Object.assign(document.createElement("canvas"), { width: 8, height: 8 });
    const pen = tile.getContext("2d");
    pen.strokeStyle = { "/": look.quiet, x: look.text, "!": look.warning }[kind];
    pen.globalAlpha = kind === "/" ? 0.45 : 0.75;
    pen.lineWidth = kind === "/" ? 1 : 1.25;
    pen.beginPath();
    for (const shift of [-8, 0, 8]) {
      pen.moveTo(shift, 8);
      pen.lineTo(shift + 8, 0);
      if (kind !== "/") {
        pen.moveTo(shift, 0);
        pen.lineTo(shift + 8, 8);
      }
    }
    pen.stroke();
    look.hatches.set(kind, context.createPattern(tile, "repeat"));
  }
  return look.hatches.get(kind);
}
