// Numbers as text, colours, and small helpers for elements and canvases.

/** A number to so many significant digits; powers of ten where it is very small or large. */
function format(value, digits = 3) {
  return Number.isFinite(value) ? short(value, digits, digits - 2).replace("e+", "e") : "∞";
}

/** A coordinate: as many decimals as make sense in the area, always the same. */
function coordinate(value, decimals) {
  if (Math.abs(value) >= 1e4) return format(value, 2);
  return value.toFixed(decimals).replace(/^-(?=0\.?0*$)/, "").replace("-", "−");
}

/** The page's colours and font as they are now. */
function lookOf(element) {
  const style = getComputedStyle(element);
  const read = (name, fallback) => style.getPropertyValue(name).trim() || fallback;
  const [page, text] = [read("--st-background-color", "#ffffff"), read("--st-text-color", "#14212f")];
  return {
    page,
    text,
    dark: brightness(channelsOf(page)) < 128,
    quiet: mixed(text, page, 0.3),
    line: mixed(text, page, 0.8),
    family: read("--st-font", "sans-serif"),
  };
}

const CORNERS = [0, 4, 4, 3, 3, 6, 5]; // of the marks: a circle, a square, a diamond, triangles, a hexagon, a pentagon
const TURNS = [0, Math.PI / 4, 0, 0, Math.PI, 0, Math.PI]; // from a corner on top

/** Draws the mark of racer number `index`, filled, with a rim of the page's colour. */
function drawMark(context, index, x, y, radius, color, rim) {
  const corners = CORNERS[index % CORNERS.length];
  context.beginPath();
  if (!corners) context.arc(x, y, radius, 0, 2 * Math.PI);
  for (let i = 0; i < corners; i++) {
    const angle = TURNS[index % CORNERS.length] + (2 * Math.PI * i) / corners;
    const far = radius * (corners < 5 ? 1.22 : 1.08);
    context[i ? "lineTo" : "moveTo"](x + far * Math.sin(angle), y - far * Math.cos(angle));
  }
  context.closePath();
  context.lineWidth = 2;
  context.strokeStyle = rim;
  context.fillStyle = color;
  context.fill();
  context.stroke();
}
