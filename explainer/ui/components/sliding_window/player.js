// The clock of a window that plays: which position is shown at which time.

const SPEEDS = [0.5, 1, 2, 4, 8, 15, 30, 60, 125, 250, 500, 1000, 2000, 4000, 8000, 16000, 32000];
const SHORTEST = 5; // seconds that all positions take at the highest speed
const GLIDING = 0.4; // share of a position's time in which the window glides to the next
const FASTEST_GLIDE = 15; // positions a second up to which gliding is seen

class Player {
  constructor() {
    this.calm = window.matchMedia("(prefers-reduced-motion: reduce)");
    Object.assign(this, { playing: false, position: 0, count: 1, phase: 0, last: null, chosen: null });
  }

  /** Speeds worth offering for so many positions; with reduced motion only slow ones. */
  get speeds() {
    const fastest = this.calm.matches ? 2 : Math.max(this.count / SHORTEST, 8);
    return SPEEDS.filter((speed, i) => i === 0 || speed <= fastest);
  }

  get speed() {
    const { speeds } = this;
    const wanted = this.chosen ?? clamp(this.count / 25, 1.5, 2000);
    return speeds.reduce((best, each) => (Math.abs(Math.log(each / wanted)) < Math.abs(Math.log(best / wanted)) ? each : best));
  }

  play() {
    if (this.position === this.count - 1) this.position = 0;
    Object.assign(this, { playing: true, phase: 0, last: null });
  }

  pause() {
    Object.assign(this, { playing: false, phase: 0 });
  }

  go(position) {
    this.position = clamp(position, 0, this.count - 1);
    this.phase = 0;
  }

  /** Moves on to a time in milliseconds. */
  tick(time) {
    const passed = this.last === null ? 0 : Math.min(time - this.last, 250) / 1000;
    this.last = time;
    this.phase += passed * this.speed;
    const steps = Math.floor(this.phase);
    this.phase -= steps;
    this.position = Math.min(this.position + steps, this.count - 1);
    if (this.position === this.count - 1 && steps) this.pause();
  }

  /** How far the window is on its way to the next position, 0 to 1. */
  get glide() {
    if (!this.playing || this.calm.matches || this.speed > FASTEST_GLIDE) return 0;
    const share = clamp((this.phase - 1 + GLIDING) / GLIDING, 0, 1);
    return share * share * (3 - 2 * share);
  }
}
