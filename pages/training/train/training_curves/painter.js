// Paints the panes of training curves. Data are as Python described them; here they are scaled to the width.

const NARROW = 640; // CSS pixels of width below which the panes stand below each other
const SMALL = 15; // CSS pixels of type
const LARGE = 17;
const BETWEEN = 28; // CSS pixels between two panes side by side
const AWAY = 10; // CSS pixels between the end of a line and its label
const SIDES = 12; // margins grow in steps of this many pixels, so that a new digit does not move the axes

/** The colours and fonts of the page as it is now. */
function lookOf(element) {
  const style = getComputedStyle(element);
  const read = (name, fallback) => style.getPropertyValue(name).trim() || fallback;
  const family = read("--st-font", "sans-serif");
  return {
    text: read("--st-text-color", "#222"),
    line: read("--st-border-color", "#ccc"),
    page: read("--st-background-color", "#fff"),
    plain: `${SMALL}px ${family}`,
    bold: `700 ${SMALL}px ${family}`,
    title: `700 ${LARGE}px ${family}`,
    unit: `${LARGE}px ${family}`,
  };
}

/** Where each pane's plot lies in a drawing of some width: {pane, left, right, top, bottom} in CSS pixels. */
function placesOf(data, context, look, width) {
  const sides = data.panes.map((pane) => sidesOf(data, pane, context, look));
  if (width < NARROW) {
    const [left, right] = [0, 1].map((side) => Math.max(...sides.map((each) => each[side])));
    return data.panes.map((pane, i) => boxOf(data, pane, left, Math.max(width - right, left + 1), i * data.height));
  }
  const margins = sides.flat().reduce((sum, each) => sum + each, 0);
  const room = (width - margins - BETWEEN * (sides.length - 1)) / sides.length;
  let start = 0;
  return data.panes.map((pane, i) => {
    const left = start + sides[i][0];
    start = left + room + sides[i][1] + BETWEEN;
    return boxOf(data, pane, left, left + room, 0);
  });
}

function boxOf(data, pane, left, right, above) {
  return { pane, left, right, top: above + data.top, bottom: above + data.height - data.bottom };
}

/** Pixels left of a plot for the ticks, and right of it for the labels and for the unit of the x axis. */
function sidesOf(data, pane, context, look) {
  const stepped = (width) => SIDES * Math.ceil(width / SIDES);
  const widest = (texts, font) => {
    context.font = font;
    return Math.max(0, ...texts.map((text) => context.measureText(text).width));
  };
  const ticks = widest(pane.ticks.map(([, text]) => text), look.plain);
  const labels = widest(pane.labels.flatMap((label) => label.rows), look.bold);
  return [stepped(ticks + 10), Math.max(stepped(labels + AWAY + 2), 84)];
}

/** The place of an epoch in a plot. */
function xOf(data, box, epoch) {
  return box.left + (epoch / data.end) * (box.right - box.left);
}

const SCALES = { log: Math.log10, errors: (percent) => -Math.log10(100 - percent) };

/** The place of a measured value in a plot. */
function yOf({ pane, top, bottom }, value) {
  const scale = SCALES[pane.scale];
  const [low, high] = pane.limits.map(scale);
  const shown = Math.min(Math.max(value, pane.shown[0]), pane.shown[1]);
  return bottom - ((scale(shown) - low) / (high - low)) * (bottom - top);
}

function paint(context, data, boxes, look) {
  context.lineJoin = context.lineCap = "round";
  for (const box of boxes) {
    paintAxes(context, data, box, look);
    context.save();
    context.beginPath(); // half a mark may stand out of the plot
    context.rect(box.left - 6, box.top - 6, box.right - box.left + 12, box.bottom - box.top + 6);
    context.clip();
    paintChangeLines(context, data, box);
    for (const line of box.pane.lines) paintLine(context, data, box, line);
    context.restore();
    paintChangeTexts(context, data, box, look);
    const column = AWAY + xOf(data, box, Math.max(...box.pane.labels.map(({ x }) => x)));
    for (const label of box.pane.labels) paintLabel(context, data, box, label, column, look);
  }
}

function paintAxes(context, data, box, look) {
  const { pane, left, right, top, bottom } = box;
  context.fillStyle = look.text;
  context.textBaseline = "alphabetic";
  context.textAlign = "left";
  context.font = look.title;
  context.fillText(pane.title, left, top - 14);
  const indent = context.measureText(`${pane.title} `).width;
  context.font = look.unit;
  context.fillText(`(${pane.unit})`, left + indent, top - 14);
  context.font = look.plain;
  context.fillText(data.words.epochs, right + 28, bottom + 21);
  context.lineWidth = 1;
  context.strokeStyle = look.line;
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const [value, text] of pane.ticks) {
    const y = yOf(box, value);
    stroke(context, [left, y], [right, y]);
    context.fillText(text, left - 8, y + 1);
  }
  context.textAlign = "center";
  context.textBaseline = "alphabetic";
  context.strokeStyle = look.text;
  for (const [value, text] of data.ticks) {
    const x = xOf(data, box, value);
    stroke(context, [x, bottom], [x, bottom + 5]);
    context.fillText(text, x, bottom + 21);
  }
  stroke(context, [left, bottom], [right, bottom]);
}

/** A hairline on whole pixels. */
function stroke(context, [x, y], [toX, toY]) {
  context.beginPath();
  context.moveTo(Math.round(x) + 0.5, Math.round(y) + 0.5);
  context.lineTo(Math.round(toX) + 0.5, Math.round(toY) + 0.5);
  context.stroke();
}

function paintLine(context, data, box, { run, kind, x, y, digits }) {
  const test = kind === "test";
  context.strokeStyle = context.fillStyle = data.runs[run].color;
  context.lineWidth = test ? 3 : 1.75;
  context.setLineDash(test ? [] : [1.75, 3.5]);
  context.lineCap = test ? "round" : "butt";
  context.beginPath();
  x.forEach((epoch, i) => context.lineTo(xOf(data, box, epoch), yOf(box, y[i])));
  context.stroke();
  context.setLineDash([]);
  if (x.length === 1) dot(context, xOf(data, box, x[0]), yOf(box, y[0]), 2.5); // no line yet
  digits.forEach((count, i) => {
    if (count >= data.marked) dot(context, xOf(data, box, x[i]), yOf(box, y[i]), 4.5);
  });
}

function dot(context, x, y, radius) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

function paintChangeLines(context, data, box) {
  context.lineWidth = 1.5;
  context.lineCap = "butt";
  context.setLineDash([6, 4]);
  for (const { color, changes } of data.runs) {
    context.strokeStyle = color;
    for (const [epoch] of changes) {
      const x = xOf(data, box, epoch);
      stroke(context, [x, box.top - 6], [x, box.bottom]);
    }
  }
  context.setLineDash([]);
}

/** Texts where curves seldom are: a loss falls from the upper left, an accuracy rises to the upper right. */
function paintChangeTexts(context, data, box, look) {
  context.font = look.plain;
  context.textAlign = "left";
  context.textBaseline = "middle";
  const ends = []; // of each row, the place where its last text ends
  const changes = data.runs.flatMap(({ color, changes }) => changes.map(([epoch, text]) => ({ color, epoch, text })));
  for (const { color, epoch, text } of changes.sort((a, b) => a.epoch - b.epoch)) {
    const width = context.measureText(text).width;
    const line = xOf(data, box, epoch);
    const x = line + 6 + width > box.right ? line - 6 - width : line + 6;
    let row = ends.findIndex((end) => end < x);
    if (row < 0) row = ends.length;
    if (row > 2) continue; // too many near each other: their lines stay
    ends[row] = x + width + 8;
    const y = box.pane.scale === "log" ? box.top + 9 + 18 * row : box.bottom - 12 - 18 * row;
    write(context, text, x, y, readable(context, color, look), look);
  }
}

/** Labels stand in one column right of all lines; a short line leads to those that are not beside the end of theirs. */
function paintLabel(context, data, box, { run, kind, rows, x, y, place }, column, look) {
  const test = kind === "test";
  const color = data.runs[run].color;
  const [end, height] = [xOf(data, box, x), yOf(box, y)];
  const middle = box.bottom - place;
  if (Math.abs(middle - height) > 6 && column - end < 4 * AWAY) {
    context.strokeStyle = color;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(end + 3, height);
    context.lineTo(column - 2, middle);
    context.stroke();
  }
  context.textAlign = "left";
  context.textBaseline = "middle";
  rows.forEach((text, i) => {
    context.font = test && i === 0 ? look.bold : look.plain;
    const row = middle + (i - (rows.length - 1) / 2) * 18 + 1;
    write(context, text, column, row, readable(context, color, look), look);
  });
}

/** Text that stands out from the lines below it. */
function write(context, text, x, y, color, look) {
  context.strokeStyle = look.page;
  context.lineWidth = 4;
  context.strokeText(text, x, y);
  context.fillStyle = color;
  context.fillText(text, x, y);
}

/** A line's colour for text: nearer to that of the page's text, where the browser can mix. */
function readable(context, color, look) {
  context.fillStyle = color;
  context.fillStyle = `color-mix(in srgb, ${color} 70%, ${look.text})`;
  return context.fillStyle;
}
