// The layers of a stack as lines of small controls. What a visitor changes is sent as the stack's text.
//
// Streamlit calls the default export when the component is mounted, and again, with the same parentElement, whenever
// its data or the theme change. Lines are kept, so that the control in use keeps the focus.

const KINDS = ["c", "l", "p", "a"]; // convolution, with padding before alone, max pooling, average pooling
const NUMBERS = ["kernel", "stride", "padding", "dilation"];
const editors = new WeakMap(); // root -> Editor

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".stack-editor");
  if (!editors.has(root)) editors.set(root, new Editor(root));
  const editor = editors.get(root);
  editor.send = (text) => setTriggerValue("stack", text);
  editor.update(data);
}

class Editor {
  constructor(root) {
    this.root = root;
    [this.list, this.adding, this.status] = root.querySelectorAll(".layers, .add, [role=status]");
    this.heads = root.querySelectorAll(".head span");
    this.lines = [];
    this.adding.addEventListener("click", () => this.add());
  }

  update(data) {
    this.data = data;
    this.items = data.items.map((item) => ({ ...item }));
    NUMBERS.forEach((name, i) => setText(this.heads[i], data.words[name]));
    setText(this.adding, data.words.add);
    this.draw();
  }

  draw() {
    const { words, most } = this.data;
    while (this.lines.length < this.items.length) this.lines.push(this.line(this.lines.length));
    while (this.lines.length > this.items.length) this.lines.pop().element.remove();
    this.lines.forEach((line, i) => this.fill(line, this.items[i], i, words));
    this.adding.hidden = this.items.length >= most;
    this.root.dataset.stack = textOf(this.items);
  }

  line(index) {
    const element = append(this.list, "li", "layer");
    const handle = append(element, "button", "handle", "⠿");
    const kind = append(element, "select");
    for (const each of KINDS) append(kind, "option").value = each;
    const numbers = NUMBERS.map((name) => {
      const input = append(element, "input");
      Object.assign(input, { type: "number", step: 1, inputMode: "numeric" });
      input.addEventListener("change", () => this.set(index, name, input));
      return input;
    });
    const remove = append(element, "button", "remove", "✕");
    handle.type = remove.type = "button";
    kind.addEventListener("change", () => this.setKind(index, kind.value));
    remove.addEventListener("click", () => this.remove(index));
    handle.addEventListener("keydown", (event) => this.keyDown(event, index));
    handle.addEventListener("pointerdown", (event) => this.drag(event, index));
    return { element, handle, kind, numbers, remove };
  }

  fill({ handle, kind, numbers, remove }, item, index, words) {
    const said = { number: index + 1 };
    [...kind.options].forEach((option) => setText(option, words.kinds[option.value]));
    kind.value = item.kind;
    kind.setAttribute("aria-label", fillIn(words.kind_of, said));
    numbers.forEach((input, i) => {
      const name = NUMBERS[i];
      const [least, most] = this.data.limits[name];
      Object.assign(input, { min: least, max: mostOf(item, name, most), disabled: name === "dilation" && item.kind === "a" });
      if (this.root.getRootNode().activeElement !== input || !input.matches(":invalid")) input.value = item[name];
      input.setAttribute("aria-label", fillIn(words.number_of, { ...said, what: words[name] }));
    });
    handle.setAttribute("aria-label", fillIn(words.move, said));
    handle.title = words.move_title;
    remove.setAttribute("aria-label", fillIn(words.remove, said));
    remove.disabled = this.items.length === 1;
  }

  set(index, name, input) {
    const value = Number(input.value);
    const [least, most] = [Number(input.min), Number(input.max)];
    this.items[index][name] = Math.min(Math.max(Number.isInteger(value) ? value : this.items[index][name], least), most);
    this.settle(index);
    this.tell();
  }

  setKind(index, kind) {
    const item = this.items[index];
    const wasPooling = isPooling(item);
    item.kind = kind;
    if (isPooling(item) && !wasPooling) Object.assign(item, { stride: item.kernel, padding: 0, dilation: 1 });
    if (!isPooling(item) && wasPooling) item.stride = 1;
    if (kind === "l") item.padding = (item.kernel - 1) * item.dilation;
    this.settle(index);
    this.tell();
  }

  /** What another setting has made impossible follows it. */
  settle(index) {
    const item = this.items[index];
    item.padding = Math.min(item.padding, mostOf(item, "padding", this.data.limits.padding[1]));
    item.stride = Math.min(item.stride, this.data.limits.stride[1]);
    if (item.kind === "a") item.dilation = 1;
  }

  add() {
    this.items.push({ kind: "c", kernel: 3, stride: 1, padding: 1, dilation: 1 });
    this.tell();
    this.lines.at(-1).element.scrollIntoView({ block: "nearest" });
  }

  remove(index) {
    this.items.splice(index, 1);
    this.tell();
  }

  keyDown(event, index) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    if (this.move(index, index + step)) {
      this.tell();
      this.lines[index + step].handle.focus();
    }
  }

  move(from, to) {
    if (to < 0 || to >= this.items.length || to === from) return false;
    this.items.splice(to, 0, ...this.items.splice(from, 1));
    return true;
  }

  /** A handle is dragged: the layers change places at once, and the stack is sent at the end. */
  drag(event, index) {
    const { handle } = this.lines[index];
    let at = index;
    handle.setPointerCapture(event.pointerId);
    const mark = () => this.lines.forEach(({ element }, i) => element.classList.toggle("moving", i === at));
    const over = ({ clientY }) => {
      const to = this.lines.findIndex(({ element }) => clientY < element.getBoundingClientRect().bottom);
      const target = to < 0 ? this.lines.length - 1 : to;
      if (this.move(at, target)) {
        at = target;
        this.draw();
      }
      mark();
    };
    const end = () => {
      handle.removeEventListener("pointermove", over);
      handle.removeEventListener("pointerup", end);
      handle.removeEventListener("pointercancel", end);
      at = at === index ? -1 : at;
      if (at >= 0) this.tell();
      at = -1;
      mark();
    };
    handle.addEventListener("pointermove", over);
    handle.addEventListener("pointerup", end);
    handle.addEventListener("pointercancel", end);
    mark();
  }

  tell() {
    this.draw();
    setText(this.status, fillIn(this.data.words.now, { stack: textOf(this.items) }));
    this.send(textOf(this.items));
  }
}

function isPooling({ kind }) {
  return kind === "p" || kind === "a";
}

function mostOf(item, name, most) {
  return name === "padding" && isPooling(item) ? Math.floor(item.kernel / 2) : most;
}

/** The stack as it stands in the address. */
function textOf(items) {
  return items
    .map((item) => {
      const { kind, kernel, stride, padding, dilation } = item;
      const isDefault = stride === (isPooling(item) ? kernel : 1);
      const side = kind === "l" ? "l" : "p";
      return [
        `${kind === "l" ? "c" : kind}${kernel}`,
        isDefault ? "" : `s${stride}`,
        padding ? `${side}${padding}` : "",
        dilation > 1 ? `d${dilation}` : "",
      ].join("");
    })
    .join(",");
}
