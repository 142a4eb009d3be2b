// Anchors on a photograph. elements.js, canvas.js, rectangles.js and dragging.js precede this file in the same module.
//
// While the truth moves the browser has it alone. What was sent from here comes back, and is no news. Whether an anchor
// has the highest IoU of all is known to Python alone, and only of a truth that it knows.

const stages = new WeakMap(); // parentElement -> AnchorStage

export default function (component) {
  const { parentElement } = component;
  const root = parentElement.querySelector(".anchor-stage");
  if (stages.get(parentElement)?.root !== root) stages.set(parentElement, new AnchorStage(root));
  stages.get(parentElement).update(component);
}

class AnchorStage {
  constructor(root) {
    this.root = root;
    [this.stage, this.image, this.svg, this.list, this.hint] = [".stage", "img", "svg", ".list", ".drag"].map((name) => root.querySelector(name));
    this.sent = [];
    const report = ([box]) => this.report(box);
    this.dragged = new DraggedBoxes(this.stage, { draw: () => this.draw(), report, tap: (place) => this.goTo(place) });
    this.layers = Object.fromEntries(["field", "anchors", "place", "truth"].map((name) => [name, appendSvg(this.svg, "g", { class: name })]));
  }

  update({ data, setTriggerValue }) {
    this.setTriggerValue = setTriggerValue;
    const text = textOf(data.name, data.truth);
    const at = this.sent.indexOf(text);
    this.sent = at >= 0 ? this.sent.slice(at + 1) : [];
    const isNew = !this.data || (at < 0 && textOf(this.data.name, this.data.truth) !== text);
    this.data = data;
    this.place = data.place;
    this.anchor = data.anchor;
    if (isNew) this.dragged.begin([data.truth], data);
    const [width, height] = data.size.map((side) => side + 2 * data.margin);
    this.stage.style.setProperty("--shape", width / height);
    this.svg.setAttribute("viewBox", `${-data.margin} ${-data.margin} ${width} ${height}`);
    const [left, top, across, down] = [data.margin / width, data.margin / height, data.size[0] / width, data.size[1] / height].map((share) => `${100 * share}%`);
    Object.assign(this.image.style, { left, top, width: across, height: down });
    if (this.image.src !== data.photograph) this.image.src = data.photograph;
    this.stage.setAttribute("aria-label", data.words.label);
    this.list.setAttribute("aria-label", data.words.list);
    setText(this.hint, data.words.drag);
    this.draw();
  }

  draw() {
    const { data } = this;
    if (!data) return;
    const [truth] = this.dragged.boxes;
    const found = anchorsAt(this.place, data).map((box, number) => ({ box, number, ...this.statusOf(box, number, truth) }));
    const [y, x] = this.place.map((each) => (each + 0.5) * data.stride);
    const half = data.field / 2;
    fill(this.layers.field, rectangle([x - half, y - half, x + half, y + half], ""));
    const order = [...found].sort((a, b) => Number(a.number === this.anchor) - Number(b.number === this.anchor));
    fill(this.layers.anchors, order.flatMap(({ box, number, status, isCrossing }) => {
      const classes = `scale${Math.floor(number / 3)} ${status}${isCrossing ? " crossing" : ""}`;
      const marked = number === this.anchor ? rectangle(box, "casing") : [];
      return [...marked, ...rectangle(box, `${classes}${number === this.anchor ? " marked" : ""}`)];
    }));
    fill(this.layers.place, [["circle", { cx: x, cy: y, r: 7 }]]);
    fill(this.layers.truth, [...rectangle(truth, "casing"), ...rectangle(truth, "line"), ...cornersOf(truth).map(([cx, cy]) => ["circle", { cx, cy, r: 9 }])]);
    this.write(found);
    this.root.dataset.place = this.place.join();
    this.root.dataset.truth = truth.join();
  }

  /** What the truth makes of an anchor of this position. */
  statusOf(box, number, truth) {
    const { size, thresholds, highest, insideOnly } = this.data;
    const { iou } = overlapOf(truth, box);
    const isCrossing = box[0] < 0 || box[1] < 0 || box[2] > size[0] || box[3] > size[1];
    const isKnown = truth.join() === this.data.truth.join() && this.place.join() === this.data.place.join();
    let status = iou > thresholds[1] || (isKnown && highest[number]) ? "positive" : iou < thresholds[0] ? "negative" : "ignored";
    if (isCrossing && insideOnly) status = "out";
    return { iou, status, isCrossing };
  }

  write(found) {
    const { words, scales, sizes } = this.data;
    if (this.list.children.length !== found.length) {
      this.list.replaceChildren();
      found.forEach(({ number }) => {
        const row = append(this.list, "button", `row scale${Math.floor(number / 3)}`);
        Object.assign(row, { type: "button" });
        row.setAttribute("role", "radio");
        for (const name of ["swatch", "size", "iou", "status"]) append(row, "span", name);
        row.addEventListener("click", () => this.choose(number));
        row.addEventListener("keydown", (event) => this.step(event, number));
      });
    }
    found.forEach(({ number, iou, status }, i) => {
      const row = this.list.children[i];
      const [width, height] = sizes[number].map((side) => Math.round(side));
      row.setAttribute("aria-checked", number === this.anchor);
      row.tabIndex = number === this.anchor ? 0 : -1;
      row.title = fillIn(words.scale, { scale: scales[number] });
      row.dataset.status = status;
      [, `${width}\u00a0×\u00a0${height}`, iou.toFixed(3), words.status[status]].forEach((text, j) => text !== undefined && setText(row.children[j], text));
    });
  }

  choose(number) {
    this.anchor = number;
    this.draw();
    this.setTriggerValue("anchor", number);
  }

  step(event, number) {
    const way = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 }[event.key];
    if (!way || event.altKey || event.ctrlKey || event.metaKey) return;
    const next = clamp(number + way, 0, this.data.sizes.length - 1);
    event.preventDefault();
    event.stopPropagation();
    this.choose(next);
    this.list.children[next].focus();
  }

  goTo([x, y]) {
    const { size, stride } = this.data;
    const [columns, rows] = size.map((side) => Math.floor(side / stride));
    this.place = [clamp(Math.floor(y / stride), 0, rows - 1), clamp(Math.floor(x / stride), 0, columns - 1)];
    this.draw();
    this.setTriggerValue("place", this.place);
  }

  report(box) {
    this.sent.push(textOf(this.data.name, box));
    this.setTriggerValue("dragged", { name: this.data.name, box: box.join(",") });
  }
}

/** The boxes of all sizes at a position [row, column]. */
function anchorsAt([row, column], { sizes, stride }) {
  const [x, y] = [(column + 0.5) * stride, (row + 0.5) * stride];
  return sizes.map(([width, height]) => [x - width / 2, y - height / 2, x + width / 2, y + height / 2]);
}

function rectangle(box, className) {
  return [["rect", { ...frameOf(box), class: className }]];
}

/** Makes the children of `group` anew: [tag, attributes] of each. */
function fill(group, shapes) {
  group.replaceChildren();
  for (const [tag, attributes] of shapes) appendSvg(group, tag, attributes);
}

function textOf(name, box) {
  return `${name} ${box.join(",")}`;
}
