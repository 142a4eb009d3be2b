// Training curves that are redrawn in place. hear.js, painter.js and readout.js precede this file in the same module.
//
// Streamlit calls the default export when the component is mounted, and again, with the same parentElement, whenever
// its data or the theme change. It calls a cleanup when the component is unmounted, but also where one change
// overtakes another: a cleanup ends the chart only when it has left the page.

const charts = new WeakMap(); // root -> Curves

export default function (component) {
  const { data, parentElement } = component;
  const root = parentElement.querySelector(".curves");
  if (!charts.has(root)) charts.set(root, new Curves(root, data.feed));
  const chart = charts.get(root);
  chart.update(data);
  return () => setTimeout(() => root.isConnected || chart.end());
}

class Curves {
  constructor(root, feed) {
    this.root = root;
    this.frame = root.querySelector(".frame");
    this.drawing = root.querySelector(".drawing");
    this.cursor = root.querySelector(".cursor");
    this.readout = new Readout(root.querySelector(".readout"));
    this.at = null; // the epoch that a visitor looks at
    this.pane = 0; // the pane that a visitor looks at
    this.byKey = false;
    this.resizing = new ResizeObserver(() => this.frame.clientWidth !== this.measured && this.draw());
    this.resizing.observe(this.frame);
    const on = (type, handler) => this.frame.addEventListener(type, handler.bind(this));
    on("pointermove", this.point);
    on("pointerdown", this.point);
    on("pointerleave", (event) => event.pointerType === "touch" || this.byKey || this.leave());
    on("blur", this.leave);
    on("keydown", this.keyDown);
    hear(feed, root, (news) => this.update({ ...this.data, ...news }));
  }

  update(data) {
    this.data = data;
    this.frame.setAttribute("aria-label", data.alt);
    this.draw();
  }

  draw() {
    const { data, frame } = this;
    this.measured = frame.clientWidth;
    this.zoom = zoomOf(); // a drawing is laid out in units of so many CSS pixels
    this.width = this.measured / this.zoom;
    if (!this.width) return; // in a tab that is not open: it is drawn when it gets a width
    this.narrow = this.width < NARROW;
    this.height = data.height * (this.narrow ? data.panes.length : 1);
    frame.style.height = `${this.height * this.zoom}px`;
    this.look = lookOf(this.root);
    const context = fitCanvas(this.drawing, this.width, this.height, this.zoom);
    this.boxes = placesOf(data, context, this.look, this.width);
    paint(context, data, this.boxes, this.look);
    this.tell();
    this.lookAt();
  }

  /** What is drawn, for those who cannot read a canvas: [pane, run, kind, points] of every line. */
  tell() {
    const { panes, runs } = this.data;
    const lines = panes.flatMap((pane) =>
      pane.lines.map(({ run, kind, x }) => [pane.name, runs[run].name, kind, x.length]),
    );
    this.frame.dataset.lines = JSON.stringify(lines);
    this.frame.dataset.points = lines.reduce((sum, line) => sum + line[3], 0);
  }

  point(event) {
    const { left, top } = this.frame.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top].map((pixels) => pixels / this.zoom);
    const isReached = (box) => (this.narrow ? y >= box.top - this.data.top : x >= box.left - 3 * SIDES);
    this.pane = Math.max(this.boxes.findLastIndex(isReached), 0);
    const box = this.boxes[this.pane];
    this.at = Math.min(Math.max((x - box.left) / (box.right - box.left), 0), 1) * this.data.end;
    this.byKey = false;
    this.lookAt();
  }

  keyDown(event) {
    if (event.key === "Escape") return this.leave();
    const epochs = this.epochs();
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: 0, ArrowDown: 0, Home: -epochs.length, End: epochs.length };
    if (!(event.key in step) || !epochs.length) return;
    event.preventDefault();
    this.byKey = true;
    if (event.key === "ArrowUp") this.pane = 0;
    if (event.key === "ArrowDown") this.pane = this.boxes.length - 1;
    const from = this.at === null ? epochs.length : nearestIndex(epochs, this.at);
    this.at = epochs[Math.min(Math.max(from + step[event.key], 0), epochs.length - 1)];
    this.lookAt();
  }

  /** Every epoch where something drawn was measured, ascending. */
  epochs() {
    const lines = this.data.panes.flatMap((pane) => pane.lines);
    return Float64Array.from(new Set(lines.flatMap((line) => line.x))).sort();
  }

  leave() {
    this.at = null;
    this.byKey = false;
    this.lookAt();
  }

  /** Draws the crosshair and the table of values at the epoch that is looked at. */
  lookAt() {
    const epochs = this.at === null ? [] : this.epochs();
    if (!epochs.length && this.cursor.hidden) return;
    this.cursor.hidden = !epochs.length;
    if (!epochs.length) return this.readout.hide();
    const { data, boxes } = this;
    const epoch = epochs[nearestIndex(epochs, this.at)];
    const context = fitCanvas(this.cursor, this.width, this.height, this.zoom);
    for (const box of boxes) this.paintCrosshair(context, box, epoch);
    const box = boxes[this.pane];
    this.readout.show(data, this.narrow ? [box.pane] : data.panes, epoch);
    this.readout.place(xOf(data, box, epoch), box, this.zoom, this.frame.getBoundingClientRect());
  }

  paintCrosshair(context, box, epoch) {
    const { data, look } = this;
    context.strokeStyle = look.text;
    context.lineWidth = 1;
    const x = xOf(data, box, epoch);
    stroke(context, [x, box.top], [x, box.bottom]);
    context.lineWidth = 2;
    data.runs.forEach(({ color }, run) => {
      const point = nearest(box.pane, run, "test", epoch);
      const y = point && yOf(box, point.y);
      if (!point || y > box.bottom + 6 || y < box.top - 6) return;
      context.fillStyle = color;
      context.strokeStyle = look.page;
      dot(context, xOf(data, box, point.x), y, 5.5);
      context.stroke();
    });
  }

  end() {
    this.resizing.disconnect();
  }
}
