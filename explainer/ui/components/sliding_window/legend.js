// The legend below the grids, and the button that hides what is not reached yet.

class Legend {
  constructor(root, reveal) {
    this.list = root.querySelector(".legend");
    this.reveal = root.querySelector(".reveal");
    this.reveal.addEventListener("click", reveal);
  }

  /** The words of a window. */
  fit(scene) {
    const { words } = scene.model;
    setText(this.reveal, words.reveal);
    this.reveal.title = words.reveal_help;
    this.fitList(scene);
  }

  fitList(scene) {
    const { model } = scene;
    const { words } = model;
    const copies = model.rows.padded - model.height > zeros(model.rows) || model.columns.padded - model.width > zeros(model.columns);
    const items = [];
    if (model.padded) items.push(["padding", this.padding(model, copies)]);
    if (model.wastes) items.push(["unread", words.never_read]);
    if (model.overhangs) items.push(["outside", words.outside]);
    if (model.loses) items.push(["outside", words.lost]);
    this.list.replaceChildren();
    for (const [kind, text] of items) {
      const item = append(this.list, "li");
      append(item, "i", kind);
      append(item, "span", "", text);
    }
    for (const grid of [scene.inputs[0], ...(model.still ? [] : [scene.output])]) {
      if (!grid.font) this.addRamp(grid);
    }
  }

  padding({ words, blank }, copies) {
    if (copies) return words.padding_copies;
    return blank === null ? words.padding : blank ? words.padding_least : words.padding_blank;
  }

  /** The colours of a grid that shows no numbers. */
  addRamp(grid) {
    const item = append(this.list, "li");
    const { low, high } = grid.scale;
    const [isBelow, isAbove] = beyond(grid);
    append(item, "span", "", `${grid.title} ${isBelow ? "≤ " : ""}${format(low, 2)}`);
    const ramp = append(item, "i", "ramp");
    const stops = Array.from({ length: 9 }, (_, i) => grid.scale.colors[Math.round((LEVELS * i) / 8)]);
    ramp.style.background = `linear-gradient(to right, ${stops.map((color) => `rgb(${color.join(" ")})`).join()})`;
    append(item, "span", "", `${isAbove ? "≥ " : ""}${format(high, 2)}`);
  }
}

/** Whether numbers of a grid lie below the lower end of its scale, and above the upper one: they have the ends' colours. */
function beyond({ rows, columns, at, scale: { low, high } }) {
  const rounding = 1e-6 * (high - low);
  let [isBelow, isAbove] = [false, false];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const value = at(row, column);
      isBelow ||= value < low - rounding;
      isAbove ||= value > high + rounding;
    }
  }
  return [isBelow, isAbove];
}

/** Padded places of an axis that copy no pixel. */
function zeros(axis) {
  return axis.source.reduce((count, pixel) => count + (pixel < 0), 0);
}
