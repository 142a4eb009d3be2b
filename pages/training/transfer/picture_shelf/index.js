// The classes of a visitor, a row each: its name, which can be written, how many pictures it has, and these.
// elements.js precedes this file in the same module. Names and pictures go in as texts and as addresses of data alone.

const shelves = new WeakMap(); // parentElement -> PictureShelf

export default function (component) {
  const { parentElement } = component;
  const root = parentElement.querySelector(".picture-shelf");
  if (shelves.get(parentElement)?.root !== root) shelves.set(parentElement, new PictureShelf(root));
  shelves.get(parentElement).update(component);
}

class PictureShelf {
  constructor(root) {
    Object.assign(this, { root, rows: [] });
  }

  update({ data, setTriggerValue }) {
    Object.assign(this, { data, send: setTriggerValue });
    this.root.setAttribute("aria-label", data.words.classes);
    while (this.rows.length > data.rows.length) this.rows.pop().element.remove();
    while (this.rows.length < data.rows.length) this.rows.push(this.build(this.rows.length));
    this.rows.forEach((row, number) => this.draw(row, data.rows[number]));
  }

  build(number) {
    const element = append(this.root, "div", "row");
    const choose = append(element, "button", "choose");
    setAttributes(choose, { type: "button", role: "radio" });
    const name = append(element, "input");
    setAttributes(name, { type: "text", autocomplete: "off", spellcheck: "false" });
    const count = append(element, "span", "count");
    const pictures = append(element, "div", "pictures");
    const row = { element, choose, name, count, pictures };
    const key = () => this.data.rows[number].key;
    element.addEventListener("click", (event) => {
      if (!event.target.closest(".picture") && !this.data.rows[number].chosen) this.send("chosen", key());
    });
    name.addEventListener("change", () => this.send("named", [key(), name.value]));
    pictures.addEventListener("click", (event) => {
      const picture = event.target.closest(".picture");
      if (picture) this.send("removed", [key(), picture.dataset.name]);
    });
    return row;
  }

  draw({ element, choose, name, count, pictures }, { title, shown, color, chosen, count: many, all }) {
    const { words } = this.data;
    element.style.setProperty("--own", color);
    element.classList.toggle("chosen", chosen);
    choose.setAttribute("aria-checked", chosen);
    choose.setAttribute("aria-label", fillIn(words.choose, { name: shown }));
    setAttributes(name, { placeholder: title, "aria-label": fillIn(words.name, { name: title }), maxlength: this.data.longest });
    if (!name.matches(":focus")) name.value = shown === title ? "" : shown;
    setText(count, many);
    const now = JSON.stringify(all);
    if (pictures.dataset.drawn === now) return;
    pictures.dataset.drawn = now;
    pictures.replaceChildren();
    if (!all.length) append(pictures, "span", "empty", words.empty);
    for (const { name: own, source, test } of all) {
      const button = append(pictures, "button", test ? "picture test" : "picture");
      button.type = "button";
      button.dataset.name = own;
      button.title = test ? words.test : words.learned;
      button.setAttribute("aria-label", `${fillIn(words.remove, { name: shown })} ${button.title}`);
      const image = append(button, "img");
      image.alt = "";
      image.src = source;
    }
  }
}
