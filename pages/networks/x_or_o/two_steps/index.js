// Steps of backpropagation. hand_network/model.js and layout.js, places.js and drawing.js precede this file.
//
// Streamlit calls the default export when the component is mounted, and again whenever its data or the theme change.

const NARROW = 620; // CSS pixels: below, the parts stand below each other

const pictures = new WeakMap(); // parentElement -> Steps

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".two-steps");
  if (pictures.get(parentElement)?.root !== root) pictures.set(parentElement, new Steps(root));
  const steps = pictures.get(parentElement);
  steps.update(data);
  return () => setTimeout(() => root.isConnected || steps.stop());
}

class Steps {
  constructor(root) {
    this.root = root;
    [this.stage, this.svg, this.told] = [".stage", ".sheet", ".told"].map((name) => root.querySelector(name));
    this.sheet = new Sheet(this.svg);
    this.chosen = null; // block and cell; without one the stage is told of
    this.clock = new Clock({ seconds: 14 });
    const draw = () => this.draw();
    this.transport = new Transport(root.querySelector(".transport"), this.clock, draw, () => (this.chosen = null));
    this.transport.listen(root);
    for (const type of ["pointermove", "pointerdown"]) this.svg.addEventListener(type, (event) => this.point(event));
    this.resizing = new ResizeObserver(() => this.data && this.fit());
    this.resizing.observe(root);
  }

  update(data) {
    const isFirst = !this.data;
    this.data = data;
    this.clock.fit(STAGES.length * data.steps.length - 1);
    if (isFirst) this.clock.go(STAGES.length - 1);
    this.stage.setAttribute("aria-label", data.words.label);
    this.transport.fit(data.words);
    this.slim = null;
    this.fit();
  }

  fit() {
    const slim = this.root.clientWidth > 0 && this.root.clientWidth < NARROW;
    if (this.slim !== slim) this.sheet.place(placesOf(slim), this.data.words);
    this.slim = slim;
    this.draw();
  }

  draw() {
    const { data, clock } = this;
    const [number, stage] = [Math.floor(clock.step / STAGES.length), clock.step % STAGES.length];
    if (clock.playing) this.chosen = null;
    const step = data.steps[number];
    const { words } = data;
    this.sheet.paint(step, stage, data.scales[Number(isDark(this.root))], [words.x, words.o]);
    this.transport.show(clock.step, fillIn(words.place, { step: number + 1, stage: words.stages[STAGES[stage]] }));
    this.told.setAttribute("aria-live", clock.playing ? "off" : "polite");
    this.tell(step, number, stage);
    this.root.dataset.stage = `${number + 1}-${STAGES[stage]}`;
  }

  point(event) {
    const cell = event.target.closest?.(".cell[data-cell]");
    if (!cell) return;
    this.chosen = [cell.parentNode.dataset.block, Number(cell.dataset.cell)];
    this.clock.pause();
    this.draw();
  }

  tell(step, number, stage) {
    const { words } = this.data;
    if (!this.chosen) {
      this.sheet.frame([]);
      setText(this.told, fillIn(words.telling[STAGES[stage]], { error: brief(step.error), rate: plain(this.data.rate), step: number + 1 }));
    } else if (stageOf(this.chosen[0]) > stage) {
      this.sheet.frame([this.chosen]);
      setText(this.told, words.not_yet);
    } else this.tellCell(step, ...this.chosen);
  }

  tellCell(step, name, cell) {
    const { words } = this.data;
    const [kind, told, read] = this.partsOf(step, name, cell);
    this.sheet.frame([[name, cell], ...read]);
    setText(this.told, fillIn(words.cells[kind], { value: brief(valuesOf(step, name)[cell]), ...told }));
  }

  /** Which sentence tells of a cell, what is filled in, and which other cells it reads. */
  partsOf(step, name, cell) {
    const { words, rate, pixels } = this.data;
    const who = (number) => [words.x, words.o][number];
    const difference = valuesOf(step, "difference");
    const found = name.match(/^(features|votes)(\d)(\w+)$/);
    if (found) {
      const [, layer, number, part] = found;
      const at = (other) => brief(valuesOf(step, `${layer}${number}${other}`)[cell]);
      const told = { feature: Number(number) + 1, number: cell + 1, row: Math.floor(cell / 3), column: cell % 3, who: who(number) };
      if (part === "before") return [`${layer}_before`, told, []];
      if (part === "after") {
        const read = ["before", "gradient"].map((other) => [`${layer}${number}${other}`, cell]);
        return [`${layer}_after`, { ...told, before: at("before"), rate: plain(rate), gradient: bracketed(at("gradient")) }, read];
      }
      if (layer === "votes") {
        const factors = { difference: bracketed(brief(difference[number])), x: brief(step.listed[cell]) };
        return ["votes_gradient", { ...told, ...factors }, [["difference", Number(number)], ["listed", cell]]];
      }
      const uses = usesOf(step, pixels, number, cell);
      const terms = uses.map(({ gradient, pixel }) => `${bracketed(brief(gradient))} · ${bracketed(plain(pixel))} / 9`).join(" + ") || "0";
      return ["features_gradient", { ...told, count: uses.length, terms }, uses.map(({ place }) => [`maps${number}`, place])];
    }
    if (name === "listedGradient") {
      const factor = (number) => `${bracketed(brief(difference[number]))} · ${bracketed(brief(step.before.votes[LISTED * number + cell]))}`;
      const read = range(2).flatMap((number) => [["difference", number], [`votes${number}before`, cell]]);
      return ["listed_gradient", { number: cell + 1, terms: `${factor(0)} + ${factor(1)}` }, read];
    }
    if (name.startsWith("maps")) return this.mapParts(step, Number(name[4]), cell);
    if (name === "difference") return ["difference", { who: who(cell), p: brief(step.p[cell]), y: step.y[cell] }, [["p", cell], ["y", cell]]];
    return [name, { who: who(cell), number: cell + 1 }, name === "p" ? [["v", 0], ["v", 1]] : []];
  }

  mapParts(step, map, cell) {
    const value = step.maps[map][cell];
    const told = { map: map + 1, row: Math.floor(cell / MAP), column: cell % MAP };
    const from = 4 * map + 2 * Math.floor(told.row / 4) + Math.floor(told.column / 4); // pooled twice: 4 x 4 values
    const kind = value !== 0 ? "map" : step.listedGradient[from] === 0 ? "map_without" : "map_nothing";
    return [kind, { ...told, number: from + 1 }, [["listedGradient", from]]];
  }

  stop() {
    this.transport.end();
    this.resizing.disconnect();
  }
}
