// The clock of a race: which step is shown at which time.

const SPEEDS = [1, 2, 5, 10, 20, 40, 80];
const LASTS = 8; // seconds that a race takes, about, until a visitor chooses a speed

class Clock {
  constructor() {
    this.calm = window.matchMedia("(prefers-reduced-motion: reduce)");
    Object.assign(this, { playing: false, at: 0, steps: 0, last: null, chosen: null });
  }

  /** Speeds on offer, in steps a second; with reduced motion only slow ones. */
  get speeds() {
    return this.calm.matches ? SPEEDS.slice(0, 2) : SPEEDS;
  }

  get speed() {
    const wanted = this.chosen ?? this.steps / LASTS;
    const distance = (speed) => Math.abs(Math.log(speed / Math.max(wanted, 1)));
    return this.speeds.reduce((best, each) => (distance(each) < distance(best) ? each : best));
  }

  /** The last step that is complete. */
  get step() {
    return Math.floor(this.at);
  }

  /** The present time in steps: between two of them while it plays, unless motion is to be reduced. */
  get moment() {
    return this.calm.matches ? this.step : this.at;
  }

  /** Another race: one that was over is over again. */
  fit(steps) {
    const over = this.at >= this.steps;
    this.steps = steps;
    this.at = over && !this.playing ? steps : Math.min(this.at, steps);
  }

  play(fromStart = false) {
    if (fromStart || this.at >= this.steps) this.at = 0;
    Object.assign(this, { playing: this.steps > 0, last: null });
  }

  pause() {
    this.playing = false;
    this.at = this.step;
  }

  go(step) {
    this.playing = false;
    this.at = clamp(step, 0, this.steps);
  }

  /** Moves on to a time in milliseconds. */
  tick(time) {
    const passed = this.last === null ? 0 : Math.min(time - this.last, 250) / 1000;
    this.last = time;
    this.at = Math.min(this.at + passed * this.speed, this.steps);
    if (this.at >= this.steps) this.playing = false;
  }
}
