// What a visitor takes home of a page. kit's elements, drawing.js, picture.js and paper.js precede this file.
//
// Streamlit calls the default export when the component is mounted, and again, with the same parentElement, whenever
// its data change. Nothing is drawn before somebody asks for it.

const LOOK_EVERY = 1000; // milliseconds
const homes = new WeakMap(); // root -> Home

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".take-home");
  if (!homes.has(root)) homes.set(root, new Home(root));
  const home = homes.get(root);
  home.ask = setTriggerValue;
  home.update(data);
}

class Home {
  constructor(root) {
    Object.assign(this, { root, list: root.querySelector(".pictures"), none: root.querySelector(".none"), clicks: 0 });
    this.paper = new Paper(root, () => this.source());
    root.querySelector(".print").addEventListener("click", () => window.print());
    this.snippet = root.querySelector(".snippet");
    this.snippet.addEventListener("focus", () => (this.open(), this.snippet.select()));
    root.querySelector(".copy").addEventListener("click", () => this.copy());
    root.querySelector(".notebook").addEventListener("click", () => this.askForNotebook());
    root.addEventListener("toggle", () => this.toggled());
    root.querySelector(".ways").addEventListener("pointerenter", () => this.open());
  }

  /** While it is open, pictures that are drawn late, such as charts whose code comes only now, join the others. */
  toggled() {
    clearInterval(this.looking);
    if (!this.root.open) return;
    this.open();
    this.looking = setInterval(() => {
      if (!this.root.isConnected) clearInterval(this.looking);
      else if (this.places().length !== this.list.children.length) this.showPictures();
    }, LOOK_EVERY);
  }

  places() {
    return picturesOf(document.querySelector('[data-testid="stMain"]') ?? document.body);
  }

  update(data) {
    this.data = data;
    this.paper.twins = data.twins;
    for (const each of this.root.querySelectorAll("[data-word]")) setText(each, data.words[each.dataset.word]);
    if (data.notebook?.click === this.clicks) this.saveNotebook(data.notebook.text);
    if (this.root.open) this.open();
  }

  /** The server knows what the page says, the browser alone where it is. */
  askForNotebook() {
    this.clicks += 1;
    this.ask("notebook", { address: address(), click: this.clicks });
  }

  saveNotebook(text) {
    this.clicks += 1; // this one has been answered
    save(new Blob([text], { type: "application/x-ipynb+json" }), `${this.data.name}.ipynb`);
  }

  /** What depends on what the page shows by now. */
  open() {
    this.showPictures();
    const snippet = snippetOf(this.source(), address());
    if (this.snippet.value === snippet) return;
    this.snippet.value = snippet;
    this.snippet.setAttribute("aria-label", this.data.words.embed_field);
    setText(this.root.querySelector(".copied"), "");
  }

  /** Only a page that came over https may write the clipboard directly; in others what is selected can be copied. */
  async copy() {
    this.open();
    this.snippet.select();
    if (navigator.clipboard) await navigator.clipboard.writeText(this.snippet.value).catch(() => document.execCommand("copy"));
    else document.execCommand("copy");
    setText(this.root.querySelector(".copied"), this.data.words.copied);
  }

  /** What page it is, and of what. */
  source() {
    const { source, app } = this.data.words;
    const page = document.querySelector("h1")?.textContent ?? app;
    return page === app ? app : fillIn(source, { page, app });
  }

  /** The picture as it is at this moment. */
  draw(place) {
    return pictureOf(place, this.source(), address());
  }

  showPictures() {
    const places = this.places();
    this.none.hidden = places.length > 0;
    fit(this.list, places.length, (list) => this.row(list));
    [...this.list.children].forEach((row, i) => this.fillRow(row, places[i], i));
  }

  row(list) {
    const row = append(list, "li");
    append(row, "img").alt = "";
    append(row, "span", "name");
    for (const kind of ["png", "svg"]) append(row, "button", "button", this.data.words[kind]).addEventListener("click", () => this.savePicture(row, kind));
  }

  fillRow(row, place, number) {
    const [image, name] = row.children;
    row.place = place;
    row.number = number;
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(textOf(this.draw(place)))}`;
    setText(name, nameOf(place) || fillIn(this.data.words.picture, { number: number + 1 }));
    for (const kind of ["png", "svg"]) {
      const button = row.children[kind === "png" ? 2 : 3];
      button.setAttribute("aria-label", fillIn(this.data.words.save, { kind: this.data.words[kind], number: number + 1 }));
    }
  }

  async savePicture({ place, number }, kind) {
    const svg = this.draw(place);
    const file = kind === "png" ? await pixelsOf(svg) : new Blob([textOf(svg)], { type: "image/svg+xml" });
    save(file, `${this.data.name}${this.list.children.length > 1 ? `-${number + 1}` : ""}.${kind}`);
  }
}

/** HTML that shows the page at an address within another one. */
function snippetOf(title, link) {
  const shown = new URL(link);
  shown.searchParams.set("embed", "true");
  const frame = document.createElement("iframe");
  setAttributes(frame, { src: shown.href, title, width: "100%", height: 800, style: "border: 0", loading: "lazy", allow: "camera; fullscreen; clipboard-write" });
  return frame.outerHTML;
}

/** As many children as needed. */
function fit(list, count, add) {
  while (list.children.length > count) list.lastChild.remove();
  while (list.children.length < count) add(list);
}
