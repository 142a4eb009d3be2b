// The buttons and sliders below the grids, and the legend above them.

class Controls {
  /** `act(name, number)` obeys: first, back, play, forward, last, reveal, scrub, speed. */
  constructor(root, act) {
    this.root = root;
    this.legend = root.querySelector(".legend");
    this.buttons = Object.fromEntries(
      [...root.querySelectorAll("button[data-do]")].map((button) => [button.dataset.do, button]),
    );
    [this.scrub, this.speed] = root.querySelectorAll("input");
    [this.place, this.pace] = root.querySelectorAll("label span");
    for (const [name, button] of Object.entries(this.buttons)) button.addEventListener("click", () => act(name));
    this.scrub.addEventListener("input", () => act("scrub", Number(this.scrub.value)));
    this.speed.addEventListener("input", () => act("speed", Number(this.speed.value)));
  }

  /** The words and the range of a window. */
  fit(scene, player) {
    const { model } = scene;
    const { words } = model;
    this.words = words;
    for (const name of ["first", "back", "forward", "last"]) {
      this.buttons[name].setAttribute("aria-label", words[name]);
      this.buttons[name].title = words[name];
    }
    setText(this.buttons.reveal, words.reveal);
    this.buttons.reveal.title = words.reveal_help;
    this.scrub.max = model.count - 1;
    this.scrub.setAttribute("aria-label", words.position);
    this.speed.max = player.speeds.length - 1;
    this.speed.setAttribute("aria-label", words.speed);
    this.fitLegend(scene);
  }

  fitLegend(scene) {
    const { model } = scene;
    const { words } = model;
    const copies = model.rows.padded - model.height > zeros(model.rows) || model.columns.padded - model.width > zeros(model.columns);
    const items = [];
    if (model.padded) items.push(["padding", copies ? words.padding_copies : words.padding]);
    if (model.wastes) items.push(["unread", words.never_read]);
    this.legend.replaceChildren();
    for (const [kind, text] of items) {
      const item = append(this.legend, "li");
      append(item, "i", kind);
      append(item, "span", "", text);
    }
    for (const grid of [scene.inputs[0], scene.output]) {
      if (!grid.font) this.addRamp(grid);
    }
  }

  /** The colours of a grid that shows no numbers. */
  addRamp(grid) {
    const item = append(this.legend, "li");
    append(item, "span", "", `${grid.title} ${format(grid.scale.low, 2)}`);
    const ramp = append(item, "i", "ramp");
    const stops = Array.from({ length: 9 }, (_, i) => grid.scale.colors[Math.round((LEVELS * i) / 8)]);
    ramp.style.background = `linear-gradient(to right, ${stops.map((color) => `rgb(${color.join(" ")})`).join()})`;
    append(item, "span", "", format(grid.scale.high, 2));
  }

  show(player, [row, column], reveal) {
    const { words, buttons } = this;
    const { playing, position, count } = player;
    const place = fillIn(words.place, { row, column });
    setText(this.place, place);
    if (Number(this.scrub.value) !== position) this.scrub.value = position;
    this.scrub.setAttribute("aria-valuetext", place);
    const pace = fillIn(words.speed_value, { speed: player.speed.toLocaleString("en") });
    setText(this.pace, pace);
    this.speed.value = player.speeds.indexOf(player.speed);
    this.speed.setAttribute("aria-valuetext", pace);
    setText(buttons.play.querySelector("span"), playing ? words.pause : words.play);
    buttons.play.classList.toggle("playing", playing);
    buttons.reveal.setAttribute("aria-pressed", String(reveal));
    for (const name of ["first", "back"]) buttons[name].setAttribute("aria-disabled", String(position === 0));
    for (const name of ["forward", "last"]) buttons[name].setAttribute("aria-disabled", String(position === count - 1));
  }
}

/** Padded places of an axis that copy no pixel. */
function zeros(axis) {
  return axis.source.reduce((count, pixel) => count + (pixel < 0), 0);
}
