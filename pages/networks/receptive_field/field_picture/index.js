// The field of one unit: the pyramid beside the photograph. All other files of the folder precede this one.
//
// Streamlit calls the default export when the component is mounted, and again, with the same parentElement, whenever
// its data or the theme change. What a visitor points at is forgotten when the pointer leaves: then the chosen unit is
// shown, which is the server's.

const BELOW = 640; // CSS pixels of the stage: where it is narrower the photograph stands below the pyramid
const GAP = 16;
const TALLEST = 330;

const scenes = new WeakMap(); // root -> Scene

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".field-picture");
  if (!scenes.has(root)) scenes.set(root, new Scene(root));
  const scene = scenes.get(root);
  scene.choose = (chosen) => setTriggerValue("chosen", chosen);
  scene.update(data);
  return () => setTimeout(() => root.isConnected || scene.resizing.disconnect());
}

class Scene {
  constructor(root) {
    this.root = root;
    const find = (selector) => root.querySelector(selector);
    [this.stage, this.sees, this.reads] = [".stage", ".sees", ".reads"].map(find);
    this.legend = [...root.querySelectorAll(".legend span:not(.chip)")];
    this.heatChip = find(".chip.heat");
    this.hatchedChip = find(".chip.hatched");
    this.pyramid = new Pyramid(find(".pyramid"));
    this.photo = new Photo(find(".photo"));
    for (const type of ["pointermove", "pointerdown"]) {
      this.pyramid.canvas.addEventListener(type, (event) => this.look({ ...this.focus, ...this.pyramid.at(event) }));
      this.photo.canvas.addEventListener(type, (event) => this.lookAt(event));
    }
    this.stage.addEventListener("pointerleave", () => this.stage.matches(":focus-visible") || this.rest());
    this.stage.addEventListener("click", () => this.take());
    this.stage.addEventListener("keydown", (event) => this.keyDown(event));
    this.resizing = new ResizeObserver(() => this.stage.clientWidth !== this.width && this.fit());
    this.resizing.observe(this.stage);
  }

  update(data) {
    this.data = data;
    Object.assign(this, { words: data.words, heat: data.heat });
    this.model = new Model(data);
    this.titles = [data.words.input, ...data.rungs.map((rung) => rung.title)];
    this.stage.setAttribute("aria-label", data.words.label);
    this.focus = this.own();
    this.fit();
    this.takePhoto(data.photo);
  }

  /** The chosen unit, the same along both axes. */
  own() {
    const { layer, unit } = this.model.chosen;
    return { layer, unit, row: unit };
  }

  isChosen({ layer, unit, row }) {
    const { chosen } = this.model;
    return layer === chosen.layer && unit === chosen.unit && row === chosen.unit;
  }

  takePhoto(address) {
    const size = this.model.sizes[0];
    if (!address || this.shown === `${size} ${address}`) return;
    const image = new Image();
    image.onload = () => {
      if (this.data.photo !== address || this.model.sizes[0] !== size) return;
      this.shown = `${size} ${address}`;
      this.photo.take(image);
      this.photo.draw(this.focus);
      this.root.dataset.photo = size;
    };
    image.src = address;
  }

  fit() {
    if (!this.data || !this.stage.clientWidth) return;
    this.width = this.stage.clientWidth;
    const zoom = zoomOf();
    const room = this.width / zoom;
    this.look_ = new Look(this.root, this.data.scale);
    const isFlat = this.data.axes === 2;
    const below = room < BELOW || !isFlat;
    this.stage.classList.toggle("below", below);
    this.photo.canvas.hidden = !isFlat;
    const wanted = Math.max(Pyramid.height(this.model, this.heat), isFlat && !below ? 300 : 0);
    const height = Math.min(wanted, Math.max(TALLEST, (this.model.last + 1) * ROW.least + PROFILE + 14));
    const side = below ? Math.min(room, TALLEST) : Math.min(height, TALLEST, room * 0.42);
    if (isFlat) this.photo.fit(this.scene, side, zoom);
    this.photo.takeHeat(isFlat ? this.heat : null, this.look_.ramp);
    this.pyramid.fit(this.scene, below ? room : room - side - GAP, height, zoom);
    this.nameColours();
    this.draw();
  }

  /** What the drawings know of it. */
  get scene() {
    const { model, heat, titles, words } = this;
    return { model, heat, titles, words, look: this.look_, isChosen: (focus) => this.isChosen(focus) };
  }

  nameColours() {
    const { words } = this.data;
    [words.down, words.up, words.padding, words.heat].forEach((text, i) => setText(this.legend[i], text));
    const ramp = this.look_.ramp;
    this.root.style.setProperty("--heat", `linear-gradient(90deg, ${css(ramp[90])}, ${css(ramp[255])})`);
    const isPadded = this.model.rungs.some((rung) => rung && (rung.padding || rung.after));
    this.heatChip.hidden = this.legend[3].hidden = !this.heat || this.data.axes === 1;
    this.hatchedChip.hidden = this.legend[2].hidden = !isPadded;
  }

  draw() {
    this.pyramid.draw(this.focus);
    if (this.data.axes === 2) this.photo.draw(this.focus);
    this.tell();
  }

  tell() {
    const { model, titles, words } = this;
    const { layer, unit } = this.focus;
    const [first, last] = model.field(layer, unit);
    const down = model.down(layer, unit);
    const inside = [...down[0]].filter((pixel) => model.isUnit(0, pixel)).length;
    const outside = Math.max(0, -first) + Math.max(0, last - model.sizes[0] + 1);
    const place = { title: titles[layer], unit, most: model.sizes[layer] - 1 };
    const told = { ...place, first: whole(first), last: whole(last), size: last - first + 1, outside };
    setText(this.sees, fillIn(layer === 0 ? words.is : outside ? words.sees_padding : words.sees, told));
    const counts = down.slice(0, layer).map((set, at) => `${titles[at]}: ${at ? set.size : inside}`).reverse();
    const above = model.up(layer, unit).slice(1).map((set, at) => `${titles[layer + 1 + at]}: ${set.size}`);
    const lines = [fillIn(counts.length ? words.reads : "", { counts: shortened(counts) })];
    if (above.length) lines.push(fillIn(words.read_by, { counts: shortened(above) }));
    setText(this.reads, lines.filter(Boolean).join(" "));
    Object.assign(this.root.dataset, { layer, unit, first, last, read: inside });
  }

  look(focus) {
    const { layer, unit, row } = focus;
    const own = { layer, unit, row: clamp(row, 0, this.model.sizes[layer] - 1) };
    if (layer !== this.focus.layer) own.row = this.model.nearest(layer, this.model.middle(this.focus.layer, this.focus.row));
    if (own.layer === this.focus.layer && own.unit === this.focus.unit && own.row === this.focus.row) return;
    this.focus = own;
    this.draw();
  }

  /** A place of the photograph: the unit of the layer that is chosen whose field lies nearest. */
  lookAt(event) {
    const { layer } = this.model.chosen;
    const [row, unit] = this.photo.at(event).map((place) => this.model.nearest(layer, place));
    this.focus = { layer, unit, row };
    this.draw();
  }

  rest() {
    this.focus = this.own();
    this.draw();
  }

  /** Makes what is pointed at the chosen unit. */
  take() {
    const { layer, unit } = this.focus;
    if (layer > 0 && !this.isChosen({ ...this.focus, row: unit })) this.choose({ layer, unit });
  }

  keyDown(event) {
    const { layer, unit, row } = this.focus;
    const { model } = this;
    if (event.key === "Enter") return this.take();
    if (event.key === "Escape") return this.rest();
    if (event.key in ROWS_COLUMNS) {
      event.preventDefault();
      const [down, right] = ROWS_COLUMNS[event.key];
      const to = clamp(layer - down, 0, model.last);
      const at = down ? model.nearest(to, model.middle(layer, unit)) : clamp(unit + right, 0, model.sizes[layer] - 1);
      this.look({ layer: to, unit: at, row });
    }
  }
}

/** A number with a true minus. */
function whole(value) {
  return String(value).replace("-", "−");
}

/** The first and the last of many. */
function shortened(parts) {
  const few = parts.length > 5 ? [...parts.slice(0, 3), "…", parts.at(-1)] : parts;
  return few.join(" · ");
}
