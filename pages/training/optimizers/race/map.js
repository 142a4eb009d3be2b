// The map: the surface in bands of colour, and the paths of the racers on it.

const BANDS = 22;
const PALE = 0.35; // share of the page's colour in the map's
const NEAR = 14; // CSS pixels within which a pointer meets a place of a path
const APART = 6; // CSS pixels of a step whose end gets a dot
const FAR_AWAY = 1e5; // CSS pixels: what is further is drawn there, in the same direction
const SMALL_TYPE = 14.5;
const FAINT = 0.13; // of racers that another one is singled out before

class Terrain {
  constructor(ground, paths) {
    this.canvases = [ground, paths];
  }

  /** Draws the surface at a size in units of `zoom` CSS pixels, as all that is measured here. */
  fit(model, look, width, height, zoom) {
    Object.assign(this, { model, look, width, height, zoom });
    const context = fitCanvas(this.canvases[0], width, height, zoom);
    const { canvas } = context;
    const image = context.createImageData(canvas.width, canvas.height);
    this.paint(new Uint32Array(image.data.buffer), canvas.width, canvas.height);
    context.putImageData(image, 0, 0);
    this.drawScale(context);
    for (const place of model.minima) this.drawMinimum(context, place);
  }

  /** Bands of equal level, each a little darker at its lower border, so that borders are contour lines. */
  paint(pixels, width, height) {
    const bands = this.bandsOf(width, height);
    const colors = this.bandColors();
    const contours = colors.map(({ line }) => line);
    for (let y = 0, at = 0; y < height; y++) {
      for (let x = 0; x < width; x++, at++) {
        const band = bands[at];
        const edge = (x + 1 < width && bands[at + 1] !== band) || (y + 1 < height && bands[at + width] !== band);
        pixels[at] = edge ? contours[band] : colors[band].fill;
      }
    }
  }

  /** The band of every pixel, interpolated between the places that Python sent. */
  bandsOf(width, height) {
    const { levels, columns, rows } = this.model;
    const bands = new Uint8Array(width * height);
    for (let y = 0, at = 0; y < height; y++) {
      const v = ((y + 0.5) / height) * (rows - 1);
      const row = Math.min(Math.floor(v), rows - 2);
      for (let x = 0; x < width; x++, at++) {
        const u = ((x + 0.5) / width) * (columns - 1);
        const column = Math.min(Math.floor(u), columns - 2);
        const [p, q, base] = [u - column, v - row, row * columns + column];
        const above = levels[base] + p * (levels[base + 1] - levels[base]);
        const below = levels[base + columns] + p * (levels[base + columns + 1] - levels[base + columns]);
        bands[at] = Math.min(((above + q * (below - above)) / 65536) * BANDS, BANDS - 1);
      }
    }
    return bands;
  }

  /** Low is deep, high fades into the page. */
  bandColors() {
    const { look, model } = this;
    const stops = model.colors[Number(look.dark)];
    return Array.from({ length: BANDS }, (_, band) => {
      const at = (1 - band / (BANDS - 1)) * (stops.length - 3);
      const left = Math.min(Math.floor(at), stops.length - 2);
      const fill = mixed(mixed(stops[left], stops[left + 1], at - left), look.page, PALE);
      return { fill: packed(channelsOf(fill)), line: packed(channelsOf(mixed(fill, look.text, 0.16))) };
    });
  }

  drawScale(context) {
    const { model, look, height, width } = this;
    context.font = `${SMALL_TYPE}px ${look.family}`;
    context.textBaseline = "alphabetic";
    const step = roundStep((model.right - model.left) / 5);
    const label = (text, x, y) => {
      context.lineWidth = 3;
      context.strokeStyle = look.page;
      context.fillStyle = look.text;
      context.strokeText(text, x, y);
      context.fillText(text, x, y);
    };
    context.textAlign = "center";
    for (let x = Math.ceil(model.left / step) * step; x < model.right; x += step) {
      const [at] = this.pixel([x, 0]);
      if (at > 24 && at < width - 20) label(format(clean(x, step)), at, height - 6);
    }
    context.textAlign = "left";
    for (let y = Math.ceil(model.bottom / step) * step; y < model.top; y += step) {
      const [, at] = this.pixel([0, y]);
      if (at > 26 && at < height - 24) label(format(clean(y, step)), 5, at + 4);
    }
    label("y", 5, 14);
    context.textAlign = "right";
    label("x", width - 6, height - 6);
  }

  drawMinimum(context, place) {
    const [x, y] = this.pixel(place);
    context.beginPath();
    for (let i = 0; i < 10; i++) {
      const [radius, angle] = [i % 2 ? 4 : 10, (Math.PI * i) / 5];
      context.lineTo(x + radius * Math.sin(angle), y - radius * Math.cos(angle));
    }
    context.closePath();
    Object.assign(context, { fillStyle: "#ffd23f", strokeStyle: "#10171f", lineWidth: 1.5 });
    context.fill();
    context.stroke();
  }

  /** A place of the surface in CSS pixels from the upper left. */
  pixel([x, y]) {
    const { left, right, bottom, top } = this.model;
    const place = [((x - left) / (right - left)) * this.width, ((top - y) / (top - bottom)) * this.height];
    const size = Math.max(...place.map(Math.abs));
    return size > FAR_AWAY ? place.map((part) => (part / size) * FAR_AWAY) : place;
  }

  /** The place of the surface under a pixel. */
  placeOf(at) {
    const { left, right, bottom, top } = this.model;
    return [left + (at[0] / this.width) * (right - left), top - (at[1] / this.height) * (top - bottom)];
  }

  isInside([x, y]) {
    return x >= 0 && y >= 0 && x <= this.width && y <= this.height;
  }

  /** Draws all paths up to a moment; `single` is the racer that stands out, `wished` a start that is on its way. */
  draw(moment, single, wished) {
    const context = fitCanvas(this.canvases[1], this.width, this.height, this.zoom);
    const { racers } = this.model;
    const order = racers.filter((racer) => racer !== single);
    for (const racer of single ? [...order, single] : order) {
      context.globalAlpha = single && racer !== single ? FAINT : 1;
      this.drawPath(context, racer, moment);
    }
    for (const racer of single ? [...order, single] : order) {
      context.globalAlpha = single && racer !== single ? FAINT : 1;
      this.drawRacer(context, racer, moment);
    }
    context.globalAlpha = 1;
    if (racers.length) this.drawStart(context, this.pixel(racers[0].place(0)));
    if (wished) this.drawStart(context, this.pixel(wished));
  }

  drawPath(context, racer, moment) {
    const last = Math.min(Math.floor(moment), racer.end);
    const places = Array.from({ length: last + 1 }, (_, step) => this.pixel(racer.place(step)));
    const line = [...places, this.pixel(racer.placeAt(moment))];
    context.lineJoin = context.lineCap = "round";
    context.beginPath();
    for (const [x, y] of line) context.lineTo(x, y);
    const width = Math.max(4.4 - 0.3 * racer.index, 2.4); // those that lie on each other look out below
    this.stroke(context, this.look.page, width + 2.4, 0.55);
    this.stroke(context, racer.color, width, 1);
    context.fillStyle = this.look.dark ? "#ffffff" : "#10171f";
    for (const [i, [x, y]] of places.entries()) {
      const [beforeX, beforeY] = places[i - 1] ?? [x, y];
      if (Math.hypot(x - beforeX, y - beforeY) < APART) continue;
      context.beginPath();
      context.arc(x, y, 1.7, 0, 2 * Math.PI);
      context.fill();
    }
  }

  stroke(context, color, width, share) {
    const before = context.globalAlpha;
    Object.assign(context, { strokeStyle: color, lineWidth: width, globalAlpha: before * share });
    context.stroke();
    context.globalAlpha = before;
  }

  /** A racer where it is, or at the border of the map, where an arrow points to it. */
  drawRacer(context, racer, moment) {
    const at = this.pixel(racer.placeAt(moment));
    const rim = this.look.dark ? "#10171f" : "#ffffff";
    if (this.isInside(at)) return drawMark(context, racer.index, ...at, 7.5, racer.color, rim);
    const border = [clamp(at[0], 12, this.width - 12), clamp(at[1], 12, this.height - 12)];
    const angle = Math.atan2(at[1] - border[1], at[0] - border[0]);
    context.save();
    context.translate(...border);
    context.rotate(angle);
    context.beginPath();
    context.moveTo(11, 0);
    context.lineTo(-7, -8);
    context.lineTo(-7, 8);
    context.closePath();
    Object.assign(context, { fillStyle: racer.color, strokeStyle: rim, lineWidth: 2 });
    context.fill();
    context.stroke();
    context.restore();
  }

  drawStart(context, [x, y]) {
    for (const [color, width] of [[this.look.page, 5], [this.look.text, 2]]) {
      context.beginPath();
      context.arc(x, y, 11, 0, 2 * Math.PI);
      Object.assign(context, { strokeStyle: color, lineWidth: width });
      context.stroke();
    }
  }

  /** The racer and the step whose place is under a pixel, of those up to a step; null where there is none. */
  nearest(at, until, single) {
    let [best, found] = [NEAR, null];
    for (const racer of single ? [single] : this.model.racers) {
      for (let step = 0; step <= Math.min(until, racer.end); step++) {
        const [x, y] = this.pixel(racer.place(step));
        const far = Math.hypot(x - at[0], y - at[1]);
        if (far < best) [best, found] = [far, { racer, step }];
      }
    }
    return found;
  }
}

/** The round step, 1, 2 or 5 times a power of ten, next above a size. */
function roundStep(size) {
  const power = 10 ** Math.floor(Math.log10(size));
  return power * [1, 2, 5, 10].find((digit) => digit * power >= size * (1 - 1e-9));
}

function clean(value, step) {
  return Math.abs(value) < step / 1e6 ? 0 : value;
}
