// Two searches for weights. hand_network/model.js and layout.js, and curves.js precede this file in the same module.
//
// Streamlit calls the default export when the component is mounted, and again whenever its data or the theme change.

const NARROW = 620; // CSS pixels: below, the weights stand below the chart
const HIGHEST = 10; // where the axis ends: an error that diverges lies on its end
const SIZE = { wide: [990, 372], slim: [372, 446] };

const pictures = new WeakMap(); // parentElement -> Searches

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".two-searches");
  if (pictures.get(parentElement)?.root !== root) pictures.set(parentElement, new Searches(root));
  const searches = pictures.get(parentElement);
  searches.update(data);
  return () => setTimeout(() => root.isConnected || searches.stop());
}

class Searches {
  constructor(root) {
    this.root = root;
    [this.stage, this.svg, this.told] = [".stage", ".chart-and-weights", ".told"].map((name) => root.querySelector(name));
    this.clock = new Clock({ seconds: 12 });
    this.transport = new Transport(root.querySelector(".transport"), this.clock, () => this.draw());
    this.transport.listen(root);
    for (const type of ["pointermove", "pointerdown"]) this.svg.addEventListener(type, (event) => this.point(event));
    this.resizing = new ResizeObserver(() => this.data && this.lay());
    this.resizing.observe(root);
  }

  update(data) {
    const isFirst = !this.data;
    this.data = data;
    this.clock.fit(data.moments.length - 1);
    if (isFirst) this.clock.go(data.moments.length - 1);
    this.stage.setAttribute("aria-label", data.words.label);
    this.transport.fit(data.words);
    this.lay();
  }

  /** Draws what does not move with the player. */
  lay() {
    const { data, svg } = this;
    const slim = this.root.clientWidth > 0 && this.root.clientWidth < NARROW;
    const [width, height] = slim ? SIZE.slim : SIZE.wide;
    setAttributes(svg, { viewBox: `0 0 ${width} ${height}` });
    svg.replaceChildren();
    const chart = (this.chart = slim ? SLIM_CHART : CHART);
    const high = clamp(Math.max(...data.searches.flatMap(({ errors }) => errors)), 1, HIGHEST);
    const axes = (this.axes = new Axes(chart, data.moments.at(-1), [data.least, high]));
    this.drawAxes(axes, high);
    data.searches.forEach(({ errors }, i) => {
      appendSvg(svg, "path", { class: `curve ${i ? "dashed" : ""}`, stroke: data.colors[i], d: stairs(axes, data.moments, errors) });
    });
    data.reached.forEach((reached, i) => {
      if (reached) appendSvg(svg, "circle", { cx: axes.x(reached), cy: axes.y(data.wanted), r: 6, fill: data.colors[i] });
    });
    this.cursor = appendSvg(svg, "line", { class: "cursor", y1: chart.top, y2: chart.bottom });
    const { left, top, right, bottom } = chart;
    appendSvg(svg, "rect", { class: "ground", x: left, y: top, width: right - left, height: bottom - top });
    this.panels = data.searches.map((_, i) => this.panel(slim ? [1 + 192 * i, 318] : [600, 16 + 188 * i], i, slim));
    this.draw();
  }

  drawAxes(axes, high) {
    const { svg, chart, data } = this;
    for (const error of powers(data.least, high)) {
      appendSvg(svg, "line", { class: "grid", x1: chart.left, x2: chart.right, y1: axes.y(error), y2: axes.y(error) });
      appendSvg(svg, "text", { class: "tick", x: chart.left - 6, y: axes.y(error) + 4, "text-anchor": "end" }, String(Number(error.toPrecision(1))));
    }
    for (const count of powers(1, data.moments.at(-1))) {
      appendSvg(svg, "line", { class: "grid", x1: axes.x(count), x2: axes.x(count), y1: chart.top, y2: chart.bottom });
      appendSvg(svg, "text", { class: "tick", x: axes.x(count), y: chart.bottom + 17, "text-anchor": "middle" }, count.toLocaleString("en"));
    }
    const middle = (chart.left + chart.right) / 2;
    appendSvg(svg, "text", { class: "axis", x: middle, y: chart.bottom + 38, "text-anchor": "middle" }, data.words.evaluations);
    const up = (chart.top + chart.bottom) / 2;
    appendSvg(svg, "text", { class: "axis", x: 12, y: up, "text-anchor": "middle", transform: `rotate(-90 12 ${up})` }, data.words.error);
    appendSvg(svg, "line", { class: "wanted", x1: chart.left, x2: chart.right, y1: axes.y(data.wanted), y2: axes.y(data.wanted) });
  }

  /** The name of a search and its weights: three features, and twelve weights for X and for O. */
  panel([x, y], number, slim) {
    const { svg, data } = this;
    const line = { x1: x, x2: x + 24, y1: y - 5, y2: y - 5, stroke: data.colors[number], class: `curve ${number ? "dashed" : ""}` };
    appendSvg(svg, "line", line);
    appendSvg(svg, "text", { class: "name", x: x + 30, y }, data.words.names[number ? "climbing" : "descent"]);
    const error = appendSvg(svg, "text", { class: "part", x, y: y + 20 });
    const cell = slim ? 18 : 25;
    const cells = range(27).map((i) => {
      const [feature, row, column] = [Math.floor(i / 9), Math.floor((i % 9) / 3), i % 3];
      return [x + feature * (3 * cell + 6) + column * cell, y + 30 + row * cell, cell];
    });
    const small = slim ? 13.5 : 25;
    const below = y + 30 + 3 * cell + 8;
    const votes = range(24).map((i) => [x + (i % 12) * small + 14, below + Math.floor(i / 12) * small, small]);
    ["x", "o"].forEach((who, i) => appendSvg(svg, "text", { class: "part", x, y: below + (i + 0.7) * small }, data.words[who]));
    const rects = [...cells, ...votes].map(([left, top, size]) => appendSvg(svg, "rect", { class: "cell", x: left, y: top, width: size, height: size }));
    return { error, rects, words: slim ? data.words.error_alone : data.words.panel };
  }

  point(event) {
    const place = this.svg.getScreenCTM().inverse();
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(place);
    const { left, right, top, bottom } = this.chart;
    if (x < left - 8 || x > right + 8 || y < top - 8 || y > bottom + 8) return;
    this.clock.go(this.axes.nearest(x, this.data.moments));
    this.draw();
  }

  draw() {
    const { data, clock, axes } = this;
    const [at, moment] = [clock.step, data.moments[clock.step]];
    const stops = stopsOf(data.scales[Number(isDark(this.root))]);
    setAttributes(this.cursor, { x1: axes.x(moment), x2: axes.x(moment) });
    data.searches.forEach(({ errors, weights }, i) => {
      const { error, rects } = this.panels[i];
      setText(error, fillIn(this.panels[i].words, { error: this.written(errors[at]) }));
      const limit = Math.max(...weights[at].map(Math.abs)) || 1;
      rects.forEach((rect, j) => (rect.style.fill = css(between(stops, (weights[at][j] / limit + 1) / 2))));
    });
    const told = { count: moment.toLocaleString("en"), descent: this.written(data.searches[0].errors[at]), climbing: this.written(data.searches[1].errors[at]) };
    this.told.setAttribute("aria-live", clock.playing ? "off" : "polite");
    setText(this.told, fillIn(data.words.told, told));
    this.transport.show(at, fillIn(data.words.place, told));
    this.root.dataset.moment = moment;
  }

  /** An error; what lies below the axis only so. */
  written(error) {
    const { least, words } = this.data;
    return error < least ? fillIn(words.below, { least }) : short(error);
  }

  stop() {
    this.transport.end();
    this.resizing.disconnect();
  }
}
