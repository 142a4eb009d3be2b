// What the pyramid and the photograph share: colours, hatching, and rounded cells.

const UP = "#1098d8";
const HATCH = 5; // CSS pixels between two lines

class Look {
  constructor(root, scale) {
    const style = getComputedStyle(root);
    const named = (name) => style.getPropertyValue(`--st-${name}-color`).trim();
    this.dark = Number(isDark(root));
    [this.text, this.border, this.page, this.accent] = ["text", "border", "background", "primary"].map(named);
    this.quiet = mixed(this.text, this.page, 0.4);
    this.idle = mixed(this.text, this.page, 0.78);
    this.faint = mixed(this.text, this.page, 0.86);
    this.ramp = rampOf(scale[this.dark], 256);
    this.font = style.fontFamily;
  }
}

/** Lines from the lower left to the upper right over a rectangle. */
function hatch(context, x, y, width, height, color) {
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  context.strokeStyle = color;
  context.lineWidth = 1;
  context.beginPath();
  for (let at = Math.floor((x + y) / HATCH) * HATCH; at < x + y + width + height + HATCH; at += HATCH) {
    context.moveTo(at - y, y);
    context.lineTo(at - y - height, y + height);
  }
  context.stroke();
  context.restore();
}

function cell(context, x, y, width, height, color) {
  context.fillStyle = color;
  context.beginPath();
  context.roundRect(x - width / 2, y - height / 2, width, height, Math.min(4, width / 3));
  context.fill();
}

/** A text, cut off with an ellipsis where it is wider than `room`. */
function fitted(context, text, room) {
  if (context.measureText(text).width <= room) return text;
  let cut = text;
  while (cut.length > 1 && context.measureText(`${cut}…`).width > room) cut = cut.slice(0, -1);
  return `${cut}…`;
}
