// The search in the menu: a field, and below it what was found. find.js and going.js precede this file. Streamlit calls
// the default export when the component is mounted, and again, with the same parentElement, whenever its data change.

const boxes = new WeakMap(); // root -> its box

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".search");
  if (!boxes.has(root)) boxes.set(root, new Box(root));
  const box = boxes.get(root);
  box.tell(data);
  return () => box.leave();
}

class Box {
  constructor(root) {
    const [input, panel, list, none] = ["input", ".floating", "ul", ".none"].map((each) => root.querySelector(each));
    Object.assign(this, { root, input, panel, list, none, hits: [], at: -1, index: null, wanted: null, before: null });
    this.slash = (event) => this.fromAnywhere(event);
    input.addEventListener("input", () => this.search());
    input.addEventListener("focus", () => this.enter());
    root.addEventListener("keydown", (event) => this.keyDown(event));
    root.addEventListener("focusout", (event) => root.contains(event.relatedTarget) || this.close());
    root.querySelector(".open").addEventListener("click", () => this.begin());
    root.querySelector(".close").addEventListener("click", () => this.end());
    list.addEventListener("click", (event) => this.click(event));
  }

  /** What the server says: words, where the index is, and which page is open. */
  tell(data) {
    const { words } = (this.data = data);
    document.addEventListener("keydown", this.slash);
    this.input.placeholder = words.label;
    this.input.setAttribute("aria-label", words.field);
    this.list.setAttribute("aria-label", words.found);
    this.root.querySelector(".open").setAttribute("aria-label", words.label);
    this.root.querySelector(".close").setAttribute("aria-label", words.close);
    if (this.wanted?.page !== data.page) return;
    reach(this.wanted.key, this.accent());
    this.wanted = null;
  }

  leave() {
    document.removeEventListener("keydown", this.slash);
  }

  accent() {
    return getComputedStyle(this.root).getPropertyValue("--st-orange-color");
  }

  /** The key "/" anywhere but in a text: on some keyboards it takes Shift. */
  fromAnywhere(event) {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
    event.preventDefault();
    this.begin();
  }

  begin() {
    this.before = document.activeElement;
    this.root.classList.add("opened");
    this.input.focus();
    this.input.select();
  }

  /** Away from the field, and back to what had the focus before. */
  end() {
    this.input.value = "";
    this.close();
    this.input.blur();
    this.before?.focus({ preventScroll: true });
  }

  close() {
    this.root.classList.remove("opened");
    this.show([]);
  }

  async enter() {
    this.root.classList.add("opened");
    if (!this.index) await this.load();
    this.search();
  }

  /** The index comes with the first search: whoever seeks nothing pays nothing for it. */
  async load() {
    try {
      const answer = await fetch(this.data.address);
      if (!answer.ok) throw new Error(`${answer.status}`);
      this.index = prepare(await answer.json());
    } catch {
      this.say(this.data.words.lost);
    }
  }

  search() {
    if (!this.index) return;
    const query = this.input.value;
    this.show(find(this.index, query, this.data.page));
    if (query.trim() && !this.hits.length) this.say(fillIn(this.data.words.none, { query: query.trim() }));
  }

  /** A sentence in the place of what was found. */
  say(sentence) {
    this.none.textContent = sentence;
    this.none.hidden = this.panel.hidden = false;
    setText(this.root.querySelector("[role=status]"), sentence);
  }

  show(hits) {
    this.hits = hits;
    this.none.hidden = true;
    this.panel.hidden = !hits.length;
    this.list.replaceChildren();
    hits.forEach((hit, number) => this.option(hit, number));
    this.input.setAttribute("aria-expanded", String(hits.length > 0));
    const { one, other } = this.data.words.count;
    setText(this.root.querySelector("[role=status]"), hits.length ? fillIn(hits.length === 1 ? one : other, { count: hits.length }) : "");
    this.mark(hits.length ? 0 : -1);
  }

  /** A real link, so that it can be copied or opened in a new tab. */
  option(hit, number) {
    const row = append(this.list, "li");
    row.setAttribute("role", "presentation");
    const link = setAttributes(append(row, "a", hit.kind), { role: "option", id: `hit${number}`, tabindex: -1 });
    link.href = addressOf(hit, this.data.parameters);
    const label = append(link, "span", "label");
    for (const [text, isTyped] of marked(hit.label, this.input.value)) append(label, isTyped ? "mark" : "span", "", text);
    append(link, "span", "kind", this.data.words.kinds[hit.kind]);
    append(link, "span", "about", hit.about);
  }

  mark(number) {
    this.at = number;
    this.links().forEach((link, i) => link.setAttribute("aria-selected", String(i === number)));
    if (number < 0) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", `hit${number}`);
    this.links()[number].scrollIntoView({ block: "nearest" });
  }

  links() {
    return [...this.list.querySelectorAll("a")];
  }

  keyDown(event) {
    event.stopPropagation(); // Streamlit reruns the page at "r", and asks about caches at "c"
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") this.end();
    else if (event.isComposing || event.target !== this.input || this.at < 0) return;
    else if (step) this.mark((this.at + step + this.hits.length) % this.hits.length);
    else if (event.key === "Enter") this.links()[this.at].dispatchEvent(clickLike(event));
    else return;
    event.preventDefault();
  }

  click(event) {
    const link = event.target.closest("a");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    this.go(this.hits[this.links().indexOf(link)]);
  }

  go(hit) {
    const address = addressOf(hit, this.data.parameters);
    this.input.value = "";
    this.close();
    this.input.blur();
    if (isHere(address)) this.goWithin(hit, address);
    else {
      this.wanted = hit.key ? hit : null;
      open(address);
    }
  }

  /** Within the open page, whose other controls stay as they are where that can be. */
  goWithin(hit, address) {
    if (hit.kind === "page") return document.querySelector("h1")?.scrollIntoView({ block: "end" });
    if (!hit.key || !held(hit.key)) open(address);
    if (hit.key) reach(hit.key, this.accent());
    else showPicture();
  }
}

/** A click with the keys that are held down: with Ctrl a link opens in a new tab. */
function clickLike({ ctrlKey, metaKey, shiftKey }) {
  return new MouseEvent("click", { bubbles: true, cancelable: true, composed: true, ctrlKey, metaKey, shiftKey });
}
