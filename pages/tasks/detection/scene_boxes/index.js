// Scenes with boxes. elements.js, hear.js and model.js precede this file in the same module.
//
// A pressed cell is marked at once; Python hears of it and answers with the cell's own boxes.

const PAUSE = 300; // milliseconds without a key after which Python hears of the cell
const FAINT = 0.3; // the opacity of a box whose score is almost 0
const WEAK = 0.28; // and of one that does not count at all, at most
const VEIL = 100; // divided by how many there are: many faint boxes must not hide the picture
const KINDS = ["wrong", "right", "weak"];

const views = new WeakMap(); // parentElement -> SceneBoxes

export default function (component) {
  const { parentElement } = component;
  const root = parentElement.querySelector(".scene-boxes");
  if (views.get(parentElement)?.root !== root) views.set(parentElement, new SceneBoxes(root, component.data));
  views.get(parentElement).update(component);
}

class SceneBoxes {
  constructor(root, data) {
    Object.assign(this, { root, timer: null, sent: null });
    this.scenes = data.pictures.map((_, number) => this.build(number));
    hear(data.feed, root, ({ found, first }) => this.drawFound(found, first));
  }

  build(number) {
    const figure = append(this.root, "div");
    const stage = append(figure, "div", "stage");
    setAttributes(stage, { role: "application", tabindex: 0 });
    const image = append(stage, "img");
    Object.assign(image, { alt: "", draggable: false });
    const svg = appendSvg(stage, "svg", { "aria-hidden": true });
    const layers = Object.fromEntries(["grid", "cell", "truth", "own", "found"].map((name) => [name, appendSvg(svg, "g", { class: name })]));
    stage.addEventListener("click", (event) => this.press(number, event));
    stage.addEventListener("keydown", (event) => this.key(number, event));
    return { stage, image, svg, caption: append(figure, "div", "caption"), ...layers };
  }

  update({ data, setTriggerValue }) {
    Object.assign(this, { data, setTriggerValue });
    const isEcho = this.sent && this.sent.join() !== data.chosen.join();
    if (!isEcho) Object.assign(this, { chosen: data.chosen, sent: null });
    const { side, grid } = data;
    this.root.classList.toggle("single", data.pictures.length === 1);
    this.root.style.setProperty("--text", `${data.text}px`);
    this.scenes.forEach((scene, number) => {
      scene.svg.setAttribute("viewBox", `0 0 ${side} ${side}`);
      if (scene.image.src !== data.pictures[number]) scene.image.src = data.pictures[number];
      const [caption, label] = [data.captions[number] ?? "", fillIn(data.label, { number: data.numbers[number] + 1 })];
      scene.caption.textContent = caption;
      setAttributes(scene.stage, grid ? { role: "application", tabindex: 0 } : { role: "img", tabindex: -1 });
      scene.stage.setAttribute("aria-label", caption ? `${caption}. ${label}` : label);
      const lines = Array.from({ length: Math.max(grid - 1, 0) }, (_, i) => ((i + 1) * side) / grid).map((at) => `M${at} 0V${side}M0 ${at}H${side}`);
      redraw(scene.grid, [["path", { d: lines.join("") }]]);
      redraw(scene.truth, data.truth[number].map((box) => ["rect", frame(box)]));
    });
    this.drawFound(data.found);
    this.drawCell();
  }

  /** The boxes of the pictures from the `first` on, as many as there are. */
  drawFound(found, first = 0) {
    this.scenes.slice(first, first + found.length).forEach((scene, number) => {
      const places = labelPlaces(found[number], this.data.side, this.data.text);
      const drawn = found[number].map(([left, top, right, bottom, name, score, kind], i) => {
        const box = frame([left, top, right, bottom]);
        if (KINDS[kind] === "weak") return [["rect", { ...box, class: "weak", opacity: Math.min(Math.min(WEAK, VEIL / found[number].length) + score, 1) }]];
        const style = { class: KINDS[kind], opacity: Math.min(FAINT + score * (1 - FAINT) * 1.5, 1) };
        const label = places[i] ? [["text", { ...places[i], class: style.class }, `${name} ${score.toFixed(2)}`.trim()]] : [];
        return [["rect", { ...box, ...style, class: "casing" }], ["rect", { ...box, ...style }], ...label];
      });
      redraw(scene.found, drawn.reverse().flat()); // the best on top
      scene.stage.dataset.found = found[number].length;
      scene.stage.dataset.right = found[number].filter((box) => KINDS[box[6]] === "right").length;
    });
  }

  drawCell() {
    const { side, grid } = this.data;
    const [at, row, column] = this.chosen;
    const own = this.chosen.join() === this.data.chosen.join() ? this.data.own : [];
    this.scenes.forEach((scene, number) => {
      const size = side / grid;
      const isChosen = this.data.numbers[number] === at;
      redraw(scene.cell, isChosen ? [["rect", { x: column * size, y: row * size, width: size, height: size }]] : []);
      redraw(scene.own, isChosen && number < this.data.owned ? own.map((box, i) => ["rect", { ...frame(box), class: i === this.data.marked ? "marked" : "" }]) : []);
    });
  }

  press(number, event) {
    if (!this.data.grid) return;
    const { left, top, width } = this.scenes[number].stage.getBoundingClientRect();
    const { side, grid } = this.data;
    this.choose([this.data.numbers[number], ...cellAt([event.clientX - left, event.clientY - top].map((value) => (value / width) * side), side, grid)], 0);
  }

  key(number, event) {
    if (event.altKey || event.ctrlKey || event.metaKey || !this.data.grid) return;
    const scene = this.data.numbers[number];
    const cell = this.chosen[0] === scene ? this.chosen.slice(1) : [0, 0];
    if (event.key in ROWS_COLUMNS) this.choose([scene, ...cellBeside(cell, ROWS_COLUMNS[event.key], this.data.grid)], PAUSE);
    else if (event.key === " " || event.key === "Enter") this.choose([scene, ...cell], 0);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  choose(chosen, wait) {
    this.chosen = this.sent = chosen;
    this.drawCell();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.setTriggerValue("cell", chosen), wait);
  }
}

/** Makes the children of `group` anew: [tag, attributes, text] of each. */
function redraw(group, shapes) {
  group.replaceChildren();
  for (const [tag, attributes, text = ""] of shapes) appendSvg(group, tag, attributes, text);
}

/** The attributes of a rectangle from its sides. */
function frame([left, top, right, bottom]) {
  return { x: left, y: top, width: Math.max(right - left, 0), height: Math.max(bottom - top, 0) };
}
