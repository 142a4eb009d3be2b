// Suppression step by step. elements.js, canvas.js, transport.js, rectangles.js, sketch.js and model.js precede this file
// in the same module.

const METHODS = ["greedy", "linear", "gaussian"];
const LABEL = 17; // units of a letter's room

const stages = new WeakMap(); // parentElement -> Suppression

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".suppression");
  if (stages.get(parentElement)?.root !== root) stages.set(parentElement, new Suppression(root));
  const stage = stages.get(parentElement);
  stage.update(data);
  return () => setTimeout(() => root.isConnected || stage.transport.end());
}

class Suppression {
  constructor(root) {
    this.root = root;
    [this.stage, this.svg, this.scroller, this.table, this.told] = [".stage", "svg", ".scroller", "table", ".told"].map((name) => root.querySelector(name));
    this.clock = new Clock({ seconds: 20 });
    this.transport = new Transport(root.querySelector(".transport"), this.clock, () => this.draw());
    this.transport.listen(root);
  }

  update(data) {
    const text = JSON.stringify([data.boxes, data.events]);
    const isNew = this.text !== text;
    Object.assign(this, { data, text });
    this.build();
    this.clock.fit(data.events.length - 1);
    if (isNew) this.clock.go(data.events.length - 1);
    this.transport.fit(data.words);
    this.stage.setAttribute("aria-label", data.words.label);
    this.scroller.setAttribute("aria-label", data.words.list);
    this.draw();
  }

  build() {
    const { svg, table, data } = this;
    const { words } = data;
    svg.replaceChildren();
    table.replaceChildren();
    svg.setAttribute("viewBox", `0 0 ${data.size.join(" ")}`);
    for (const { kind, box } of data.objects) sketch(svg, kind, box);
    this.shared = appendSvg(svg, "rect", { class: "shared" });
    this.frames = data.boxes.map(({ box, name, kind }, i) => {
      const group = appendSvg(svg, "g", { class: `box ${kind}` });
      appendSvg(group, "rect", { class: "frame", ...frameOf(box) });
      const [x, y] = [box[i % 2 ? 2 : 0] - (i % 2 ? LABEL : 0), box[i % 4 < 2 ? 1 : 3] - (i % 4 < 2 ? 0 : LABEL)];
      appendSvg(group, "rect", { class: "plate", x, y, width: LABEL, height: LABEL });
      appendSvg(group, "text", { x: x + LABEL / 2, y: y + LABEL / 2 }, name);
      return group;
    });
    const head = append(table, "tr");
    for (const name of ["box", "score", "iou", "status"]) append(head, "th", name, words.columns[name]);
    for (const name of METHODS) append(head, "th", `end${name === data.method ? " chosen" : ""}`, words.methods[name]);
    this.rows = data.boxes.map(({ name, kind }, i) => {
      const row = append(table, "tr");
      const box = append(row, "th");
      append(box, "b", "", name);
      append(box, "span", "", words.kinds[kind]);
      const cells = ["score", "iou", "status"].map((part) => append(row, "td", part));
      for (const method of METHODS) append(row, "td", `end${method === data.method ? " chosen" : ""}`, finalOf(data.ends[method][i]));
      return { row, cells };
    });
  }

  draw() {
    const { data, clock } = this;
    const { boxes, event, chosen } = stateAt(data, clock.step);
    boxes.forEach((state, i) => {
      const part = i === chosen ? "chosen" : i === event.other ? `compared ${state.status}` : state.status;
      this.frames[i].setAttribute("class", `box ${data.boxes[i].kind} ${part}`);
      this.frames[i].style.setProperty("--strength", 0.35 + 0.65 * state.score);
      this.write(i, state, part);
    });
    for (const i of [chosen, event.other]) if (i >= 0) this.svg.append(this.frames[i]);
    const shared = event.kind === "compare" ? sharedBox(data.boxes[chosen].box, data.boxes[event.other].box) : [0, 0, 0, 0];
    setAttributes(this.shared, frameOf(shared));
    this.tell(event, boxes);
    this.transport.show(clock.step, fillIn(data.words.place, { step: clock.step, last: clock.last }));
    Object.assign(this.root.dataset, { step: clock.step, kept: namesOf(data.boxes, boxes) });
  }

  write(i, state, part) {
    const { row, cells } = this.rows[i];
    const { words, boxes } = this.data;
    row.className = part;
    const status = state.status === "out" && state.by !== null ? "out_by" : state.status;
    const shown = [score(state.score), state.iou === null ? "" : state.iou.toFixed(3)];
    shown.push(fillIn(words.status[status], { name: boxes[state.by]?.name, rank: state.rank }));
    cells.forEach((cell, j) => setText(cell, shown[j]));
  }

  tell(event, boxes) {
    const { data, clock } = this;
    const { words, threshold, least, sigma } = data;
    const low = boxes.filter(({ status }) => status === "low").length;
    const kind = sentenceOf(event, data.method, threshold);
    const told = {
      chosen: data.boxes[event.chosen]?.name,
      other: data.boxes[event.other]?.name,
      iou: event.iou?.toFixed(3),
      score: score(event.score ?? 0),
      before: score(event.before ?? 0),
      after: score(event.after ?? 0),
      kept: namesOf(data.boxes, boxes),
      count: data.boxes.length,
      low,
      threshold,
      least,
      sigma,
    };
    const name = kind === "start" && low ? "start_low" : kind === "end" && !told.kept ? "end_none" : kind;
    this.told.setAttribute("aria-live", clock.playing ? "off" : "polite");
    setText(this.told, fillIn(words.told[name], told));
  }
}

/** Those that are kept, in their order. */
function namesOf(boxes, states) {
  const kept = states.map((state, i) => [state.rank, boxes[i].name]).filter(([rank]) => rank);
  return kept.sort((a, b) => a[0] - b[0]).map(([, name]) => name).join(", ");
}

/** Three decimals, or two where the third is 0. */
function score(value) {
  return value.toFixed(3).replace(/0$/, "");
}

function finalOf(value) {
  return value === null ? "–" : score(value);
}
