// The table of exact values at an epoch. painter.js precedes this file in the same module.

const MARGIN = 14; // CSS pixels between the crosshair and the table
const BELOW = 30; // CSS pixels between a plot and the table below it: its ticks stay in sight

class Readout {
  constructor(element) {
    this.element = element;
  }

  hide() {
    this.element.hidden = true;
  }

  /** Shows the values of some panes nearest to an epoch. */
  show(data, panes, epoch) {
    const { words } = data;
    const cell = (text, tag = "td") => ({ text, tag });
    const epochText = this.epochText(data, epoch);
    const head = [cell(`${words.epoch} ${epochText}`, "th")];
    for (const { title } of panes) {
      const prefix = panes.length > 1 ? `${title} ` : "";
      for (const kind of ["train", "test"]) head.push(cell(prefix + words[kind], "th"));
    }
    head.push(cell(words.digits, "th"));
    const rows = data.runs.map((run, number) => {
      const row = [{ ...cell(run.name, "th"), color: run.color }];
      for (const pane of panes) {
        for (const kind of ["train", "test"]) row.push(cell(valueText(pane, nearest(pane, number, kind, epoch))));
      }
      row.push(cell(this.digitsText(data, nearest(panes[0], number, "test", epoch), epochText)));
      return row;
    });
    this.fill(head, rows);
    this.element.classList.toggle("narrow", panes.length === 1);
    this.element.hidden = false;
  }

  epochText(data, epoch) {
    return epoch.toFixed(data.end > 200 ? 1 : 2);
  }

  digitsText(data, point, epochText) {
    if (!point) return "–";
    const digits = point.digits.toLocaleString("en");
    const at = this.epochText(data, point.x);
    return at === epochText ? digits : data.words.at.replace("{digits}", digits).replace("{epoch}", at);
  }

  /** Changes the texts of the table, and builds it anew only where its shape is another. */
  fill(head, rows) {
    const shape = `${head.length} ${rows.length}`;
    if (this.shape !== shape) {
      this.shape = shape;
      const table = document.createElement("table");
      addRow(table.createTHead(), head);
      const body = table.createTBody();
      for (const row of rows) addRow(body, row);
      this.element.replaceChildren(table);
    }
    const cells = this.element.querySelectorAll("th, td");
    [head, ...rows].flat().forEach(({ text, color }, i) => {
      const place = cells[i].lastElementChild;
      if (place.textContent !== text) place.textContent = text;
      if (color) cells[i].firstElementChild.style.background = color;
    });
  }

  /** Below a plot, so that the curves stay in sight; where the window ends there, over its upper part. */
  place(epoch, box, zoom, frame) {
    const own = this.element.getBoundingClientRect();
    const [x, below, margin] = [epoch, box.bottom + BELOW, MARGIN].map((units) => units * zoom);
    const top = frame.top + below + own.height < window.innerHeight ? below : box.top * zoom + margin;
    let left = top === below ? x - own.width / 2 : x + margin;
    if (top !== below && left + own.width > frame.width) left = x - margin - own.width;
    this.element.style.left = `${Math.max(Math.min(left, frame.width - own.width), 0)}px`;
    this.element.style.top = `${top}px`;
  }
}

function addRow(section, cells) {
  const row = section.insertRow();
  for (const { tag, color } of cells) {
    const cell = row.appendChild(document.createElement(tag));
    if (color) cell.append(document.createElement("i"));
    cell.append(document.createElement("span"));
  }
}

/** The point of a run's line nearest to an epoch, as {x, y, digits}, or null where the line is empty. */
function nearest(pane, run, kind, epoch) {
  const line = pane.lines.find((each) => each.run === run && each.kind === kind);
  if (!line.x.length) return null;
  const i = nearestIndex(line.x, epoch);
  return { x: line.x[i], y: line.y[i], digits: line.digits[i] };
}

/** The index of the number nearest to a value, in ascending numbers. */
function nearestIndex(numbers, value) {
  let [low, high] = [0, numbers.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (numbers[middle] < value) low = middle;
    else high = middle;
  }
  return Math.abs(numbers[high] - value) < Math.abs(numbers[low] - value) ? high : low;
}

function valueText(pane, point) {
  if (!point) return "–";
  return pane.scale === "log" ? point.y.toPrecision(4) : `${point.y.toFixed(2)}\u00a0%`;
}
