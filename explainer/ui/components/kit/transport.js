// A player: a clock that goes from step to step, and the controls that every player has. elements.js and canvas.js
// precede this file in the same module.

const SPEEDS = [0.5, 1, 2, 4, 8, 15, 30, 60, 125, 250, 500, 1000, 2000, 4000, 8000, 16000, 32000];
const CALM = 2; // steps a second at most where motion is to be reduced
const SLOW = 8; // steps a second that are offered however few steps there are
const LONGEST = 250; // milliseconds that a frame moves the clock on at most: a tab may have been hidden

/** Which step, from 0 to `last`, is shown at which time. */
class Clock {
  /** All steps take about `seconds` until a visitor chooses one of the `speeds`, in steps a second; at the highest one that is offered they take `shortest` seconds. */
  constructor({ speeds = SPEEDS, seconds = 8, slowest = 1, shortest = 2 } = {}) {
    this.calm = window.matchMedia("(prefers-reduced-motion: reduce)");
    this.pace = { speeds, seconds, slowest, shortest };
    Object.assign(this, { playing: false, at: 0, last: 0, time: null, chosen: null });
  }

  /** Speeds on offer; with reduced motion only slow ones. */
  get speeds() {
    const { speeds, shortest } = this.pace;
    const fastest = this.calm.matches ? CALM : Math.max((this.last + 1) / shortest, SLOW);
    return speeds.filter((speed, i) => i === 0 || speed <= fastest);
  }

  get speed() {
    const wanted = this.chosen ?? Math.max((this.last + 1) / this.pace.seconds, this.pace.slowest);
    const distance = (speed) => Math.abs(Math.log(speed / wanted));
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

  /** Another number of steps: what was over is over again. */
  fit(last) {
    const over = this.at >= this.last;
    this.last = last;
    this.at = over && !this.playing ? last : Math.min(this.at, last);
  }

  play(fromStart = false) {
    if (fromStart || this.at >= this.last) this.at = 0;
    Object.assign(this, { playing: this.last > 0, time: null });
  }

  pause() {
    this.playing = false;
    this.at = this.step;
  }

  go(step) {
    this.playing = false;
    this.at = clamp(step, 0, this.last);
  }

  /** Moves on to a time in milliseconds. */
  tick(time) {
    const passed = this.time === null ? 0 : Math.min(time - this.time, LONGEST) / 1000;
    this.time = time;
    this.at = Math.min(this.at + passed * this.speed, this.last);
    if (this.at >= this.last) this.playing = false;
  }
}

const ICONS = {
  first: ["M6 5v14M19 5 9 12l10 7z"],
  back: ["m15 5-8 7 8 7"],
  play: ["M7 4v16l13-8z", "M8 5v14M16 5v14"],
  forward: ["m9 5 8 7-8 7"],
  last: ["M18 5v14M5 5l10 7-10 7z"],
};
const KEYS = { ArrowLeft: "back", ArrowRight: "forward", Home: "first", End: "last" };

/** Buttons, a scrub bar and a choice of speeds before whatever `holder` holds: a visitor's hand on a clock. */
class Transport {
  /** `draw` draws the present moment and calls `show`; `acted` hears, before that, what a visitor did and from which step. */
  constructor(holder, clock, draw, acted = () => {}) {
    Object.assign(this, { holder, clock, draw, acted, frame: 0 });
    const buttons = document.createElement("div");
    buttons.className = "buttons";
    this.buttons = Object.fromEntries(Object.keys(ICONS).map((name) => [name, this.button(buttons, name)]));
    this.playText = append(this.buttons.play, "span");
    const [scrub, speed] = ["scrub", "speed"].map((name) => this.slider(name));
    [this.place, this.scrub, this.pace, this.speed] = [...scrub.children, ...speed.children];
    holder.prepend(buttons, scrub, speed);
    clock.calm.addEventListener("change", () => this.request());
  }

  button(parent, name) {
    const button = append(parent, "button", `button ${name}`);
    button.type = "button";
    const icon = appendSvg(button, "svg", { viewBox: "0 0 24 24", "aria-hidden": "true" });
    for (const path of ICONS[name]) appendSvg(icon, "path", { d: path });
    button.addEventListener("click", () => this.act(name));
    return button;
  }

  slider(name) {
    const label = document.createElement("label");
    label.className = name;
    append(label, "span");
    const input = append(label, "input");
    Object.assign(input, { type: "range", min: 0, step: 1 });
    input.addEventListener("input", () => this.act(name, Number(input.value)));
    return label;
  }

  /** The words and the range of what is played, once the clock has its steps. */
  fit(words) {
    const { buttons, clock } = this;
    this.words = words;
    for (const name of ["first", "back", "forward", "last"]) {
      buttons[name].title = words[name];
      buttons[name].setAttribute("aria-label", words[name]);
    }
    this.scrub.max = clock.last;
    this.scrub.setAttribute("aria-label", words.position);
    this.speed.setAttribute("aria-label", words.speed);
  }

  /** Shows the clock's state at a step, which `place` says in words. */
  show(step, place) {
    const { clock, words, buttons } = this;
    setText(this.place, place);
    if (Number(this.scrub.value) !== step) this.scrub.value = step;
    this.scrub.setAttribute("aria-valuetext", place);
    const pace = fillIn(words.speed_value, { speed: clock.speed.toLocaleString("en") });
    setText(this.pace, pace);
    this.speed.max = clock.speeds.length - 1;
    this.speed.value = clock.speeds.indexOf(clock.speed);
    this.speed.setAttribute("aria-valuetext", pace);
    setText(this.playText, clock.playing ? words.pause : words.play);
    buttons.play.classList.toggle("playing", clock.playing);
    for (const name of ["first", "back"]) buttons[name].setAttribute("aria-disabled", String(clock.step === 0));
    for (const name of ["forward", "last"]) buttons[name].setAttribute("aria-disabled", String(clock.step === clock.last));
  }

  /** What a visitor does: first, back, play, forward, last, or scrub to a step, or speed by its number. */
  act(name, number) {
    const { clock } = this;
    const before = clock.step;
    if (name === "speed") clock.chosen = clock.speeds[number];
    else if (name === "play") clock.playing ? clock.pause() : clock.play();
    else clock.go({ first: 0, back: before - 1, forward: before + 1, last: clock.last, scrub: number }[name]);
    this.acted(name, before);
    this.request();
  }

  /** Obeys the keys pressed within `element`: arrows, Home, End, space, and `more`, keys with the steps that they go. */
  listen(element, more = () => ({})) {
    element.addEventListener("keydown", (event) => {
      if (event.target === this.speed || event.altKey || event.ctrlKey || event.metaKey) return;
      const next = this.clock.step + more()[event.key];
      if (event.key === " " && event.target.tagName !== "BUTTON") this.act("play");
      else if (event.key in KEYS) this.act(KEYS[event.key]);
      else if (next >= 0 && next <= this.clock.last) this.act("scrub", next);
      else if (Number.isNaN(next)) return;
      event.preventDefault();
      event.stopPropagation();
    });
  }

  /** Draws in the next frame, and in all that follow while the clock goes. */
  request() {
    this.frame ||= requestAnimationFrame((time) => {
      this.frame = 0;
      if (!this.holder.isConnected) return;
      if (this.clock.playing) this.clock.tick(time);
      this.draw();
      if (this.clock.playing) this.request();
    });
  }

  end() {
    cancelAnimationFrame(this.frame);
  }
}
