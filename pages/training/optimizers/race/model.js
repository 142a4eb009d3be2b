// What Python sent: the surface, and where every racer was. Nothing here draws.

const LIGHTER = 0.25; // share of white in a racer's colour on a dark page

class Model {
  constructor(data, dark) {
    Object.assign(this, data);
    this.levels = decoded(data.levels, Uint16Array);
    this.racers = data.racers.map((racer, index) => new Racer(racer, index, dark));
    const [left, right, bottom, top] = data.area;
    Object.assign(this, { left, right, bottom, top });
    this.decimals = Math.max(0, Math.ceil(2 - Math.log10(right - left)));
  }

  coordinates([x, y], more = 0) {
    return { x: coordinate(x, this.decimals + more), y: coordinate(y, this.decimals + more) };
  }

  /** All losses that the curves show, with the goal among them. */
  get losses() {
    return [this.goal, ...this.racers.flatMap((racer) => [...racer.loss])];
  }
}

class Racer {
  constructor(data, index, dark) {
    Object.assign(this, data, { index });
    if (dark) this.color = mixed(data.color, "#ffffff", LIGHTER);
    this.loss = decoded(data.loss, Float32Array);
    this.path = decoded(data.path, Float32Array);
    this.end = this.loss.length - 1; // its last step
  }

  /** Its place at a step; at its last one where it has made fewer. */
  place(step) {
    const at = Math.min(step, this.end);
    return [this.path[2 * at], this.path[2 * at + 1]];
  }

  /** Its place at a time between two steps. */
  placeAt(moment) {
    const step = Math.floor(moment);
    const [[x, y], [nextX, nextY]] = [this.place(step), this.place(step + 1)];
    const share = moment - step;
    return [x + share * (nextX - x), y + share * (nextY - y)];
  }

  lossAt(step) {
    return this.loss[Math.min(step, this.end)];
  }

  isGone(step) {
    return this.diverged && step >= this.end;
  }

  /** What has become of it by a step: the words of the board, and their step. */
  state(step, steps) {
    if (this.isGone(step)) return ["diverged", this.end];
    if (this.arrival !== null && step >= this.arrival) return ["arrived", this.arrival];
    return [step < steps ? "under_way" : "not_arrived", step];
  }
}
