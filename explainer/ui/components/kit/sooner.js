// Components get their data twice: ahead of the page, by the server's second way into the tab, and with the page, from
// Streamlit. Each is drawn once.

const NO_CLASS = /[^a-zA-Z0-9_-]/g; // what Streamlit replaces where it makes a class of a key

/** What a component shows in one place of the page. */
class Shown {
  constructor(draw) {
    this.draw = draw;
    this.awaited = []; // data that are drawn, and that Streamlit will bring, too
  }

  /** Data that came ahead of the page. */
  ahead(data) {
    this.awaited.push(data);
    this.put({ ...this.last, data });
  }

  /** What Streamlit brings: not drawn where it was drawn already, as something newer may have been since. */
  update(last) {
    const at = this.awaited.findIndex((data) => isAlike(data, last.data));
    if (at < 0) {
      this.awaited = [];
      this.put(last);
    } else {
      this.awaited.splice(0, at + 1);
      this.last = { ...last, data: this.last.data };
    }
    return this.end;
  }

  /* Colours are read while a component draws: for paper, which is light, it draws the same once more. */
  put(last) {
    this.last = last;
    last.parentElement.redraw = () => this.draw(last);
    this.end = this.draw(last);
  }
}

/** What Streamlit shall call in place of `draw`. */
export function sooner(draw) {
  const shown = new Map(); // the class that Streamlit makes of a key -> Shown
  document.addEventListener("ahead", ({ detail: { name, key, data } }) => {
    const found = shown.get(`st-key-${key.trim().replace(NO_CLASS, "-")}`);
    if (found?.last.name === name && found.last.parentElement.isConnected) found.ahead(data);
  });
  return (last) => {
    const place = placeOf(last.parentElement);
    if (shown.get(place)?.last.parentElement !== last.parentElement) shown.set(place, new Shown(draw));
    return shown.get(place).update(last);
  };
}

function placeOf(parentElement) {
  const holder = (parentElement.host ?? parentElement).closest("[class*=st-key-]");
  return [...(holder?.classList ?? [])].find((name) => name.startsWith("st-key-"));
}

function isAlike(one, other) {
  if (!(one instanceof Uint8Array && other instanceof Uint8Array)) return JSON.stringify(one) === JSON.stringify(other);
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false;
  return true;
}
