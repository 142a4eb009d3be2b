// The layers of an architecture as a table. telling.js precedes this file in the same module.
//
// Streamlit calls the default export when the component is mounted, and again, with the same parentElement, whenever
// its data or the theme change. What is unfolded and the order stay as long as the architecture is the same.

const tables = new WeakMap(); // root -> LayerTable
const COLUMNS = ["name", "type", "maps", "size", "kernel", "stride", "padding", "groups", "activation", ...COSTS];
const NUMBERS = { maps: ({ layers }) => layers.at(-1).maps, size: ({ layers }) => layers.at(-1).size?.[0] ?? 0 };

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".layers");
  if (!tables.has(root)) tables.set(root, new LayerTable(root));
  const own = tables.get(root);
  own.tell = setTriggerValue;
  own.update(data);
}

class LayerTable {
  constructor(root) {
    [this.root, this.scroller, this.head, this.body] = [root, ...["div", "thead tr", "tbody"].map((name) => root.querySelector(name))];
    Object.assign(this, { open: new Set(), by: null });
    this.body.addEventListener("click", (event) => this.press(event.target.closest("tr")));
  }

  update(data) {
    if (this.data?.network !== data.network) Object.assign(this, { open: new Set(), by: null });
    this.data = data;
    this.scroller.setAttribute("aria-label", data.words.table);
    const moved = this.shown !== data.chosen;
    this.shown = data.chosen;
    this.draw();
    if (moved) this.showChosen();
  }

  /** Brings the chosen row into sight within the table, whose place on the page stays. */
  showChosen() {
    const row = this.body.querySelector(".chosen");
    if (!row) return;
    const [top, bottom] = [row.offsetTop - 2 * row.offsetHeight, row.offsetTop + 3 * row.offsetHeight];
    if (top < this.scroller.scrollTop) this.scroller.scrollTop = top;
    else if (bottom > this.scroller.scrollTop + this.scroller.clientHeight) this.scroller.scrollTop = bottom - this.scroller.clientHeight;
  }

  draw() {
    this.drawHead();
    this.body.replaceChildren();
    const items = itemsOf(this.data, new Set());
    for (const item of this.sorted(items)) {
      this.row(item);
      if (!item.layer && this.open.has(item.group)) this.unfolded(item);
    }
    this.sum(items);
    this.root.dataset.rows = this.body.rows.length;
  }

  drawHead() {
    this.head.replaceChildren();
    for (const column of COLUMNS) {
      const cell = append(this.head, "th");
      cell.scope = "col";
      const sortable = COSTS.includes(column) || column in NUMBERS || column === "name";
      if (!sortable) {
        setText(cell, this.data.words.columns[column]);
        continue;
      }
      const isBy = this.by === column;
      cell.setAttribute("aria-sort", isBy ? "descending" : "none");
      const button = append(cell, "button", "", this.data.words.columns[column] + (isBy ? " ▾" : ""));
      button.type = "button";
      button.addEventListener("click", () => this.sortBy(column));
    }
  }

  /** By a column, the largest first; a second click, and that on the name, gives the order of the network. */
  sortBy(column) {
    this.by = column === "name" || this.by === column ? null : column;
    this.draw();
    this.head.querySelectorAll("button")[0].focus({ preventScroll: true });
  }

  sorted(items) {
    if (!this.by) return items;
    const value = NUMBERS[this.by] ?? ((item) => item[this.by]);
    return items.toSorted((a, b) => value(b) - value(a));
  }

  unfolded(item) {
    item.layers.forEach((layer, i) => this.row({ layer, layers: [layer], ...sumsOf([layer]) }, i % item.length === 0 ? "inside starts" : "inside"));
  }

  row(item, inside = "") {
    const { words, chosen } = this.data;
    const row = append(this.body, "tr", inside);
    const { layer } = item;
    if (layer) row.dataset.layer = layer.name;
    else row.dataset.group = item.group;
    const isChosen = item.layers.some(({ name }) => name === chosen) && (layer || !this.open.has(item.group));
    row.classList.toggle("chosen", Boolean(isChosen));
    row.classList.toggle("failed", layer?.kind === "failed");
    if (layer) append(append(row, "td"), "button", "name", layer.name).type = "button";
    else this.nameGroup(row, item);
    for (const text of this.cells(item, words)) append(row, "td", "", text);
    for (const cost of COSTS) this.cost(row, item, cost);
  }

  nameGroup(row, { called: title, repeats, group }) {
    const name = repeats > 1 ? `${title}\u00a0×\u00a0${repeats}` : title;
    const isOpen = this.open.has(group);
    const button = append(append(row, "td"), "button", "name group", `${isOpen ? "▾" : "▸"} ${name}`);
    button.type = "button";
    button.setAttribute("aria-expanded", String(isOpen));
  }

  cells({ layer, layers }, words) {
    const last = layers.at(-1);
    if (layer?.kind === "failed") return [words.kinds.failed, "–", "–", "", "", "", "", ""];
    const size = [whole(last.maps), last.size ? by(last.size) : "–"];
    if (!layer) return [fillIn(words.layers, { count: layers.length }), ...size, "", "", "", "", ""];
    const follows = [layer.normalization, layer.activation].filter(Boolean).join(", ");
    const window = [once(layer.window), once(layer.stride), paddingOf(layer.padding), layer.groups > 1 ? whole(layer.groups) : ""];
    return [words.kinds[layer.kind.replaceAll("-", "_")], ...size, ...window, follows];
  }

  cost(row, item, cost) {
    const { kind } = item.layer ?? {};
    const isNone = kind === "failed" || (kind === "input" && cost !== "activations");
    append(row, "td", "number", isNone ? "–" : whole(item[cost]));
  }

  sum(items) {
    const row = append(this.body, "tr", "sum");
    append(row, "td", "", this.data.words.sum);
    for (let i = 0; i < 8; i++) append(row, "td");
    const counted = items.filter(({ layer }) => layer?.kind !== "input");
    for (const cost of COSTS) append(row, "td", "number", whole(counted.reduce((sum, item) => sum + item[cost], 0)));
  }

  press(row) {
    if (!row) return;
    if (row.dataset.group) {
      const at = Number(row.dataset.group);
      if (this.open.has(at)) this.open.delete(at);
      else this.open.add(at);
      this.draw();
      this.body.querySelector(`[data-group="${at}"] button`).focus({ preventScroll: true });
    } else if (row.dataset.layer && !row.classList.contains("failed")) {
      this.shown = row.dataset.layer;
      this.data = { ...this.data, chosen: row.dataset.layer };
      this.draw();
      this.tell("chosen", row.dataset.layer);
    }
  }
}
