// The losses over the steps, on a logarithmic axis.

const MARGIN = { left: 52, right: 12, top: 26, bottom: 26 };
const HIGHEST = 1e3; // times the loss of the start: curves above leave the picture

class Curves {
  constructor(canvas) {
    this.canvas = canvas;
  }

  fit(model, look, width, height, zoom) {
    Object.assign(this, { model, look, width, height, zoom });
    const starts = model.racers.map((racer) => racer.loss[0]);
    const ceiling = Math.max(model.goal, ...starts) * HIGHEST;
    const seen = model.losses.map((loss) => clamp(loss, model.lowest, ceiling));
    this.low = Math.min(...seen) / 1.5;
    this.high = Math.max(...seen) * 1.5;
  }

  x(step) {
    return MARGIN.left + (step / Math.max(this.model.steps, 1)) * (this.width - MARGIN.left - MARGIN.right);
  }

  y(loss) {
    const share = Math.log(clamp(loss, this.low, this.high * 1e3) / this.low) / Math.log(this.high / this.low);
    return this.height - MARGIN.bottom - share * (this.height - MARGIN.top - MARGIN.bottom);
  }

  /** The step under a pixel, or null beside the picture. */
  stepAt(x) {
    if (x < MARGIN.left - 20 || x > this.width) return null;
    const share = (x - MARGIN.left) / (this.width - MARGIN.left - MARGIN.right);
    return clamp(Math.round(share * this.model.steps), 0, this.model.steps);
  }

  draw(moment, single) {
    const context = fitCanvas(this.canvas, this.width, this.height, this.zoom);
    this.drawAxes(context);
    context.save();
    context.beginPath();
    context.rect(MARGIN.left - 8, MARGIN.top, this.width - MARGIN.left, this.height - MARGIN.top - MARGIN.bottom);
    context.clip();
    const others = this.model.racers.filter((racer) => racer !== single);
    for (const racer of single ? [...others, single] : others) this.drawCurve(context, racer, moment, single);
    context.restore();
    this.drawMoment(context, moment);
  }

  drawAxes(context) {
    const { model, look, width, height } = this;
    Object.assign(context, { font: `${SMALL_TYPE}px ${look.family}`, fillStyle: look.text, lineWidth: 1 });
    context.textBaseline = "middle";
    context.textAlign = "right";
    const decades = Math.log10(this.high / this.low);
    const every = Math.ceil(decades / 6);
    for (let power = Math.ceil(Math.log10(this.low)); power <= Math.log10(this.high); power++) {
      if (power % every) continue;
      this.line(context, MARGIN.left, this.y(10 ** power), width - MARGIN.right, this.y(10 ** power), look.line);
      const text = power >= -2 && power <= 3 ? format(10 ** power) : `1e${power}`.replace("-", "−");
      context.fillText(text, MARGIN.left - 7, this.y(10 ** power));
    }
    context.textAlign = "center";
    const step = roundStep(Math.max(model.steps / 4, 1));
    for (let at = 0; at <= model.steps; at += step) context.fillText(String(at), this.x(at), height - 12);
    context.textAlign = "left";
    context.font = `650 15px ${look.family}`;
    context.fillText(model.words.loss, 4, 11);
    context.setLineDash([5, 4]);
    this.line(context, MARGIN.left, this.y(model.goal), width - MARGIN.right, this.y(model.goal), look.text);
    this.line(context, width - MARGIN.right - 108, 11, width - MARGIN.right - 80, 11, look.text);
    context.setLineDash([]);
    context.font = `${SMALL_TYPE}px ${look.family}`;
    context.textAlign = "right";
    context.fillText(fillIn(model.words.goal, { goal: format(model.goal) }), width - MARGIN.right, 11);
  }

  line(context, left, top, right, bottom, color) {
    context.strokeStyle = color;
    context.beginPath();
    context.moveTo(left, top);
    context.lineTo(right, bottom);
    context.stroke();
  }

  /** Faint to the end of the race, full up to the moment. */
  drawCurve(context, racer, moment, single) {
    const faint = single && racer !== single ? FAINT : 1;
    const now = Math.min(Math.floor(moment), racer.end);
    for (const [until, share] of [[racer.end, 0.22], [now, 1]]) {
      context.beginPath();
      for (let step = 0; step <= until; step++) context.lineTo(this.x(step), this.y(racer.loss[step]));
      Object.assign(context, { strokeStyle: racer.color, lineWidth: Math.max(3.2 - 0.2 * racer.index, 2) });
      context.globalAlpha = share * faint;
      context.lineJoin = "round";
      context.stroke();
    }
    context.globalAlpha = faint;
    drawMark(context, racer.index, this.x(now), this.y(racer.loss[now]), 6, racer.color, this.look.page);
    context.globalAlpha = 1;
  }

  drawMoment(context, moment) {
    if (moment >= this.model.steps) return;
    const x = this.x(moment);
    this.line(context, x, MARGIN.top, x, this.height - MARGIN.bottom, this.look.quiet);
  }
}
