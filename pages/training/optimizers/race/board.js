// The board of the racers below the pictures: who is where, and a button each that singles one out.

class Board {
  constructor(list, choose) {
    this.list = list;
    this.choose = choose;
    this.entries = [];
  }

  fit(model, look) {
    this.model = model;
    while (this.entries.length > model.racers.length) this.entries.pop().item.remove();
    while (this.entries.length < model.racers.length) this.entries.push(this.entry(this.entries.length));
    model.racers.forEach((racer, i) => {
      const { button, name, canvas } = this.entries[i];
      setText(name, racer.name);
      button.title = fillIn(model.words.single_out, racer);
      const context = fitCanvas(canvas, 22, 22, zoomOf());
      drawMark(context, i, 11, 11, 7, racer.color, look.page);
    });
  }

  entry(index) {
    const item = append(this.list, "li");
    const button = append(item, "button", "button");
    button.type = "button";
    const canvas = append(button, "canvas");
    canvas.setAttribute("aria-hidden", "true");
    const words = append(button, "span", "words");
    // The loss and the state share the second line.
    const made = { item, button, canvas, name: append(words, "b"), loss: append(words, "span"), state: append(words, "small") };
    button.addEventListener("click", () => this.choose(index));
    return made;
  }

  show(step, single) {
    const { racers, steps, words } = this.model;
    racers.forEach((racer, i) => {
      const { button, loss, state } = this.entries[i];
      const [name, at] = racer.state(step, steps);
      setText(loss, racer.isGone(step) ? "∞" : format(racer.lossAt(step), 2));
      setText(state, fillIn(words[name], { step: at }));
      button.className = `button ${name}`;
      button.setAttribute("aria-pressed", String(racer === single));
    });
  }
}
