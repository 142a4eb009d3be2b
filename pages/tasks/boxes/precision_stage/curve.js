// The curve of precision over recall, of so many points as are known.

const PLOT = { left: 44, right: 300, top: 10, bottom: 236, width: 310, height: 280 };
const TICKS = [0, 0.25, 0.5, 0.75, 1];

const across = (recall) => PLOT.left + recall * (PLOT.right - PLOT.left);
const down = (precision) => PLOT.bottom - precision * (PLOT.bottom - PLOT.top);

class Curve {
  constructor(svg) {
    this.svg = svg;
    setAttributes(svg, { viewBox: `0 0 ${PLOT.width} ${PLOT.height}` });
    for (const tick of TICKS) {
      appendSvg(svg, "path", { class: "grid", d: `M${across(tick)} ${PLOT.top}V${PLOT.bottom}M${PLOT.left} ${down(tick)}H${PLOT.right}` });
      appendSvg(svg, "text", { class: "tick", x: across(tick), y: PLOT.bottom + 17 }, String(tick));
      appendSvg(svg, "text", { class: "tick up", x: PLOT.left - 6, y: down(tick) }, String(tick));
    }
    [this.under, this.line] = ["under", "line"].map((name) => appendSvg(svg, "path", { class: name }));
    this.dots = appendSvg(svg, "g");
    this.operating = appendSvg(svg, "circle", { class: "operating", r: 9 });
    this.area = appendSvg(svg, "text", { class: "area", x: across(0.06), y: down(0.08) });
    this.titles = [
      appendSvg(svg, "text", { class: "title", x: across(0.5), y: PLOT.height - 8 }),
      appendSvg(svg, "text", { class: "title", transform: `translate(12 ${down(0.5)}) rotate(-90)` }),
    ];
  }

  /** Draws the `points` so far; `operating` is one of them, or undefined. */
  draw(points, operating, { recall, precision }, area) {
    [recall, precision].forEach((text, i) => setText(this.titles[i], text));
    const envelope = envelopeOf(points);
    const steps = points.map((point, i) => `V${down(envelope[i])}H${across(point.recall)}`).join("");
    this.under.setAttribute("d", points.length ? `M${across(0)} ${down(0)}${steps}V${down(0)}Z` : "");
    this.line.setAttribute("d", points.map((point, i) => `${i ? "L" : "M"}${across(point.recall)} ${down(point.precision)}`).join(""));
    while (this.dots.childElementCount > points.length) this.dots.lastElementChild.remove();
    while (this.dots.childElementCount < points.length) appendSvg(this.dots, "circle");
    points.forEach((point, i) => {
      const isLast = i === points.length - 1;
      const look = `dot ${point.isRight ? "right" : "wrong"}${isLast ? " last" : ""}`;
      setAttributes(this.dots.children[i], { class: look, cx: across(point.recall), cy: down(point.precision), r: isLast ? 6 : 4 });
    });
    this.operating.classList.toggle("hidden", !operating);
    if (operating) setAttributes(this.operating, { cx: across(operating.recall), cy: down(operating.precision) });
    setText(this.area, area);
  }
}
