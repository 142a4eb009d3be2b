// The activation over the steps, with the level that a real picture reaches. elements.js and hear.js precede this file.

const PLOT = { width: 420, height: 170, left: 6, right: 6, top: 14, bottom: 28 }; // CSS pixels

class ActivationCurve {
  constructor(holder) {
    this.holder = holder;
    this.title = append(holder, "h4");
    this.svg = appendSvg(holder, "svg", { role: "img", viewBox: `0 0 ${PLOT.width} ${PLOT.height}` });
    const part = (tag, attributes) => appendSvg(this.svg, tag, attributes);
    this.floor = part("line", { class: "floor" });
    this.level = part("line", { class: "level" });
    this.line = part("path", { class: "climb" });
    const below = PLOT.height - 6;
    this.levelKey = part("line", { class: "level", x1: PLOT.left, x2: PLOT.left + 24, y1: below - 5, y2: below - 5 });
    this.levelName = part("text", { class: "level-name", x: PLOT.left + 30, y: below });
    this.end = part("circle", { class: "end", r: 5 });
    this.value = part("text", { class: "value" });
    this.steps = part("text", { class: "steps", x: PLOT.width - PLOT.right, y: below });
  }

  update(data, words) {
    this.holder.hidden = !data;
    if (!data) return;
    const { title, values, steps, level, levelName } = data;
    setText(this.title, title);
    setText(this.steps, fillIn(words.steps, { steps }));
    const known = values.map((value, step) => [step + 1, value]).filter(([, value]) => value !== null);
    const [low, high] = range([...known.map(([, value]) => value), ...(level === null ? [0] : [level])]);
    const x = (step) => PLOT.left + (PLOT.width - PLOT.left - PLOT.right - 60) * (step / Math.max(steps, 1));
    const y = (value) => PLOT.height - PLOT.bottom - (PLOT.height - PLOT.top - PLOT.bottom) * ((value - low) / (high - low));
    setAttributes(this.floor, { x1: PLOT.left, x2: PLOT.width - PLOT.right, y1: y(low), y2: y(low) });
    this.drawLevel(level, levelName, y);
    this.drawLine(known, x, y);
    this.svg.setAttribute("aria-label", fillIn(words.curve, { title, value: short(known.at(-1)?.[1] ?? 0), level: levelName }));
  }

  drawLevel(level, name, y) {
    for (const part of [this.level, this.levelKey, this.levelName]) part.toggleAttribute("hidden", level === null);
    if (level === null) return;
    setAttributes(this.level, { x1: PLOT.left, x2: PLOT.width - PLOT.right, y1: y(level), y2: y(level) });
    setText(this.levelName, name);
  }

  drawLine(known, x, y) {
    this.line.setAttribute("d", known.map(([step, value], i) => `${i ? "L" : "M"}${x(step).toFixed(1)} ${y(value).toFixed(1)}`).join(""));
    for (const part of [this.end, this.value]) part.toggleAttribute("hidden", !known.length);
    if (!known.length) return;
    const [step, value] = known.at(-1);
    setAttributes(this.end, { cx: x(step), cy: y(value) });
    setAttributes(this.value, { x: x(step) + 10, y: y(value) + 5 });
    setText(this.value, short(value));
  }
}

/** Lowest and highest of `values`, apart in any case. */
function range(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return high > low ? [low, high] : [low - 1, high + 1];
}

/** A number with three digits that count. */
function short(value) {
  const text = Math.abs(value) >= 1000 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(3)));
  return text.replace("-", "−");
}
