// One map over its picture: its canvas, its legend, and what it says of a pixel.

const FOR = [255, 122, 10]; // over a picture, whose own colours do not change with the theme
const AGAINST = [20, 130, 255];
const NOT_YET = -32768;

class Panel {
  constructor(holder, view) {
    this.view = view;
    this.element = append(holder, "figure");
    const caption = append(this.element, "figcaption");
    [this.title, this.about] = [append(caption, "b"), append(caption, "span")];
    const held = append(this.element, "div", "held");
    this.canvas = append(held, "canvas");
    this.why = append(held, "p", "why");
    const legend = append(this.element, "div", "legend");
    [this.low, this.ramp, this.high] = [append(legend, "span"), append(legend, "i"), append(legend, "span")];
    this.ramp.setAttribute("aria-hidden", "true");
    this.told = append(this.element, "div", "told");
    this.canvas.setAttribute("role", "img");
    this.small = document.createElement("canvas");
    for (const type of ["pointermove", "pointerdown"]) {
      this.canvas.addEventListener(type, (event) => this.point(event));
    }
  }

  update(data, words) {
    this.words = words;
    if (data.values !== this.data?.values) this.codes = decoded(data.values, Int16Array);
    const given = data.occlusion;
    if (given && given.scores !== this.data?.occlusion?.scores) this.scores = decoded(given.scores, Float32Array);
    if (given && given.cover !== this.data?.occlusion?.cover) this.cover = decoded(given.cover);
    this.data = data;
    setText(this.title, data.title);
    setText(this.about, data.about);
    setText(this.why, data.why);
    this.canvas.setAttribute("aria-label", `${data.title}. ${data.about}. ${data.why}`);
    const [low, high] = endsOf(data);
    setText(this.low, data.why ? "" : low);
    setText(this.high, data.why ? "" : high);
  }

  /** The value at a place of the map, NaN where it is not known yet. */
  value(at) {
    const code = this.codes[at];
    return code === NOT_YET ? NaN : (code / 32767) * this.data.most;
  }

  /** Mixes picture and map in the picture's own pixels; `strength` 0 is the picture, 1 the map alone. */
  paint(side, strength, scale) {
    this.side = side;
    const { size, channels } = this.view.data;
    const { picture } = this.view;
    const image = new ImageData(size, size);
    const over = Math.max(0, 2 * strength - 1); // how far it is on the way from an overlay to the map alone
    const { limit, signed } = this.data;
    const stops = stopsOf(scale);
    for (let i = 0; i < size * size; i++) {
      const value = this.value(i);
      const share = clamp(value / limit, -1, 1);
      const known = Number.isFinite(share) && !this.data.why;
      const alpha = known ? Math.min(1, 2 * strength) * Math.abs(share) : 0;
      const hue = share < 0 ? AGAINST : FOR;
      const alone = known && over ? between(stops, (share + 1) / 2) : FOR;
      const grey = greyOf(picture, i, channels);
      for (let c = 0; c < 3; c++) {
        const own = channels === 3 ? picture[3 * i + c] : grey;
        const pale = own + Math.min(1, 2 * strength) * (grey - own);
        const laid = pale + alpha * (hue[c] - pale);
        image.data[4 * i + c] = known ? laid + over * (alone[c] - laid) : pale;
      }
      image.data[4 * i + 3] = known || this.data.why ? 255 : 120; // pale where nothing is known yet
    }
    Object.assign(this.small, { width: size, height: size });
    this.small.getContext("2d").putImageData(image, 0, 0);
    const colors = scale.filter(([at]) => at >= (signed ? 0 : 0.5)).map(([, color]) => color);
    this.ramp.style.background = this.data.why ? "none" : `linear-gradient(90deg, ${colors.join()})`;
  }

  /** Draws what was painted, and on it the pixel `at`, [row, column] or null, that the visitor points at. */
  mark(at) {
    const context = fitCanvas(this.canvas, this.side, this.side);
    const { size, words } = this.view.data;
    const zoom = this.side / size;
    context.imageSmoothingEnabled = zoom < 2;
    context.drawImage(this.small, 0, 0, this.side, this.side);
    setText(this.told, "");
    if (this.data.frame) {
      const [top, left, bottom, right] = this.data.frame.map((place) => place * zoom);
      frame(context, left, top, right - left, bottom - top);
    }
    if (!at) return;
    if (this.data.occlusion) return this.coverAt(context, at, zoom);
    const value = this.value(at[0] * size + at[1]);
    setText(this.told, Number.isFinite(value) ? short(value) : words.not_yet);
    const side = Math.max(zoom, 9);
    frame(context, (at[1] + 0.5) * zoom - side / 2, (at[0] + 0.5) * zoom - side / 2, side);
  }

  /** Lays the patch where the visitor points, and tells what the network says then. */
  coverAt(context, at, zoom) {
    const { starts, patch, base, kind } = this.data.occlusion;
    const nearest = (place) =>
      starts.reduce((best, start, i) => (off(start, place) < off(starts[best], place) ? i : best), 0);
    const off = (start, place) => Math.abs(start + (patch - 1) / 2 - place);
    const [row, column] = at.map(nearest);
    this.drawCover(context, starts[row], starts[column], patch, zoom);
    const score = this.scores[row * starts.length + column];
    const told = { score: probability(score), base: probability(base), class: kind };
    const known = Number.isFinite(score);
    setText(this.told, known ? fillIn(this.words.covered, told) : this.words.not_yet);
    this.view.root.dataset.covered = known ? score : "";
  }

  drawCover(context, top, left, patch, zoom) {
    const { size, channels } = this.view.data;
    const image = new ImageData(patch, patch);
    for (let row = 0; row < patch; row++) {
      for (let column = 0; column < patch; column++) {
        const from = (top + row) * size + left + column;
        const color = [0, 1, 2].map((c) => (channels === 3 ? this.cover[3 * from + c] : this.cover[from]));
        image.data.set([...color, 255], 4 * (row * patch + column));
      }
    }
    const small = Object.assign(document.createElement("canvas"), { width: patch, height: patch });
    small.getContext("2d").putImageData(image, 0, 0);
    context.drawImage(small, left * zoom, top * zoom, patch * zoom, patch * zoom);
    frame(context, left * zoom, top * zoom, patch * zoom);
  }

  point(event) {
    const { size } = this.view.data;
    this.view.go(pixelAt(this.canvas, event, [size, size]));
  }
}

/** What stands at the ends of a colour bar; what lies beyond them has their colours, and they say so. */
function endsOf({ limit, most, signed }) {
  const beyond = most > limit;
  const low = signed ? `${beyond ? "≤ " : ""}${short(-limit)}` : "0";
  return [low, `${beyond ? "≥ " : ""}${short(limit)}`];
}

function frame(context, x, y, width, height = width) {
  for (const [color, line] of [["#000000", 4], ["#ffffff", 2]]) {
    Object.assign(context, { strokeStyle: color, lineWidth: line });
    context.strokeRect(x, y, width, height);
  }
}

function greyOf(picture, i, channels) {
  if (channels === 1) return picture[i];
  return 0.299 * picture[3 * i] + 0.587 * picture[3 * i + 1] + 0.114 * picture[3 * i + 2];
}
