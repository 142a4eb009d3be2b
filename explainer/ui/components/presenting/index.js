// What is presented stands in classes of the root element, for frame.css, and in the address. Streamlit writes addresses
// of its own, some after a script has ended, so what is presented is put back after every one. elements.js, charts.js and toasts.js precede this file.

const KEY = "insideACnnPresenting"; // on the window: the component may be loaded more than once
const SHOWN = 4000; // milliseconds that the keys are said
const STATE = "data-test-script-state";

export default function ({ data, parentElement }) {
  const app = (window[KEY] ??= new Presenting());
  Object.assign(app, { words: data, note: parentElement.querySelector("p") });
  app.keep();
}

class Presenting {
  constructor() {
    Object.assign(this, { on: false, hidden: "", path: "", cover: null, style: append(document.head, "style") });
    this.charts = new Charts();
    watchToasts();
    this.read();
    window.addEventListener("keydown", (event) => this.cover && this.uncover(event), { capture: true });
    document.addEventListener("keydown", (event) => this.keyDown(event));
    window.addEventListener("popstate", () => this.read());
    for (const name of ["pushState", "replaceState"]) this.follow(name);
    const watched = document.querySelector(`[${STATE}]`);
    new MutationObserver(() => this.keep()).observe(watched, { attributes: true, attributeFilter: [STATE] });
  }

  /** Brings the address up to date whenever somebody has written another; it is then as it should be, so this ends. */
  follow(name) {
    const write = history[name];
    history[name] = (...state) => {
      write.apply(history, state);
      this.keep();
    };
  }

  /** Takes over what the address says; where it says nothing, as a link to other settings does, all stays as it is. */
  read() {
    const said = new URLSearchParams(location.search);
    if (said.has("present")) this.on = said.get("present") === "true";
    if (said.has("hide")) Object.assign(this, { hidden: said.get("hide"), path: location.pathname });
    this.show();
  }

  show() {
    document.documentElement.classList.toggle("presenting", this.on);
    document.documentElement.classList.toggle("in-frame", new URLSearchParams(location.search).get("embed") === "true");
    this.style.textContent = hiding(location.pathname === this.path ? this.hidden : "");
  }

  /** Brings the address up to date, without an entry for Back. */
  keep() {
    const address = new URL(location.href);
    const before = address.searchParams.toString();
    set(address.searchParams, "present", this.on ? "true" : "");
    set(address.searchParams, "hide", address.pathname === this.path ? this.hidden : "");
    if (address.searchParams.toString() !== before) history.replaceState(history.state, "", address);
    this.show();
  }

  keyDown(event) {
    if (event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
    if (event.key === "p" || (event.key === "Escape" && this.on)) this.turn();
    else if (event.key === "b" && this.on) this.blank();
    else return;
    event.preventDefault();
  }

  turn() {
    this.on = !this.on;
    this.keep();
    this.note.hidden = !this.on;
    setText(this.note, this.on ? this.words.keys : "");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.note.hidden = true), SHOWN);
  }

  /** Black, above all that floats over the page. */
  blank() {
    this.cover = append(document.body, "div", "blank");
    this.cover.popover = "manual";
    this.cover.addEventListener("pointerdown", (event) => this.uncover(event));
    this.cover.showPopover();
  }

  /** The key that ends the dark does nothing else. */
  uncover(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
    this.cover.remove();
    this.cover = null;
  }
}

function set(parameters, name, value) {
  if ((parameters.get(name) ?? "") === value) return;
  parameters.delete(name);
  if (value) parameters.set(name, value);
}

/** The style that hides the controls of these names: a bound control, a group that folds, or the titles of tabs. */
function hiding(names) {
  const each = names.split(",").filter(Boolean).map((name) => CSS.escape(name.trim()));
  if (!each.length) return "";
  const places = each.flatMap((name) => [
    `[data-testid=stElementContainer].st-key-${name}`,
    `[data-testid=stLayoutWrapper].st-key-${name}`,
    `.st-key-${name}_tab [role=tablist]`,
  ]);
  return `[data-testid=stMain] :is(${places.join(", ")}) { display: none; }`;
}
