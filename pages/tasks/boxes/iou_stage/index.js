// Two boxes on a photograph. elements.js, canvas.js, rectangles.js and model.js precede this file in the same module.
//
// While a pointer or a key moves a box the browser has it alone: Python hears of it when it is let go, or when no key was
// pressed for a moment. What was sent from here comes back, and is no news.

const KEY_STEP = 2; // pixels of the photograph that an arrow key moves
const PAUSE = 350; // milliseconds without a key after which Python hears of the boxes
const REACH = 20; // CSS pixels from a corner that are still on it
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
    Object.assign(this, { chosen: 1, hold: null, timer: null, sent: [] });
    this.build();
    const on = (target, type, handler) => target.addEventListener(type, (event) => handler.call(this, event));
    on(this.stage, "pointerdown", this.press);
    on(this.stage, "pointermove", this.move);
    for (const type of ["pointerup", "pointercancel"]) on(this.stage, type, this.lift);
    on(this.stage, "keydown", this.key);
    on(this.again, "click", () => this.set(this.data.first.map((box) => [...box]), true));
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

  update({ data, setStateValue }) {
    this.setStateValue = setStateValue;
    const text = textOf(data.name, data.boxes);
    const at = this.sent.indexOf(text);
    this.sent = at >= 0 ? this.sent.slice(at + 1) : [];
    const isNew = !this.data || (at < 0 && textOf(this.data.name, this.data.boxes) !== text);
    this.data = data;
    if (isNew) {
      clearTimeout(this.timer);
      Object.assign(this, { hold: null, timer: null, boxes: data.boxes.map((box) => [...box]) });
    }
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
    const { boxes, data } = this;
    const found = overlapOf(...boxes);
    const drawn = { a: boxes[0], b: boxes[1], shared: sharedBox(...boxes), enclosing: enclosingBox(...boxes) };
    for (const [name, rects] of Object.entries(this.rects)) for (const rect of rects) setAttributes(rect, frameOf(drawn[name]));
    boxes.forEach((box, i) => {
      setAttributes(this.names[i], { x: box[0] + 5, y: box[1] + 17 });
      setText(this.names[i], "AB"[i]);
      cornersOf(box).forEach(([cx, cy], j) => setAttributes(this.corners[i][j], { cx, cy, r: this.chosen === i ? 5 : 4 }));
    });
    this.write(found, data.words);
    Object.assign(this.root.dataset, { iou: found.iou.toFixed(3), giou: found.generalized.toFixed(3), chosen: "ab"[this.chosen] });
  }

  write(found, words) {
    const values = { a: sidesOf(this.boxes[0]), b: sidesOf(this.boxes[1]), intersection: sidesOf(sharedBox(...this.boxes)) };
    Object.assign(values, { union: `${whole(found.a)} + ${whole(found.b)} − ${whole(found.intersection)}`, enclosing: sidesOf(enclosingBox(...this.boxes)) });
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
    this.verdict.setAttribute("aria-live", this.hold ? "off" : "polite");
  }

  position(event) {
    const { left, top, width, height } = this.stage.getBoundingClientRect();
    const [across, down] = this.data.size;
    return [((event.clientX - left) / width) * across, ((event.clientY - top) / height) * down];
  }

  reach() {
    return (REACH / this.stage.getBoundingClientRect().width) * this.data.size[0];
  }

  press(event) {
    if (this.hold || event.button > 0) return;
    const start = this.position(event);
    const held = heldAt(this.boxes, start, this.reach(), this.chosen);
    if (!held) return;
    this.stage.setPointerCapture(event.pointerId);
    this.chosen = held.box;
    this.hold = { ...held, pointer: event.pointerId, start, from: this.boxes[held.box], isMoved: false };
    this.draw();
  }

  move(event) {
    const { hold, data } = this;
    const place = this.position(event);
    if (!hold) {
      const over = heldAt(this.boxes, place, this.reach(), this.chosen);
      this.stage.style.cursor = !over ? "default" : !over.corner ? "move" : (over.corner[0] === 0) === (over.corner[1] === 1) ? "nwse-resize" : "nesw-resize";
      return;
    }
    if (event.pointerId !== hold.pointer) return;
    const steps = place.map((value, axis) => value - hold.start[axis]);
    const corner = hold.corner?.map((side, axis) => hold.from[side] + steps[axis]);
    const moved = corner ? withCorner(hold.from, hold.corner, corner, data.size, data.smallest) : movedBy(hold.from, steps, data.size);
    hold.isMoved = true;
    this.boxes[hold.box] = moved;
    this.draw();
  }

  lift(event) {
    if (event.pointerId !== this.hold?.pointer) return;
    const { isMoved } = this.hold;
    this.hold = null;
    this.draw();
    if (isMoved) this.report();
  }

  key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key in ACROSS_DOWN) {
      const steps = ACROSS_DOWN[event.key].map((each) => each * KEY_STEP);
      const box = this.boxes[this.chosen];
      const { size, smallest } = this.data;
      const corner = [box[2] + steps[0], box[3] + steps[1]];
      const moved = event.shiftKey ? withCorner(box, [2, 3], corner, size, smallest) : movedBy(box, steps, size);
      this.set(this.boxes.map((each, i) => (i === this.chosen ? moved : each)), false);
    } else if (event.key === " " || event.key === "Enter") {
      this.chosen = 1 - this.chosen;
      this.draw();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  set(boxes, isAtOnce) {
    this.boxes = boxes;
    this.draw();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.report(), isAtOnce ? 0 : PAUSE);
  }

  report() {
    clearTimeout(this.timer);
    this.timer = null;
    const [a, b] = this.boxes.map((box) => box.join(","));
    this.sent.push(textOf(this.data.name, this.boxes));
    this.setStateValue("dragged", { name: this.data.name, a, b });
  }
}

function range4() {
  return [0, 1, 2, 3];
}

function textOf(name, boxes) {
  return `${name} ${boxes.map((box) => box.join(",")).join(" ")}`;
}

function cornersOf([left, top, right, bottom]) {
  return [[left, top], [right, top], [left, bottom], [right, bottom]];
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
