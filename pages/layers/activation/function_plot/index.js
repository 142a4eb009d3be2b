// Functions and their slopes on one plot, read at a cursor. drawing.js precedes this file in the same module.
//
// Streamlit calls the default export when the component is mounted, and again, with the same parentElement, whenever
// its data or the theme change. It calls a cleanup when the component is unmounted, but also where one change
// overtakes another: a cleanup ends the plot only when it has left the page.

const plots = new WeakMap(); // root -> Plot
let count = 0; // of plots, for ids

export default function (component) {
  const { data, parentElement } = component;
  const root = parentElement.querySelector(".function-plot");
  if (!plots.has(root)) plots.set(root, new Plot(root));
  const plot = plots.get(root);
  plot.update(data);
  return () => setTimeout(() => root.isConnected || plot.end());
}

class Plot {
  constructor(root) {
    this.root = root;
    this.frame = root.querySelector(".plot");
    this.place = root.querySelector("p");
    this.table = root.querySelector("table");
    this.clip = `function-plot-${(count += 1)}`;
    this.drawing = appendSvg(this.frame, "svg", { "aria-hidden": "true" });
    this.at = null; // the place that a visitor looks at; null: where the cursor rests
    this.resizing = new ResizeObserver(() => this.root.clientWidth !== this.width && this.draw());
    this.resizing.observe(root);
    const on = (type, handler) => this.frame.addEventListener(type, handler.bind(this));
    on("pointermove", this.point);
    on("pointerdown", this.point);
    on("pointerleave", (event) => event.pointerType === "touch" || this.rest());
    on("blur", this.rest);
    on("keydown", this.keyDown);
  }

  update(data) {
    this.data = data;
    this.frame.setAttribute("aria-label", data.alt);
    this.frame.setAttribute("aria-valuemin", data.limits[0][0]);
    this.frame.setAttribute("aria-valuemax", data.limits[0][1]);
    this.fill();
    this.draw();
  }

  draw() {
    const { data } = this;
    this.width = this.root.clientWidth;
    if (!this.width) return; // in a tab that is not open: it is drawn when it gets a width
    const zoom = (this.zoom = zoomOf()); // a drawing is laid out in units of so many CSS pixels
    this.root.classList.toggle("narrow", this.width / zoom < NARROW);
    const width = this.frame.clientWidth / zoom;
    const box = (this.box = boxOf(data, width));
    this.drawing.replaceChildren();
    setAttributes(this.drawing, { viewBox: `0 0 ${width} ${data.height}`, width: width * zoom, height: data.height * zoom });
    const clip = appendSvg(appendSvg(this.drawing, "defs"), "clipPath", { id: this.clip });
    const size = { width: box.right - box.left, height: box.base - box.top };
    appendSvg(clip, "rect", { x: box.left, y: box.top, ...size });
    drawAxes(this.drawing, data, box);
    drawCurves(this.drawing, data, box, this.clip);
    this.cursor = appendSvg(this.drawing, "g");
    drawSteps(this.drawing, data, box); // their words stay readable where the cursor's line crosses them
    this.lookAt();
    this.root.dataset.drawn = data.signature;
  }

  /** The table's rows, one for each function, with a sample of its two lines. */
  fill() {
    const { curves, symbol, words } = this.data;
    this.table.replaceChildren();
    const head = this.table.createTHead().insertRow();
    for (const [text, dash] of [["", null], [words.value, ""], [words.slope, "5 4"]]) {
      const cell = head.appendChild(document.createElement("th"));
      if (dash !== null) sampleOf(cell, "currentColor", dash);
      cell.append(text.replace("{symbol}", symbol));
    }
    const body = this.table.createTBody();
    for (const { name, color } of curves) {
      const row = body.insertRow();
      const title = row.appendChild(document.createElement("th"));
      sampleOf(title, color, "");
      title.append(name);
      row.insertCell();
      row.insertCell();
    }
  }

  point(event) {
    const { left } = this.frame.getBoundingClientRect();
    this.at = this.box.from((event.clientX - left) / this.zoom);
    this.lookAt();
  }

  rest() {
    this.at = null;
    this.lookAt();
  }

  keyDown(event) {
    if (event.key === "Escape") return this.rest();
    const { x } = this.data;
    const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -20, PageUp: 20 };
    const far = { Home: -x.length, End: x.length };
    const by = step[event.key] ?? far[event.key];
    if (by === undefined) return;
    event.preventDefault();
    this.at = x[Math.min(Math.max(this.index() + by, 0), x.length - 1)];
    this.lookAt();
  }

  /** The index of the place nearest to the cursor; a corner near by attracts it. */
  index() {
    const { x, curves, cursor } = this.data;
    const at = this.at ?? cursor;
    const near = (2.5 * (x.at(-1) - x[0])) / Math.max(this.box.right - this.box.left, 1);
    const corner = curves.flatMap((curve) => curve.corners).find(([place]) => Math.abs(place - at) < near);
    const wanted = corner && !x.includes(at) ? corner[0] : at;
    let best = 0;
    x.forEach((place, i) => {
      if (Math.abs(place - wanted) < Math.abs(x[best] - wanted)) best = i;
    });
    return best;
  }

  lookAt() {
    if (!this.box) return;
    const { data } = this;
    const { words } = data;
    const index = this.index();
    this.cursor.replaceChildren();
    drawCursor(this.cursor, data, this.box, this.clip, index);
    const place = fillIn(words.place, { symbol: data.symbol, x: number(data.x[index], data.places) });
    this.place.textContent = place;
    const said = data.curves.map((curve, i) => {
      const [, value, slope] = this.table.tBodies[0].rows[i].cells;
      value.textContent = number(curve.values[index], 4);
      slope.textContent = slopeText(curve, index, data);
      return fillIn(words.one, { name: curve.name, value: value.textContent, slope: slope.textContent });
    });
    this.frame.setAttribute("aria-valuenow", data.x[index]);
    this.frame.setAttribute("aria-valuetext", [place, ...said].join("; "));
  }

  end() {
    this.resizing.disconnect();
  }
}

function slopeText(curve, index, { x, words }) {
  return curve.slopes[index] === null ? words.undefined : number(curve.slopes[index], 4);
}

/** A number as people write it, with a true minus sign. */
function number(value, places) {
  const text = Math.abs(value) >= 1e5 ? value.toPrecision(4) : value.toFixed(places);
  return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", "−");
}

function sampleOf(parent, color, dash) {
  const sample = appendSvg(parent, "svg", { viewBox: "0 0 26 10", "aria-hidden": "true" });
  const line = { x1: 0, x2: 26, y1: 5, y2: 5, stroke: color, "stroke-width": 3 };
  appendSvg(sample, "line", dash ? { ...line, "stroke-dasharray": dash } : line);
}
