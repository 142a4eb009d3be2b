// A U-Net as a U. elements.js and model.js precede this file in the same module.

const views = new WeakMap(); // parentElement -> Picture

export default function (component) {
  const { parentElement } = component;
  const root = parentElement.querySelector(".u-picture");
  if (views.get(parentElement)?.root !== root) views.set(parentElement, new Picture(root));
  views.get(parentElement).update(component);
}

class Picture {
  constructor(root) {
    this.root = root;
    this.svg = appendSvg(root, "svg", { role: "group" });
    this.resizing = new ResizeObserver(() => this.data && this.shape !== this.fitting() && this.draw());
    this.resizing.observe(root);
  }

  update({ data, setTriggerValue }) {
    Object.assign(this, { data, setTriggerValue, words: data.words });
    this.draw();
  }

  fitting() {
    return this.root.clientWidth < ROOM ? SHAPES.narrow : SHAPES.wide;
  }

  draw() {
    const { data } = this;
    this.shape = this.fitting();
    this.svg.setAttribute("viewBox", `0 0 ${this.shape.width} ${this.shape.height}`);
    const focused = this.root.getRootNode().activeElement?.dataset?.level;
    this.svg.replaceChildren();
    this.svg.setAttribute("aria-label", this.words.label);
    const [channels, height, width] = data.inputs;
    const down = [{ name: "input", maps: channels, height, width }, ...data.stages.filter(({ name }) => name.startsWith("down"))];
    const up = data.stages.filter(({ name }) => name.startsWith("up")).reverse(); // the finest first
    const last = data.stages.at(-1);
    const deepest = levelOf(down.at(-1).height, height);
    const place = (stage, way) => ({ stage, ...boxOf(stage, way, height, deepest, this.shape) });
    const left = down.map((stage) => place(stage, "down"));
    const right = [place(last, "up"), ...up.map((stage) => place(stage, "up"))];
    this.path([...left, ...right.slice().reverse()]);
    data.skips.forEach((is, number) => this.skip(left[number + 1], right[number + 1], is, number + 1));
    [...left, ...right].forEach((box) => this.box(box));
    if (focused) this.svg.querySelector(`[data-level="${focused}"]`)?.focus();
  }

  path(boxes) {
    boxes.slice(1).forEach((to, number) => {
      const from = boxes[number];
      const isFar = Math.abs(to.level - from.level) > 1;
      const [x1, y1, x2, y2] = [from.x, from.y, to.x, to.y];
      const bend = isFar ? `M${x1} ${y1}H${x2}V${y2}` : `M${x1} ${y1}L${x2} ${y2}`;
      appendSvg(this.svg, "path", { class: "way", d: bend });
    });
  }

  box({ stage, x, y, width, height, level }) {
    const { words } = this;
    const group = appendSvg(this.svg, "g", { class: level === 0 ? "end" : "stage" });
    appendSvg(group, "rect", { x: x - width / 2, y: y - height / 2, width, height, rx: 2 });
    const size = fillIn(words.size, { maps: stage.maps, height: stage.height, width: stage.width });
    const name = words.names[stage.name] ?? stage.name;
    const at = textsOf({ x, y, width, height }, this.shape);
    appendSvg(group, "text", { x: at.x, y: at.name, class: `name ${at.anchor}` }, name);
    appendSvg(group, "text", { x: at.x, y: at.size, class: at.anchor }, size);
    if (stage.told) appendSvg(group, "title", {}, stage.told);
  }

  skip(from, to, is, level) {
    if (!from || !to) return;
    const [start, end] = [from.x + from.width / 2 + 4, to.x - to.width / 2 - 4];
    const state = fillIn(is ? this.words.on : this.words.off, { level });
    const group = appendSvg(this.svg, "g", {
      class: is ? "skip" : "skip off",
      role: "button",
      tabindex: 0,
      "aria-pressed": is,
      "aria-label": state,
      "data-level": level,
    });
    appendSvg(group, "rect", { class: "touch", x: start, y: from.y - 25, width: end - start, height: 50 });
    appendSvg(group, "path", { d: `M${start} ${from.y}H${end - 9}` });
    appendSvg(group, "path", { class: "head", d: `M${end - 11} ${from.y - 6}L${end} ${from.y}L${end - 11} ${from.y + 6}Z` });
    appendSvg(group, "text", { x: (start + end) / 2, y: from.y - 8 }, state);
    group.addEventListener("click", () => this.press(level));
    group.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      this.press(level);
    });
  }

  press(level) {
    this.setTriggerValue("skips", toggled(this.data.skips, level));
  }
}
