// The pyramid of connections: a row of units for every layer, the input at the bottom, each unit above the middle of
// its field.

const PROFILE = 44; // CSS pixels of the effective field below the input
const ROW = { least: 15, most: 54 };
const ROOM = 5; // CSS pixels of a pixel of the input, so that all of them are drawn
const NARROW = 420; // CSS pixels in which titles are smaller
const LINKS = 1600; // that are drawn pale, of units that are not lit

class Pyramid {
  constructor(canvas) {
    this.canvas = canvas;
  }

  /** How high it would like to be. */
  static height(model, heat) {
    const rows = clamp(250 / (model.last + 1), ROW.least, ROW.most);
    return Math.round(rows * (model.last + 1) + (heat ? PROFILE : 0) + 14);
  }

  /** Fits it to a size in CSS pixels, of which each is `zoom` times as large. */
  fit(scene, width, height, zoom) {
    Object.assign(this, { scene, width, height, zoom });
    const { model, look } = scene;
    const context = (this.context = fitCanvas(this.canvas, width, height, zoom));
    this.type = width < NARROW || height / (model.last + 1) < 19 ? 13 : 15;
    context.font = `650 ${this.type}px ${look.font}`;
    const widest = Math.max(...scene.titles.map((title) => context.measureText(title).width));
    this.gutter = Math.min(widest + 12, width * 0.34);
    const numbers = Math.max(...model.sizes.map((size) => context.measureText(size).width)) + 10;
    const across = width - this.gutter - numbers;
    this.end = width - numbers;
    [this.low, this.high] = model.shown(across / ROOM);
    this.scale = across / (this.high - this.low + 1);
    this.bottom = height - (scene.heat ? PROFILE : 0) - 4;
    this.row = Math.min((this.bottom - 4) / (model.last + 1), ROW.most);
  }

  x(place) {
    return this.gutter + (place - this.low + 0.5) * this.scale;
  }

  y(layer) {
    return this.bottom - (layer + 0.5) * this.row;
  }

  /** Width of a unit of a layer. */
  side(layer) {
    return clamp(this.scene.model.fields[layer].jump * this.scale * 0.8, 1.2, Math.min(this.row * 0.55, 18));
  }

  /** The layer and unit under the pointer. */
  at(event) {
    const { left, top } = this.canvas.getBoundingClientRect();
    const [x, y] = [(event.clientX - left) / this.zoom, (event.clientY - top) / this.zoom];
    const layer = clamp(Math.floor((this.bottom - y) / this.row), 0, this.scene.model.last);
    const place = (x - this.gutter) / this.scale + this.low - 0.5;
    return { layer, unit: this.scene.model.nearest(layer, place) };
  }

  draw(focus) {
    const { model, look } = this.scene;
    this.context = fitCanvas(this.canvas, this.width, this.height, this.zoom);
    const down = model.down(focus.layer, focus.unit);
    const up = model.up(focus.layer, focus.unit);
    this.context.save();
    this.context.beginPath();
    this.context.rect(this.gutter - 2, 0, this.end - this.gutter + 4, this.height);
    this.context.clip();
    this.drawField(focus);
    this.drawPaleLinks();
    this.drawLinks(focus, down, up);
    for (let layer = 0; layer <= model.last; layer++) this.drawRow(layer, down[layer], up[layer - focus.layer]);
    cell(this.context, this.x(model.middle(focus.layer, focus.unit)), this.y(focus.layer), this.side(focus.layer) + 5, this.side(focus.layer) + 5, look.text);
    cell(this.context, this.x(model.middle(focus.layer, focus.unit)), this.y(focus.layer), this.side(focus.layer), this.side(focus.layer), look.accent);
    if (this.scene.heat) this.drawProfile(this.scene.isChosen(focus));
    this.context.restore();
    this.drawNames(focus);
  }

  /** The field as a pale ground below the input's row. */
  drawField({ layer, unit }) {
    const [first, last] = this.scene.model.field(layer, unit);
    this.context.fillStyle = mixed(this.scene.look.accent, this.scene.look.page, 0.82);
    const top = this.y(0) - this.row / 2;
    this.context.fillRect(this.x(first - 0.5), top, (last - first + 1) * this.scale, this.height - top);
  }

  /** First and last unit of a layer that can be seen, padding included. */
  span(layer) {
    const { model } = this.scene;
    const [before, after] = model.padding(layer);
    const { jump } = model.fields[layer];
    const start = model.middle(layer, 0);
    const first = Math.max(-before, Math.ceil((this.low - 0.5 - start) / jump - 1e-9));
    return [first, Math.min(model.sizes[layer] - 1 + after, Math.floor((this.high + 0.5 - start) / jump + 1e-9))];
  }

  drawPaleLinks() {
    const { model, look } = this.scene;
    let count = 0;
    for (let layer = 1; layer <= model.last; layer++) {
      const [first, last] = this.span(layer);
      count += Math.max(last - first + 1, 0) * model.rungs[layer].kernel;
    }
    if (count > LINKS) return;
    this.context.strokeStyle = look.faint;
    this.context.lineWidth = 1;
    this.context.beginPath();
    for (let layer = 1; layer <= model.last; layer++) {
      const [first, last] = this.span(layer);
      for (let unit = Math.max(first, 0); unit <= Math.min(last, model.sizes[layer] - 1); unit++) this.link(layer, unit);
    }
    this.context.stroke();
  }

  link(layer, unit, only = null) {
    const { model } = this.scene;
    for (const tap of model.taps(layer, unit)) {
      if (only && !only.has(tap)) continue;
      this.context.moveTo(this.x(model.middle(layer, unit)), this.y(layer));
      this.context.lineTo(this.x(model.middle(layer - 1, tap)), this.y(layer - 1));
    }
  }

  drawLinks(focus, down, up) {
    const { model, look } = this.scene;
    const lines = (color, draw) => {
      this.context.strokeStyle = color;
      this.context.lineWidth = 1.4;
      this.context.globalAlpha = 0.75;
      this.context.beginPath();
      draw();
      this.context.stroke();
      this.context.globalAlpha = 1;
    };
    lines(UP, () => {
      for (let layer = focus.layer + 1; layer <= model.last; layer++) {
        for (const unit of up[layer - focus.layer]) this.link(layer, unit, up[layer - focus.layer - 1]);
      }
    });
    lines(look.accent, () => {
      for (let layer = focus.layer; layer > 0; layer--) {
        for (const unit of down[layer]) if (model.isUnit(layer, unit)) this.link(layer, unit);
      }
    });
  }

  drawRow(layer, down = new Set(), up = new Set()) {
    const { model, look } = this.scene;
    const [side, y] = [this.side(layer), this.y(layer)];
    const [first, last] = this.span(layer);
    for (let unit = first; unit <= last; unit++) {
      const x = this.x(model.middle(layer, unit));
      const color = down.has(unit) ? look.accent : up.has(unit) ? UP : look.idle;
      if (model.isUnit(layer, unit)) cell(this.context, x, y, side, side, color);
      else this.drawPadding(x, y, side, down.has(unit) ? look.accent : look.quiet);
    }
  }

  drawPadding(x, y, side, color) {
    hatch(this.context, x - side / 2, y - side / 2, side, side, color);
    if (side < 4) return;
    this.context.strokeStyle = color;
    this.context.lineWidth = 1;
    this.context.strokeRect(x - side / 2 + 0.5, y - side / 2 + 0.5, side - 1, side - 1);
  }

  /** How much of the squared gradient lies in each column, below the input's units. */
  drawProfile(isOwn) {
    const { heat, look } = this.scene;
    const base = this.height - 3;
    this.context.globalAlpha = isOwn ? 1 : 0.25;
    this.context.fillStyle = css(look.ramp[look.dark ? 200 : 140]);
    heat.profile.forEach((share, i) => {
      const high = share * (PROFILE - 6);
      this.context.fillRect(this.x(heat.left + i - 0.5), base - high, Math.max(this.scale - (this.scale > 4 ? 1 : 0), 0.5), high);
    });
    this.context.globalAlpha = 1;
    this.context.fillStyle = look.quiet;
    this.context.fillRect(this.gutter, base, this.end - this.gutter, 1);
  }

  drawNames(focus) {
    const { model, look, titles, words } = this.scene;
    const { context } = this;
    context.textBaseline = "middle";
    titles.forEach((title, layer) => {
      context.font = `${layer === focus.layer ? 650 : 400} ${this.type}px ${look.font}`;
      context.fillStyle = layer === focus.layer ? look.text : look.quiet;
      context.textAlign = "left";
      context.fillText(fitted(context, title, this.gutter - 8), 0, this.y(layer));
      context.textAlign = "right";
      context.fillText(model.sizes[layer], this.width, this.y(layer));
    });
    context.textAlign = "left";
    context.font = `13px ${look.font}`;
    context.fillStyle = look.quiet;
    if (this.scene.heat) context.fillText(fitted(context, words.profile, this.gutter - 8), 0, this.height - PROFILE / 2);
  }
}
