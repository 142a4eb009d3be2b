// The photograph with the fields of one unit as nested frames, and the effective field over it.

const FADE = { outside: 0.6, inside: 0.15, heated: 0.55 }; // of the page's colour over the photograph

class Photo {
  constructor(canvas) {
    this.canvas = canvas;
    this.small = document.createElement("canvas");
  }

  fit(scene, side, zoom) {
    Object.assign(this, { scene, side, zoom });
    const { model } = scene;
    const [first, last] = model.field(model.chosen.layer, model.chosen.unit);
    [this.low, this.high] = [Math.min(0, first), Math.max(model.sizes[0] - 1, last)];
    this.scale = (side - 4) / (this.high - this.low + 1);
  }

  /** The picture in as many pixels as the input has. */
  take(image) {
    const size = this.scene.model.sizes[0];
    Object.assign(this.small, { width: size, height: size });
    const context = this.small.getContext("2d");
    context.imageSmoothingQuality = "high";
    context.drawImage(image, 0, 0, size, size);
  }

  /** The heat as a picture, one pixel for each of the input. */
  takeHeat(heat, ramp) {
    this.heat = null;
    if (!heat) return;
    const [height, width] = heat.shape;
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const image = canvas.getContext("2d").createImageData(width, height);
    decoded(heat.values).forEach((value, i) => {
      const strength = Math.sqrt(value / 255); // so that what is weak is seen
      const [red, green, blue] = ramp[Math.round(80 + 175 * strength)];
      image.data.set([red, green, blue, value ? Math.round(110 + 140 * strength) : 0], 4 * i);
    });
    canvas.getContext("2d").putImageData(image, 0, 0);
    this.heat = canvas;
  }

  p(place) {
    return 2 + (place - this.low) * this.scale;
  }

  at(event) {
    const { left, top } = this.canvas.getBoundingClientRect();
    const place = (at) => (at / this.zoom - 2) / this.scale + this.low - 0.5;
    return [place(event.clientY - top), place(event.clientX - left)];
  }

  draw(focus) {
    const { look, model, heat } = this.scene;
    const context = (this.context = fitCanvas(this.canvas, this.side, this.side, this.zoom));
    const [size, whole] = [model.sizes[0], this.scale * (this.high - this.low + 1)];
    hatch(context, 2, 2, whole, whole, look.idle);
    context.imageSmoothingEnabled = false;
    context.drawImage(this.small, this.p(0), this.p(0), size * this.scale, size * this.scale);
    const [top, bottom] = model.field(focus.layer, focus.row);
    const [left, right] = model.field(focus.layer, focus.unit);
    const isOwn = heat && this.scene.isChosen(focus);
    this.veil(top, bottom, left, right, isOwn ? FADE.heated : FADE.inside);
    if (isOwn) {
      const [height, width] = heat.shape;
      context.drawImage(this.heat, this.p(heat.left), this.p(heat.top), width * this.scale, height * this.scale);
    }
    this.drawUnread(focus);
    this.drawFrames(focus);
  }

  /** What lies outside of the field fades into the page; what lies inside does a little. */
  veil(top, bottom, left, right, inside) {
    const { context } = this;
    const [y, x] = [this.p(top), this.p(left)];
    const [height, width] = [(bottom - top + 1) * this.scale, (right - left + 1) * this.scale];
    context.save();
    context.beginPath();
    context.rect(this.p(0), this.p(0), this.scene.model.sizes[0] * this.scale, this.scene.model.sizes[0] * this.scale);
    context.clip();
    context.fillStyle = this.scene.look.page;
    context.globalAlpha = FADE.outside;
    context.beginPath();
    context.rect(0, 0, this.side, this.side);
    context.rect(x, y, width, height);
    context.fill("evenodd");
    context.globalAlpha = inside;
    context.fillRect(x, y, width, height);
    context.restore();
  }

  /** The pixels inside of the field that the unit never reads. */
  drawUnread({ layer, row, unit }) {
    const { model, look } = this.scene;
    const across = model.down(layer, unit)[0];
    const down = row === unit ? across : model.down(layer, row)[0];
    const [[top, bottom], [left, right]] = [model.field(layer, row), model.field(layer, unit)];
    if (across.size === right - left + 1 && down.size === bottom - top + 1) return;
    this.context.fillStyle = look.page;
    this.context.globalAlpha = 0.85;
    for (let y = Math.max(top, 0); y <= Math.min(bottom, model.sizes[0] - 1); y++) {
      for (let x = Math.max(left, 0); x <= Math.min(right, model.sizes[0] - 1); x++) {
        if (down.has(y) && across.has(x)) continue;
        this.context.fillRect(this.p(x), this.p(y), this.scale, this.scale);
      }
    }
    this.context.globalAlpha = 1;
  }

  /** One for every layer below: the field of the middle one of the units that are read there. */
  drawFrames({ layer, row, unit }) {
    const { model, look } = this.scene;
    let [y, x] = [row, unit];
    for (let at = layer; at >= 0; at--) {
      const [[top, bottom], [left, right]] = [model.field(at, y), model.field(at, x)];
      const width = at === layer ? 3 : 1.5;
      this.frame(left, top, right - left + 1, bottom - top + 1, width + 1.5, look.page);
      this.frame(left, top, right - left + 1, bottom - top + 1, width, look.accent);
      if (at === 0) break;
      [y, x] = [y, x].map((each) => middleOf(model.taps(at, each), model.sizes[at - 1]));
    }
  }

  frame(left, top, width, height, thick, color) {
    const { context, scale } = this;
    context.strokeStyle = color;
    context.lineWidth = thick;
    context.strokeRect(this.p(left), this.p(top), width * scale, height * scale);
  }
}

/** Of the taps of a unit the one in the middle that is no padding. */
function middleOf(taps, size) {
  const inside = taps.filter((tap) => tap >= 0 && tap < size);
  const some = inside.length ? inside : taps.map((tap) => clamp(tap, 0, size - 1));
  return some[Math.floor((some.length - 1) / 2)];
}
