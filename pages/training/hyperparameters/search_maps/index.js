// Maps of a search. elements.js, colours.js, numbers.js and hear.js precede this file in the same module.
//
// In the square every trial stands at its two values; in the strips above and beside it stands over one of them alone, as
// high as its accuracy: there one sees how many different values of each were tried.

const [SIDE, STRIP, GAP, LEFT, BELOW, RADIUS] = [220, 58, 8, 62, 46, 10];
const [WIDTH, HEIGHT] = [LEFT + SIDE + GAP + STRIP + 6, STRIP + GAP + SIDE + BELOW];
const TOP = STRIP + GAP;

const views = new WeakMap(); // parentElement -> SearchMaps

export default function (component) {
  const { parentElement } = component;
  const root = parentElement.querySelector(".search-maps");
  if (views.get(parentElement)?.root !== root) views.set(parentElement, new SearchMaps(root, component.data.feed));
  views.get(parentElement).update(component);
}

class SearchMaps {
  constructor(root, feed) {
    Object.assign(this, { root, panels: [] });
    this.below = append(root, "div", "below");
    this.told = append(this.below, "span", "told");
    this.told.setAttribute("aria-live", "polite");
    this.legend = append(this.below, "span", "legend");
    this.low = append(this.legend, "span");
    this.ramp = append(this.legend, "span", "ramp");
    this.high = append(this.legend, "span");
    hear(feed, root, (news) => this.draw({ ...this.data, ...news }));
  }

  update({ data, setTriggerValue }) {
    this.tell = setTriggerValue;
    this.draw(data);
  }

  draw(data) {
    this.data = data;
    const known = data.panels.flatMap((panel) => panel.trials.map((trial) => trial.accuracy)).filter((a) => a !== null);
    this.limits = [Math.min(...known), Math.max(...known)];
    const colors = data.scales[isDark(this.root) ? "dark" : "light"];
    this.stops = stopsOf(colors.map((color, i) => [i / (colors.length - 1), color]));
    while (this.panels.length > data.panels.length) this.panels.pop().figure.remove();
    while (this.panels.length < data.panels.length) this.panels.push(new MapPanel(this));
    this.panels.forEach((panel, i) => panel.draw(data.panels[i], data));
    this.drawLegend(colors, known.length);
    if (!this.pointed) setText(this.told, data.words.hint);
  }

  drawLegend(colors, count) {
    this.legend.hidden = !count;
    if (!count) return;
    setText(this.low, percent(this.limits[0]));
    setText(this.high, percent(this.limits[1]));
    this.ramp.style.background = `linear-gradient(to right, ${colors.join()})`;
  }

  /** The colour of an accuracy between the worst and the best known. */
  colorOf(accuracy) {
    const [low, high] = this.limits;
    return css(between(this.stops, high > low ? (accuracy - low) / (high - low) : 1));
  }

  point(trial) {
    this.pointed = trial;
    setText(this.told, trial ? trial.text : this.data.words.hint);
  }
}

class MapPanel {
  constructor(maps) {
    this.maps = maps;
    this.figure = document.createElement("figure");
    this.figure.className = "panel";
    maps.root.insertBefore(this.figure, maps.below);
    const head = append(this.figure, "figcaption", "head");
    this.title = append(head, "b");
    this.best = append(head, "span");
    this.svg = appendSvg(this.figure, "svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "group" });
  }

  draw({ title, best, trials }, { axes, alt, chosen }) {
    setText(this.title, title);
    setText(this.best, best);
    const focused = this.svg.getRootNode().activeElement?.dataset?.key;
    this.svg.setAttribute("aria-label", `${title}: ${alt}`);
    this.svg.replaceChildren();
    this.drawFrame(axes);
    for (const trial of trials) this.drawStems(trial);
    for (const trial of trials) this.drawTrial(trial, trial.key === chosen);
    if (focused) this.svg.querySelector(`[data-key="${focused}"]`)?.focus();
  }

  drawFrame([across, up]) {
    const { svg } = this;
    appendSvg(svg, "rect", { x: LEFT, y: TOP, width: SIDE, height: SIDE, class: "frame" });
    appendSvg(svg, "line", { x1: LEFT, x2: LEFT + SIDE, y1: STRIP, y2: STRIP, class: "strip" });
    appendSvg(svg, "line", { x1: LEFT + SIDE + GAP, x2: LEFT + SIDE + GAP, y1: TOP, y2: TOP + SIDE, class: "strip" });
    across.ticks.forEach(([place, text], i) => {
      const anchor = i === 0 ? "start" : i === across.ticks.length - 1 ? "end" : "middle";
      const x = LEFT + place * SIDE + (i === 0 ? -6 : 0);
      appendSvg(svg, "text", { x, y: TOP + SIDE + 18, "text-anchor": anchor, class: "tick" }, text);
    });
    up.ticks.forEach(([place, text], i) => {
      const y = TOP + SIDE - place * SIDE + (i === 0 ? 0 : i === up.ticks.length - 1 ? 12 : 6);
      appendSvg(svg, "text", { x: LEFT - 7, y, "text-anchor": "end", class: "tick" }, text);
    });
    appendSvg(svg, "text", { x: LEFT + SIDE / 2, y: TOP + SIDE + 38, "text-anchor": "middle" }, across.title);
    const turned = `translate(14 ${TOP + SIDE / 2}) rotate(-90)`;
    appendSvg(svg, "text", { transform: turned, "text-anchor": "middle" }, up.title);
  }

  drawStems(trial) {
    if (trial.accuracy === null) return;
    const [x, y] = this.placeOf(trial);
    const group = appendSvg(this.svg, "g", { "data-of": trial.key });
    appendSvg(group, "line", { x1: x, x2: x, y1: STRIP, y2: STRIP - trial.accuracy * STRIP, class: "stem" });
    const start = LEFT + SIDE + GAP;
    appendSvg(group, "line", { x1: start, x2: start + trial.accuracy * STRIP, y1: y, y2: y, class: "stem" });
  }

  drawTrial(trial, isChosen) {
    const [x, y] = this.placeOf(trial);
    const group = appendSvg(this.svg, "g", { class: "trial", tabindex: 0, role: "button", "aria-label": trial.text });
    group.dataset.key = trial.key;
    const dot = appendSvg(group, "circle", { cx: x, cy: y, r: RADIUS, class: `dot ${trial.look}` });
    if (trial.accuracy !== null) dot.style.fill = this.maps.colorOf(trial.accuracy);
    if (trial.look === "broken") drawCross(group, x, y);
    if (trial.is_best) appendSvg(group, "circle", { cx: x, cy: y, r: RADIUS + 4, class: "best" });
    if (isChosen) appendSvg(group, "circle", { cx: x, cy: y, r: RADIUS + 8, class: "chosen" });
    const press = () => this.maps.tell("trial", trial.key);
    const over = (is) => {
      this.maps.point(is ? trial : null);
      this.svg.querySelector(`[data-of="${trial.key}"]`)?.classList.toggle("pointed", is);
    };
    group.addEventListener("click", press);
    group.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      press();
    });
    for (const name of ["pointerenter", "focus"]) group.addEventListener(name, () => over(true));
    for (const name of ["pointerleave", "blur"]) group.addEventListener(name, () => over(false));
  }

  placeOf({ x, y }) {
    return [LEFT + x * SIDE, TOP + (1 - y) * SIDE];
  }
}

function drawCross(group, x, y) {
  for (const sign of [1, -1]) {
    appendSvg(group, "line", { x1: x - 6, x2: x + 6, y1: y - 6 * sign, y2: y + 6 * sign, class: "cross" });
  }
}
