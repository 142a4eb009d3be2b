// A photograph with a box to be dragged; box.js precedes it in the same module.
//
// While a pointer or a key moves the box the browser has it alone: Python hears of it when it is let go, or when no key
// was pressed for a moment.

const STEP = 0.02; // of the picture's longer side: what an arrow key moves
const PAUSE = 350; // milliseconds without a key after which Python hears of the box

const boxes = new WeakMap(); // parentElement -> InkBox

export default function (component) {
  const parent = component.parentElement;
  const root = parent.querySelector(".ink-box");
  if (boxes.get(parent)?.root !== root) boxes.set(parent, new InkBox(root));
  boxes.get(parent).update(component);
}

class InkBox {
  constructor(root) {
    this.root = root;
    this.stage = root.querySelector(".photograph");
    this.frame = root.querySelector(".box");
    this.again = root.querySelector(".again");
    [this.photograph, this.ink, this.digit] = root.querySelectorAll("img");
    this.texts = root.querySelectorAll("figcaption, .drag");
    this.drag = null; // {pointer, held, start, box}: what a pointer moves, from where, and the box as it was
    const on = (target, type, handler) => target.addEventListener(type, (event) => handler.call(this, event));
    on(this.stage, "pointerdown", this.pointerDown);
    on(this.stage, "pointermove", this.pointerMove);
    on(this.stage, "pointerup", this.pointerUp);
    on(this.stage, "pointercancel", this.pointerUp);
    on(this.stage, "keydown", this.keyDown);
    on(this.again, "click", this.findAgain);
  }

  update({ data, setStateValue }) {
    const isSame = this.data?.picture === data.picture;
    [this.data, this.setStateValue] = [data, setStateValue];
    if (!isSame) this.drag = this.timer = null;
    if (!this.drag && !this.timer) this.box = data.box;
    const { words, size } = data;
    this.stage.style.setProperty("--shape", size[1] / size[0]);
    this.photograph.src = data.photograph;
    this.photograph.alt = words.photograph;
    this.stage.setAttribute("aria-label", words.stage);
    this.again.textContent = words.again;
    this.again.hidden = !data.isOwn;
    [words.ink, words.digit, data.box ? words.drag : words.draw].forEach((text, i) => setText(this.texts[i], text));
    this.show(this.ink, data.ink, words.ink);
    this.show(this.digit, data.digit, words.digit);
    this.place();
  }

  show(image, address, text) {
    image.closest("figure").hidden = !address;
    image.alt = text;
    if (address) image.src = address;
  }

  place() {
    this.frame.hidden = !this.box;
    if (!this.box) return;
    const [height, width] = this.data.size;
    const [top, left, bottom, right] = this.box;
    const part = (value, side) => `${(100 * value) / side}%`;
    Object.assign(this.frame.style, {
      top: part(top, height),
      left: part(left, width),
      height: part(bottom - top, height),
      width: part(right - left, width),
    });
  }

  position(event) {
    const { left, top, width, height } = this.stage.getBoundingClientRect();
    const [rows, columns] = this.data.size;
    return [((event.clientY - top) / height) * rows, ((event.clientX - left) / width) * columns];
  }

  pointerDown(event) {
    if (this.drag || event.button !== 0) return;
    this.stage.setPointerCapture(event.pointerId);
    const start = this.position(event);
    this.drag = { pointer: event.pointerId, held: heldAt(this.box, start, this.data.size), start, box: this.box };
  }

  pointerMove(event) {
    if (event.pointerId !== this.drag?.pointer) return;
    const { held, start, box } = this.drag;
    const to = this.position(event);
    const { size, smallest } = this.data;
    if (held === "box") this.box = movedBy(box, [to[0] - start[0], to[1] - start[1]], size);
    else if (held) this.box = withCorner(box, held, to, size, smallest);
    else this.box = boxBetween(start, to, size, smallest);
    this.drag.hasMoved = true;
    this.place();
  }

  pointerUp(event) {
    if (event.pointerId !== this.drag?.pointer) return;
    const { hasMoved } = this.drag;
    this.drag = null;
    if (hasMoved) this.report(this.box);
  }

  keyDown(event) {
    if (event.key === "Escape" && this.data.isOwn) this.findAgain();
    else if (event.key in ROWS_COLUMNS && !event.ctrlKey && !event.altKey && !event.metaKey) this.moveByKey(event);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  moveByKey({ key, shiftKey }) {
    const { size, smallest } = this.data;
    const step = Math.max(1, Math.round(STEP * Math.max(...size)));
    const steps = ROWS_COLUMNS[key].map((each) => each * step);
    this.box ??= boxBetween([size[0] / 4, size[1] / 4], [(3 * size[0]) / 4, (3 * size[1]) / 4], size, smallest);
    const corner = [this.box[2] + steps[0], this.box[3] + steps[1]];
    this.box = shiftKey ? withCorner(this.box, [2, 3], corner, size, smallest) : movedBy(this.box, steps, size);
    this.place();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = null;
      this.report(this.box);
    }, PAUSE);
  }

  findAgain() {
    clearTimeout(this.timer);
    this.timer = null;
    this.report(null);
  }

  report(box) {
    this.setStateValue("box", { picture: this.data.picture, box });
  }
}
