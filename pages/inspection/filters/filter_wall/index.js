// Filters as pictures, and one of them at large. painting.js, arithmetic.js, wall.js and detail.js precede this file.
//
// Streamlit calls the default export when the component is mounted, and again, with the same parentElement, whenever
// its data or the theme change. What a visitor points at is shown at once; what is clicked stays, and the page is told.

const PATIENCE = 600; // milliseconds after the last key before the page is told
const BESIDE = 760; // CSS pixels of the whole from which the detail stands beside the walls
const DETAIL = 292; // CSS pixels of the detail there

const views = new WeakMap(); // parentElement -> View

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".filter-wall");
  if (views.get(parentElement)?.root !== root) views.set(parentElement, new View(root));
  const view = views.get(parentElement);
  view.tell = (number) => setTriggerValue("picked", number);
  view.update(data);
  return () => setTimeout(() => root.isConnected || view.resizing.disconnect());
}

class View {
  constructor(root) {
    this.root = root;
    this.holder = root.querySelector(".walls");
    this.detail = new Detail(root.querySelector(".detail"));
    this.walls = [];
    this.number = null; // of the filter that is chosen
    this.told = null; // the number that the page knows
    this.pointed = null; // {wall, index} under the mouse
    this.resizing = new ResizeObserver(() => root.clientWidth !== this.width && this.draw());
    this.resizing.observe(root);
  }

  update(data) {
    this.data = data;
    const dark = Number(isDark(this.root));
    const style = getComputedStyle(this.root);
    const named = (name) => style.getPropertyValue(`--st-${name}`).trim();
    this.colors = { text: named("text-color"), primary: named("primary-color"), font: named("font") || "sans-serif" };
    [this.diverging, this.sequential] = ["diverging", "sequential"].map((name) => rampOf(data.scales[name][dark], 256));
    if (data.chosen !== this.told) this.number = this.told = data.chosen;
    while (this.walls.length < data.walls.length) this.walls.push(new Wall(this.holder, this));
    while (this.walls.length > data.walls.length) this.walls.pop().remove();
    this.pointed = null;
    this.walls.forEach((wall, i) => wall.update(data.walls[i]));
    this.active = this.walls[Math.max(0, this.walls.indexOf(this.active))];
    if (this.chosenIn(this.active) < 0) this.number = this.active.data.numbers[0];
    this.detail.update(this);
    this.draw();
  }

  /** Where the chosen filter is in `wall`, -1 where it is not. */
  chosenIn(wall) {
    return wall.data.numbers.indexOf(this.number);
  }

  /** Sizes all to the width of the page. */
  draw() {
    this.width = this.root.clientWidth;
    if (!this.data || !this.width) return;
    this.zoom = zoomOf(); // all is laid out in units of so many CSS pixels
    const width = this.width / this.zoom;
    const beside = width >= BESIDE;
    this.root.classList.toggle("beside", beside);
    this.figure = Math.min(128, Math.floor((Math.min(width, DETAIL) - 12) / 2));
    const columns = beside || this.walls.length === 1 ? this.walls.length : 1;
    const room = (beside ? width - DETAIL - 24 : width) - 20 * (columns - 1);
    this.walls.forEach((wall) => wall.drawLegend(this.data.words));
    this.sizes = [Math.floor(room / columns) - 2, this.data.height];
    this.redraw();
  }

  redraw() {
    for (const wall of this.walls) {
      const pointed = this.pointed?.wall === wall ? this.pointed.index : -1;
      wall.draw(...this.sizes, this.chosenIn(wall), pointed);
    }
    const { wall, index } = this.pointed ?? { wall: this.active, index: this.chosenIn(this.active) };
    this.detail.show(wall, index);
    Object.assign(this.root.dataset, { filter: wall.data.numbers[index], chosen: this.number, wall: this.walls.indexOf(wall) });
  }

  peek(wall, index) {
    if (index < 0 && !this.pointed) return;
    if (this.pointed?.wall === wall && this.pointed.index === index) return;
    this.pointed = index < 0 ? null : { wall, index };
    this.redraw();
  }

  /** Chooses a filter for good; the page is told after so many milliseconds in which no other is chosen. */
  choose(wall, index, patience) {
    this.active = wall;
    this.number = wall.data.numbers[index];
    this.pointed = null;
    this.redraw();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.report(), patience);
  }

  report() {
    if (this.number === this.told) return;
    this.told = this.number;
    this.tell(this.number);
  }
}
