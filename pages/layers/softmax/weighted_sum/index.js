// One neuron's weighted sum. drawing.js precedes this file in the same module.
//
// Streamlit calls the default export when the component is mounted, and again, with the same parentElement, whenever
// its data or the theme change. The term that a visitor chose stays chosen, and playing goes on.

const pictures = new WeakMap(); // parentElement -> Picture

export default function (component) {
  const { data, parentElement } = component;
  const root = parentElement.querySelector(".weighted-sum");
  if (pictures.get(parentElement)?.root !== root) pictures.set(parentElement, new Picture(root));
  const picture = pictures.get(parentElement);
  picture.update(data);
  return () => setTimeout(() => root.isConnected || picture.transport.end());
}

class Picture {
  constructor(root) {
    this.root = root;
    const find = (selector) => root.querySelector(selector);
    [this.stage, this.maps, this.told] = [".stage", ".maps", ".told"].map(find);
    this.running = new Running(find(".running"));
    this.stacks = [];
    this.chosen = null;
    this.clock = new Clock();
    this.transport = new Transport(find(".transport"), this.clock, () => this.choose(this.clock.step));
    this.transport.listen(root, () => ({ ArrowUp: -this.data.shape[2], ArrowDown: this.data.shape[2] }));
    const on = (element, type, handler) => element.addEventListener(type, (event) => handler.call(this, event));
    for (const type of ["pointermove", "pointerdown"]) {
      on(this.maps, type, this.point);
      on(this.running.svg, type, (event) => this.take(this.running.termAt(event)));
    }
  }

  update(data) {
    this.data = data;
    const { shape, words, terms, bias } = data;
    let sum = bias;
    this.sums = terms.map((term) => (sum += term));
    const isNew = this.chosen === null || this.chosen >= terms.length;
    this.clock.fit(terms.length - 1);
    if (isNew) this.clock.go(strongest(terms));
    this.nameParts(words);
    const area = shape[1] * shape[2];
    if (this.stacks.length !== shape[0] || this.area !== area) {
      this.maps.replaceChildren();
      this.stacks = Array.from({ length: shape[0] }, () => new Stack(this.maps, area));
      this.area = area;
    }
    this.draw();
    this.choose(this.clock.step);
    this.root.dataset.result = data.result;
  }

  nameParts(words) {
    const names = [...this.root.querySelectorAll(".stage .names > *")];
    ["", words.values, words.weights, words.terms, words.sums].forEach((name, i) => setText(names[i], name));
    setText(this.root.querySelector(".vector-name"), words.vector);
    setText(this.root.querySelector(".running-name"), words.running);
    setText(this.root.querySelector(".below"), words.below);
    this.stage.setAttribute("aria-label", words.label);
    this.transport.fit(words);
  }

  draw() {
    const { values, weights, terms, sums, shape, scales, words, bias } = this.data;
    const dark = Number(isDark(this.root));
    const signed = [weights, terms].map((numbers) => colorsOf(numbers, scales.diverging[dark], true));
    const colors = [colorsOf(values, scales.sequential[dark], false), ...signed];
    this.stacks.forEach((stack, map) => {
      const part = colors.map((each) => each.slice(map * this.area, (map + 1) * this.area));
      const told = { title: fillIn(words.map, { number: map }), columns: shape[2], sum: short(sums[map]) };
      stack.update(told, part);
    });
    this.running.update(colors[0], this.sums, bias);
  }

  point(event) {
    const cell = event.target.closest?.(".cell");
    if (!cell) return;
    const map = this.stacks.findIndex((stack) => stack.element.contains(cell));
    const inside = this.stacks[map].blocks.map((cells) => cells.indexOf(cell)).find((index) => index >= 0);
    this.take(map * this.area + inside);
  }

  /** A visitor chose a term: playing ends. */
  take(index) {
    this.clock.go(index);
    this.choose(this.clock.step);
  }

  choose(index) {
    const { terms, values, weights, shape, words, bias, result, label } = this.data;
    const at = (this.chosen = index);
    const [map, inside] = [Math.floor(at / this.area), at % this.area];
    this.stacks.forEach(({ blocks }, i) =>
      blocks.forEach((cells) => cells.forEach((cell, j) => cell.classList.toggle("chosen", i === map && j === inside))),
    );
    this.running.mark(at);
    this.transport.show(at, fillIn(words.place, { number: at + 1 }));
    this.root.dataset.term = at;
    const told = {
      ...{ number: at + 1, count: terms.length, map, row: Math.floor(inside / shape[2]), column: inside % shape[2] },
      ...{ x: number(values[at]), w: factor(weights[at]), product: number(terms[at]), bias: number(bias), label },
      ...{ sum: number(this.sums[at]), result: number(result) },
    };
    this.told.setAttribute("aria-live", this.clock.playing ? "off" : "polite");
    setText(this.told.children[0], fillIn(words.term, told));
    setText(this.told.children[1], fillIn(words.so_far, told));
  }
}

function strongest(terms) {
  return terms.reduce((best, term, i) => (Math.abs(term) > Math.abs(terms[best]) ? i : best), 0);
}

/** Two decimals, or one digit of what is smaller. */
function short(value) {
  return number(Math.abs(value) < 0.01 ? Number(value.toPrecision(1)) : Math.round(value * 100) / 100);
}
