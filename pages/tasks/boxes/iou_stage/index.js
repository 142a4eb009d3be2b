// Two boxes on a photograph. elements.js, canvas.js, rectangles.js and dragging.js precede this file in the same module.
//
// While a pointer or a key moves a box the browser has it alone: Python hears of it when it is let go, or when no key was
// pressed for a moment. What was sent from here comes back, and is no news.

const ROWS = ["a", "b", "intersection", "union", "enclosing"];
const PARTS = ["enclosing", "shared", "a", "b"]; // rectangles, from below

const stages = new WeakMap(); // parentElement -> IouStage

export default function (component) {
  const { parentElement } = component;
  const root = parentElement.querySelector(".iou-stage");
  if (stages.get(parentElement)?.root !== root) stages.set(parentElement, new IouStage(root));
  stages.get(parentElement).update(component);
}

class IouStage {
  constructor(root) {
    this.root = root;
    const names = [".stage", "svg", "img", "table", ".verdict", ".drag", ".again"];
    [this.stage, this.svg, this.image, this.table, this.verdict, this.drag, this.again] = names.map((name) => root.querySelector(name));
    this.scales = [".iou", ".giou"].map((name) => root.querySelector(`.scale${name}`));
    this.sent = [];
    this.dragged = new DraggedBoxes(this.stage, { draw: () => this.draw(), report: (boxes) => this.report(boxes) });
    this.dragged.chosen = 1;
    this.build();
    this.again.addEventListener("click", () => this.dragged.set(this.data.first, true));
  }

  build() {
    this.rects = Object.fromEntries(
      PARTS.map((name) => {
        const casing = name === "shared" ? null : appendSvg(this.svg, "rect", { class: "casing" });
        return [name, [casing, appendSvg(this.svg, "rect", { class: name })].filter(Boolean)];
      }),
    );
    this.names = ["a", "b"].map((name) => appendSvg(this.svg, "text", { class: `name ${name}` }));
    this.corners = [0, 1].map((box) => range4().map(() => appendSvg(this.svg, "circle", { class: `corner ${"ab"[box]}` })));
    this.rows = ROWS.map((name) => {
      const row = append(this.table, "tr", name);
      return ["th", "td", "td"].map((tag) => append(row, tag));
    });
  }

  update({ data, setTriggerValue }) {
    this.setTriggerValue = setTriggerValue;
    const text = textOf(data.name, data.boxes);
    const at = this.sent.indexOf(text);
    this.sent = at >= 0 ? this.sent.slice(at + 1) : [];
    const isNew = !this.data || (at < 0 && textOf(this.data.name, this.data.boxes) !== text);
    this.data = data;
    if (isNew) this.dragged.begin(data.boxes, data);
    const { words, size } = data;
    this.stage.style.setProperty("--shape", size[0] / size[1]);
    this.svg.setAttribute("viewBox", `0 0 ${size[0]} ${size[1]}`);
    this.image.src = data.photograph;
    this.stage.setAttribute("aria-label", words.label);
    setText(this.drag, words.drag);
    setText(this.again, words.again);
    this.scales.forEach((scale, i) => setText(scale.firstElementChild, [words.iou, words.giou][i]));
    this.draw();
  }

  draw() {
    const { data } = this;
    const { boxes, chosen } = this.dragged;
    const found = overlapOf(...boxes);
    const drawn = { a: boxes[0], b: boxes[1], shared: sharedBox(...boxes), enclosing: enclosingBox(...boxes) };
    for (const [name, rects] of Object.entries(this.rects)) for (const rect of rects) setAttributes(rect, frameOf(drawn[name]));
    boxes.forEach((box, i) => {
      setAttributes(this.names[i], { x: box[0] + 5, y: box[1] + 17 });
      setText(this.names[i], "AB"[i]);
      cornersOf(box).forEach(([cx, cy], j) => setAttributes(this.corners[i][j], { cx, cy, r: chosen === i ? 5 : 4 }));
    });
    this.write(boxes, found, data.words);
    Object.assign(this.root.dataset, { iou: found.iou.toFixed(3), giou: found.generalized.toFixed(3), chosen: "ab"[chosen] });
  }

  write(boxes, found, words) {
    const values = { a: sidesOf(boxes[0]), b: sidesOf(boxes[1]), intersection: sidesOf(sharedBox(...boxes)) };
    Object.assign(values, { union: `${whole(found.a)} + ${whole(found.b)} − ${whole(found.intersection)}`, enclosing: sidesOf(enclosingBox(...boxes)) });
    ROWS.forEach((name, i) => [words.rows[name], `${values[name]} =`, whole(found[name])].forEach((text, j) => setText(this.rows[i][j], text)));
    const [iou, giou] = this.scales;
    const { threshold } = this.data;
    setText(iou.querySelector("output"), decimals(found.iou));
    setText(giou.querySelector("output"), decimals(found.generalized));
    iou.querySelector("i").style.width = `${100 * found.iou}%`;
    iou.querySelector("b").style.left = `${100 * threshold}%`;
    const [low, high] = [Math.min(found.generalized, 0), Math.max(found.generalized, 0)];
    Object.assign(giou.querySelector("i").style, { left: `${50 * (1 + low)}%`, width: `${50 * (high - low)}%` });
    const isFound = found.iou > threshold;
    this.verdict.classList.toggle("found", isFound);
    setText(this.verdict, fillIn(isFound ? words.found : words.missed, { threshold }));
    this.verdict.setAttribute("aria-live", this.dragged.hold ? "off" : "polite");
  }

  report(boxes) {
    const [a, b] = boxes.map((box) => box.join(","));
    this.sent.push(textOf(this.data.name, boxes));
    this.setTriggerValue("dragged", { name: this.data.name, a, b });
  }
}

function range4() {
  return [0, 1, 2, 3];
}

function textOf(name, boxes) {
  return `${name} ${boxes.map((box) => box.join(",")).join(" ")}`;
}

function sidesOf([left, top, right, bottom]) {
  return `${right - left}\u00a0×\u00a0${bottom - top}`;
}

function whole(value) {
  return Math.round(value).toLocaleString("en");
}

function decimals(value) {
  return value.toFixed(3).replace(/^-(?=0\.000)/, "").replace("-", "−");
}
