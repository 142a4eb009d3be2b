// A bar of light before two cells. The kit's files and model.js precede this file in the same module.
//
// Streamlit calls the default export when the component is mounted, and again, with the same parentElement, whenever
// its data or the theme change. While the bar is held nothing is sent; then where it was let go.

const CELL = 10; // units of the drawing
const FAR = 3; // cells from the middle, along the bar: from there on a drag turns it
const FRAME = { left: 42, right: 20, top: 8, bottom: 24, height: 118 };
const pictures = new WeakMap(); // root -> CellPicture

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".cells");
  if (!pictures.has(root)) pictures.set(root, new CellPicture(root));
  const own = pictures.get(root);
  own.tell = setTriggerValue;
  own.update(data);
  return () => setTimeout(() => root.isConnected || own.resizing.disconnect());
}

class CellPicture {
  constructor(root) {
    const find = (selector) => root.querySelector(selector);
    Object.assign(this, { root, told: find(".told"), legend: find(".legend-of-cells"), holding: null });
    [this.light, this.products, this.turn, this.shift] = [".light", ".products", ".turn", ".shift"].map(find);
    this.resizing = new ResizeObserver(() => this.data && this.turn.clientWidth !== this.room && this.draw());
    this.resizing.observe(this.turn);
    this.light.addEventListener("pointerdown", (event) => this.take(event));
    this.light.addEventListener("pointermove", (event) => this.holding && this.drag(event));
    for (const end of ["pointerup", "pointercancel"]) this.light.addEventListener(end, () => this.letGo());
    this.light.addEventListener("keydown", (event) => this.keyDown(event));
    this.light.addEventListener("blur", () => this.send());
    for (const chart of [this.turn, this.shift]) this.onChart(chart);
  }

  update(data) {
    const isNew = JSON.stringify([this.data?.angle, this.data?.shift]) !== JSON.stringify([data.angle, data.shift]);
    this.data = data;
    if (isNew && !this.holding) this.bar = { angle: data.angle, shift: data.shift };
    const { words } = data;
    for (const name of ["light", "products", "turn", "shift"]) setText(this.root.querySelector(`.${name}-title`), words[name]);
    this.light.setAttribute("aria-label", words.label);
    this.draw();
  }

  take(event) {
    this.light.focus();
    this.light.setPointerCapture(event.pointerId);
    const [row, column] = this.placeOf(event);
    const turned = (this.bar.angle * Math.PI) / 180;
    const along = row * Math.cos(turned) - column * Math.sin(turned);
    this.holding = { isTurned: Math.abs(along) > FAR, grip: this.acrossOf(row, column) - this.bar.shift };
    this.light.classList.add("held");
    event.preventDefault();
  }

  drag(event) {
    const [row, column] = this.placeOf(event);
    const { isTurned, grip } = this.holding;
    if (isTurned) this.move(this.angleOf(row, column), this.bar.shift);
    else this.move(this.bar.angle, this.acrossOf(row, column) - grip);
  }

  /** The angle at which the bar, at its distance from the middle, goes through a place: the one nearer to now. */
  angleOf(row, column) {
    const away = Math.hypot(row, column) || 1;
    const offset = (Math.asin(clamp(this.bar.shift / away, -1, 1)) * 180) / Math.PI;
    const there = (Math.atan2(-column, row) * 180) / Math.PI;
    const candidates = [there + offset, there + 180 - offset, there - 180 - offset, there + offset + 360, there + offset - 360];
    const apart = (angle) => Math.abs(angle - this.bar.angle);
    return candidates.sort((a, b) => apart(a) - apart(b))[0];
  }

  acrossOf(row, column) {
    const turned = (this.bar.angle * Math.PI) / 180;
    return column * Math.cos(turned) + row * Math.sin(turned);
  }

  /** Rows and columns from the middle. */
  placeOf(event) {
    const { left, top, width, height } = this.light.getBoundingClientRect();
    const [x, y] = [(event.clientX - left) / width, (event.clientY - top) / height];
    return [(y - 0.5) * this.data.side, (x - 0.5) * this.data.side];
  }

  letGo() {
    this.holding = null;
    this.light.classList.remove("held");
    this.send();
  }

  keyDown(event) {
    const [across, down] = ACROSS_DOWN[event.key] ?? [0, 0];
    if (!across && !down) return;
    event.preventDefault();
    this.move(this.bar.angle - 5 * down, this.bar.shift + across);
    clearTimeout(this.later);
    this.later = setTimeout(() => this.send(), 600);
  }

  /** A place on the axis of a chart is an angle, or a shift. */
  onChart(chart) {
    const go = (event) => {
      const [low, high] = this.rangeOf(chart);
      const { left, width } = chart.getBoundingClientRect();
      const unit = zoomOf();
      const share = ((event.clientX - left) / unit - FRAME.left) / (width / unit - FRAME.left - FRAME.right);
      const value = clamp(low + share * (high - low), low, chart === this.turn ? 179 : high);
      this.move(chart === this.turn ? value : this.bar.angle, chart === this.turn ? this.bar.shift : value);
    };
    chart.addEventListener("pointerdown", (event) => {
      chart.setPointerCapture(event.pointerId);
      this.holding = {};
      go(event);
    });
    chart.addEventListener("pointermove", (event) => this.holding && event.buttons && go(event));
    for (const end of ["pointerup", "pointercancel"]) chart.addEventListener(end, () => this.letGo());
  }

  rangeOf(chart) {
    const { angles, places } = this.data;
    return chart === this.turn ? [angles[0], angles.at(-1)] : [places[0], places.at(-1)];
  }

  move(angle, shift) {
    const most = this.data.places.at(-1);
    this.bar = turnedTo(angle, clamp(Math.round(shift), -most, most));
    this.draw();
  }

  send() {
    clearTimeout(this.later);
    const { angle, shift } = this.bar;
    if (angle !== this.data.angle || shift !== this.data.shift) this.tell("held", { angle, shift });
  }

  draw() {
    const { data, bar } = this;
    this.room = this.turn.clientWidth;
    if (!this.room) return;
    const light = lightOf(data.side, bar.angle, bar.shift);
    this.drawLight(light);
    this.drawProducts(productsOf(data, light));
    const turns = data.angles.map((angle) => answersTo(data, angle, bar.shift));
    const shifts = data.places.map((shift) => answersTo(data, bar.angle, shift));
    this.drawCurves(this.turn, data.angles, turns, bar.angle, [0, 45, 90, 135, 180], (value) => `${value}°`);
    this.drawCurves(this.shift, data.places, shifts, bar.shift, [-8, -4, 0, 4, 8], (value) => short(value));
    const answers = answersTo(data, bar.angle, bar.shift);
    this.nameCells(answers);
    const said = { angle: bar.angle, shift: short(bar.shift), simple: answers.simple.toFixed(1), complex: answers.complex.toFixed(1) };
    setText(this.told, fillIn(data.words.told, said));
    Object.assign(this.root.dataset, { angle: bar.angle, shift: bar.shift, simple: said.simple, complex: said.complex });
  }

  drawLight(light) {
    this.light.replaceChildren();
    cellsOf(this.light, light, (value) => `rgb(${Array(3).fill(Math.round(40 + 215 * value)).join(" ")})`);
    const [plus, minus] = this.ends();
    const region = (x, columns, colour) =>
      appendSvg(this.light, "rect", { class: "region", x: x * CELL, y: 3 * CELL, width: columns * CELL, height: 11 * CELL, stroke: colour });
    for (const x of [4, 10]) region(x, 3, minus);
    region(7, 3, plus);
    for (const [x, text, fill] of [[5.5, "−", minus], [8.5, "+", plus], [11.5, "−", minus]])
      appendSvg(this.light, "text", { class: "sign", x: x * CELL, y: 2.6 * CELL, fill }, text);
  }

  drawProducts(products) {
    this.products.replaceChildren();
    const stops = stopsOf(this.data.signs[Number(isDark(this.root))]);
    cellsOf(this.products, products, (value) => css(between(stops, clamp(0.5 + value / 4, 0, 1))));
  }

  /** The colours of what excites and what inhibits. */
  ends() {
    const scale = this.data.signs[Number(isDark(this.root))];
    return [scale.at(-2)[1], scale[1][1]];
  }

  drawCurves(svg, at, answers, now, ticks, written) {
    const unit = zoomOf();
    const [width, { left, right, top, bottom, height }] = [this.room / unit, FRAME];
    svg.replaceChildren();
    svg.style.height = `${height * unit}px`;
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const x = (value) => left + ((value - at[0]) / (at.at(-1) - at[0])) * (width - left - right);
    const y = (value) => height - bottom - (value / this.data.best) * (height - top - bottom);
    for (const value of [0, this.data.best]) {
      appendSvg(svg, "line", { class: "axis", x1: left, x2: width - right, y1: y(value), y2: y(value), "stroke-opacity": value ? 0.3 : 1 });
      appendSvg(svg, "text", { x: left - 8, y: y(value) + 5, "text-anchor": "end" }, short(value));
    }
    for (const value of ticks) appendSvg(svg, "text", { x: x(value), y: height - 6, "text-anchor": "middle" }, written(value));
    appendSvg(svg, "line", { class: "cursor", x1: x(now), x2: x(now), y1: top, y2: height - bottom });
    ["complex", "simple"].forEach((cell, i) => {
      const points = answers.map((answer, j) => `${x(at[j]).toFixed(1)},${y(answer[cell]).toFixed(1)}`).join(" ");
      appendSvg(svg, "polyline", { class: `curve ${cell}`, points, stroke: this.data.colours[1 - i], "stroke-dasharray": cell === "complex" ? "9 4" : "none" });
    });
    const { simple, complex } = answersTo(this.data, this.bar.angle, this.bar.shift);
    [complex, simple].forEach((value, i) => appendSvg(svg, "circle", { cx: x(now), cy: y(value), r: 5, fill: this.data.colours[1 - i] }));
  }

  nameCells({ simple, complex }) {
    const { words, colours } = this.data;
    this.legend.replaceChildren();
    [[words.simple, simple], [words.complex, complex]].forEach(([name, value], i) => {
      const entry = append(this.legend, "li");
      append(entry, "i").style.background = colours[i];
      append(entry, "span", "", `${name} ${value.toFixed(1)}`);
    });
  }
}

function cellsOf(svg, values, colour) {
  const side = Math.sqrt(values.length);
  values.forEach((value, i) =>
    appendSvg(svg, "rect", { x: (i % side) * CELL, y: Math.floor(i / side) * CELL, width: CELL, height: CELL, fill: colour(value) }),
  );
}
