// Average precision point by point. elements.js, canvas.js, transport.js, rectangles.js, sketch.js, model.js and curve.js
// precede this file in the same module.

const COLUMNS = ["rank", "score", "picture", "iou", "verdict", "precision", "recall"];

const stages = new WeakMap(); // parentElement -> Precision

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".precision-stage");
  if (stages.get(parentElement)?.root !== root) stages.set(parentElement, new Precision(root));
  const stage = stages.get(parentElement);
  stage.update(data);
  return () => setTimeout(() => root.isConnected || stage.transport.end());
}

class Precision {
  constructor(root) {
    this.root = root;
    const names = [".pictures", ".scroller", "table", ".stage", ".told"];
    [this.pictures, this.scroller, this.table, this.stage, this.told] = names.map((name) => root.querySelector(name));
    this.curve = new Curve(root.querySelector(".stage svg"));
    this.clock = new Clock({ seconds: 14 });
    this.transport = new Transport(root.querySelector(".transport"), this.clock, () => this.draw());
    this.transport.listen(root);
    this.table.addEventListener("click", (event) => {
      const row = event.target.closest("tr[data-step]");
      if (row) this.transport.act("scrub", Number(row.dataset.step));
    });
  }

  update(data) {
    const text = JSON.stringify([data.pictures, data.rows]);
    const isNew = this.text !== text;
    Object.assign(this, { data, text, points: pointsOf(data.rows, data.objects) });
    this.build();
    this.clock.fit(data.rows.length);
    if (isNew) this.clock.go(data.rows.length);
    this.transport.fit(data.words);
    this.stage.setAttribute("aria-label", data.words.label);
    this.scroller.setAttribute("aria-label", data.words.list);
    this.draw();
  }

  build() {
    const { pictures, table, data } = this;
    const { words } = data;
    pictures.replaceChildren();
    table.replaceChildren();
    this.boxes = data.pictures.map(({ size, objects, boxes }, i) => {
      const figure = append(pictures, "figure");
      const svg = appendSvg(figure, "svg", { viewBox: `0 0 ${size.join(" ")}`, "aria-hidden": "true" });
      append(figure, "figcaption", "", String(i + 1));
      for (const { kind, box } of objects) sketch(svg, kind, box);
      this.truths ??= [];
      this.truths[i] = objects.map(({ box }) => appendSvg(svg, "rect", { class: "truth", ...frameOf(box) }));
      return boxes.map((box) => appendSvg(svg, "rect", frameOf(box)));
    });
    const head = append(table, "tr");
    for (const name of COLUMNS) append(head, "th", name, words.columns[name]);
    this.rows = data.rows.map((row, i) => {
      const line = append(table, "tr");
      line.dataset.step = i + 1;
      return { line, cells: COLUMNS.map((name, j) => append(line, j ? "td" : "th", name)) };
    });
  }

  draw() {
    const { data, clock, points } = this;
    const { words } = data;
    const { step } = clock;
    this.truths.flat().forEach((truth) => truth.classList.remove("found", "now"));
    this.boxes.flat().forEach((box) => box.setAttribute("class", "hidden"));
    data.rows.forEach((row, i) => {
      this.write(i, i < step, i === step - 1);
      if (i >= step) return;
      const isNow = i === step - 1;
      this.boxes[row.picture][row.number].setAttribute("class", `box ${row.isRight ? "right" : "wrong"}${isNow ? " now" : ""}`);
      if (row.isRight) this.truths[row.picture][row.truth].classList.add("found");
      if (isNow && row.iou > 0) this.truths[row.picture][row.truth].classList.add("now");
    });
    [...this.pictures.children].forEach((figure, i) => figure.classList.toggle("now", data.rows[step - 1]?.picture === i));
    const known = points.slice(0, step);
    const operating = data.operating > 0 && data.operating <= step ? points[data.operating - 1] : undefined;
    const area = areaUnder(known).toFixed(3);
    this.curve.draw(known, operating, words.axes, fillIn(step < data.rows.length ? words.area_so_far : words.area, { area }));
    this.tell(step);
    this.transport.show(step, fillIn(words.place, { step, last: data.rows.length }));
    Object.assign(this.root.dataset, { step, area });
  }

  write(i, isKnown, isNow) {
    const { line, cells } = this.rows[i];
    const { data, points } = this;
    const [row, point] = [data.rows[i], points[i]];
    const look = isKnown ? (row.isRight ? "right" : "wrong") : "later";
    line.className = `${look}${isNow ? " now" : ""}${i + 1 === data.operating ? " operating" : ""}`;
    const shown = [i + 1, row.score.toFixed(2), row.picture + 1];
    if (isKnown) {
      shown.push(row.iou.toFixed(2), data.words.verdicts[look]);
      shown.push(`${point.right}/${point.rank} = ${point.precision.toFixed(2)}`, `${point.right}/${data.objects} = ${point.recall.toFixed(2)}`);
    }
    cells.forEach((cell, j) => setText(cell, String(shown[j] ?? "")));
  }

  tell(step) {
    const { data, clock, points } = this;
    const { words, threshold, objects } = data;
    this.told.setAttribute("aria-live", clock.playing ? "off" : "polite");
    if (!step) {
      setText(this.told, fillIn(words.told.start, { count: data.rows.length, objects }));
      return;
    }
    const [row, point] = [data.rows[step - 1], points[step - 1]];
    const told = { rank: step, score: row.score.toFixed(2), picture: row.picture + 1, iou: row.iou.toFixed(3), threshold, right: point.right, objects };
    const counted = fillIn(words.counted, told);
    setText(this.told, fillIn(words.told[reasonOf(row, threshold)], { ...told, counted }));
  }
}
