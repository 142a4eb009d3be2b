// What a page looks like on paper: one sheet of A4 with its pictures, what they say, and the address as a QR code. It is
// laid when the browser is about to print, and taken away after; frame.css hides all else meanwhile.

const WIDTH = 700; // CSS pixels that a sheet is wide, for what a picture's height is there
const EYE = '[role="img"][aria-label^="visibility"]'; // the sign before what to notice
const TALLEST = 1.3; // a picture is enlarged by no more

class Paper {
  /** `source` says what page it is; `twins` are a dark page's colours and scales with those of a light one. */
  constructor(root, source) {
    Object.assign(this, { root, source, sheet: null, twins: null });
    this.listening = new AbortController();
    const { signal } = this.listening;
    window.addEventListener("beforeprint", () => (this.root.isConnected ? this.lay() : this.listening.abort()), { signal });
    window.addEventListener("afterprint", () => this.take(), { signal });
  }

  take() {
    document.documentElement.classList.remove("on-paper");
    this.sheet?.remove();
    this.sheet = null;
  }

  lay() {
    this.take();
    const main = document.querySelector('[data-testid="stMain"]');
    const end = main?.querySelector(".st-key-try_this, .st-key-take_home");
    const title = main?.querySelector("h1");
    if (!end || !title) return;
    const isAbove = (element) => element.compareDocumentPosition(end) & Node.DOCUMENT_POSITION_FOLLOWING && element.getClientRects().length;
    this.sheet = document.createElement("div");
    this.sheet.className = "paper";
    append(this.sheet, "h1", "", title.textContent);
    append(this.sheet, "p", "", after(title, '[data-testid="stMarkdown"]', main)?.textContent);
    const twins = isDark(this.root) ? twinsOf(this.twins) : null;
    onLight(this.root, () => {
      for (const row of rowsOf(picturesOf(main).filter(isAbove))) this.drawRow(row, twins);
    });
    for (const each of noticesOf(main).filter(isAbove)) append(this.sheet, "p", "notice", wordsOf(each));
    for (const each of [...main.querySelectorAll(".katex-display")].filter(isAbove)) this.sheet.append(each.cloneNode(true));
    this.drawSource(address());
    document.documentElement.classList.add("on-paper");
    document.body.append(this.sheet); // what it was drawn of is hidden from now on
  }

  drawRow(places, twins) {
    const row = append(this.sheet, "div", "row");
    const drawings = places.map((place) => drawnAlone(place, twins));
    const sizes = drawings.map((each) => each.viewBox.baseVal);
    const wide = sizes.reduce((sum, { width }) => sum + width, 0);
    row.style.flexBasis = `${Math.max(...sizes.map(({ height }) => height)) * Math.min(TALLEST, WIDTH / wide)}px`;
    drawings.forEach((drawing, i) => (drawing.style.flex = `${sizes[i].width} 1 0`));
    row.append(...drawings);
  }

  drawSource(link) {
    const source = append(this.sheet, "footer");
    const code = codeOf(link);
    if (code) source.append(code);
    const words = append(source, "div");
    append(words, "p", "", this.source());
    append(words, "a", "", link).href = link;
  }
}

/** The first element after another that a selector fits. */
function after(element, selector, root) {
  return [...root.querySelectorAll(selector)].find((each) => element.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING);
}

/** Pictures that stand beside each other are a row. */
function rowsOf(places) {
  const rows = [];
  let end = -Infinity;
  for (const place of places) {
    const { top, bottom } = place.getBoundingClientRect();
    if (top < end - SMALLEST) rows.at(-1).push(place);
    else rows.push([place]);
    end = Math.max(end, bottom);
  }
  return rows;
}

/** The sentences that say what to notice, and those that a component says in their place while it computes. */
function noticesOf(main) {
  const said = [...main.querySelectorAll('[data-testid="stMarkdown"]')].filter((each) => each.querySelector(EYE));
  return [...said, ...[...main.querySelectorAll("*")].filter((each) => each.shadowRoot?.querySelector(".line .text"))];
}

function wordsOf(notice) {
  const said = (notice.shadowRoot?.querySelector(".line .text") ?? notice).cloneNode(true);
  said.querySelector(EYE)?.remove();
  return said.textContent.trim();
}

/** The server draws the code, and the browser waits for it: a page that is printed does not wait for what comes later. */
function codeOf(link) {
  const request = new XMLHttpRequest();
  try {
    request.open("GET", `qr.svg?of=${encodeURIComponent(link)}`, false);
    request.send();
  } catch {
    return null; // the server is not to be reached: the link stands on the sheet as it is
  }
  if (request.status !== 200) return null;
  return document.importNode(new DOMParser().parseFromString(request.responseText, "image/svg+xml").documentElement, true);
}
