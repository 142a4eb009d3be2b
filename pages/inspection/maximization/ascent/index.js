// Pictures in the making. hear.js, elements.js and curve.js precede this file in the same module.
//
// Streamlit calls the default export when the component is mounted, and again, with the same parentElement, whenever
// its data change. Elements are kept and brought up to date in place, so that nothing flickers.

const scenes = new WeakMap(); // parentElement -> Scene

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".ascent");
  if (scenes.get(parentElement)?.root !== root) scenes.set(parentElement, new Scene(root, data.feed));
  scenes.get(parentElement).update(data, setTriggerValue);
}

class Scene {
  constructor(root, feed) {
    this.root = root;
    const find = (selector) => root.querySelector(selector);
    [this.line, this.track] = [find(".progress p"), find(".track")];
    this.made = new Group(find(".made"), (choice) => this.tell("chosen", choice));
    this.beside = new Group(find(".beside"), () => {});
    this.curve = new ActivationCurve(find(".curve"));
    this.side = find(".side");
    hear(feed, root, (news) => this.update({ ...this.data, ...news }, this.tell));
  }

  update(data, tell) {
    this.data = data;
    this.tell = tell;
    setText(this.line, data.line);
    this.line.parentElement.hidden = !data.line;
    this.track.hidden = data.share === null;
    this.track.setAttribute("aria-valuenow", Math.round(100 * (data.share ?? 1)));
    this.track.firstElementChild.style.width = `${100 * (data.share ?? 1)}%`;
    this.side.hidden = !data.curve && !data.beside;
    this.root.classList.toggle("one", !this.side.hidden);
    this.made.update(data.made, data.words);
    this.beside.update(data.beside, data.words);
    this.curve.update(data.curve, data.words);
    this.root.dataset.state = data.share !== null ? "going" : data.line ? "waiting" : "done"; // what a test waits for
  }
}

class Group {
  constructor(holder, choose) {
    this.holder = holder;
    this.choose = choose;
    this.title = append(holder, "h4");
    this.list = append(holder, "ul");
    this.list.setAttribute("role", "list"); // Safari forgets it where list-style is none
    this.pictures = [];
    this.drawn = "";
  }

  update(data, words) {
    this.holder.hidden = !data;
    if (!data) return;
    setText(this.title, data.title);
    this.title.hidden = !data.title;
    while (this.pictures.length < data.captions.length) this.pictures.push(new Picture(this.list, (choice) => this.choose(choice)));
    while (this.pictures.length > data.captions.length) this.pictures.pop().item.remove();
    this.pictures.forEach((picture, i) => picture.write(data.captions[i], data.size, words));
    const drawing = [data.width, data.height, data.channels, data.pixels].join(";");
    if (drawing === this.drawn) return;
    this.drawn = drawing;
    const bytes = Uint8Array.from(atob(data.pixels), (character) => character.charCodeAt(0));
    const length = data.width * data.height * data.channels;
    this.pictures.forEach((picture, i) => picture.paint(bytes.subarray(i * length, (i + 1) * length), data));
  }
}

class Picture {
  constructor(list, choose) {
    this.item = append(list, "li");
    this.button = append(this.item, "button");
    this.button.type = "button";
    this.title = append(this.button, "span", "title");
    this.canvas = append(this.button, "canvas");
    this.canvas.setAttribute("aria-hidden", "true");
    this.bar = append(this.button, "span", "bar");
    [this.fill, this.mark] = [append(this.bar, "span", "fill"), append(this.bar, "span", "mark")];
    this.value = append(this.button, "span", "value");
    this.note = append(this.button, "span", "note");
    this.button.addEventListener("click", () => this.choice !== null && choose(this.choice));
  }

  write({ title, value, note, share, mark, choice, framed }, size, words) {
    this.choice = choice;
    this.item.style.width = units(size);
    for (const [element, text] of [[this.title, title], [this.value, value], [this.note, note]]) {
      setText(element, text);
      element.hidden = !text;
    }
    this.bar.hidden = share === null;
    this.fill.style.width = `${100 * (share ?? 0)}%`;
    this.mark.hidden = mark === null;
    this.mark.style.left = `${100 * (mark ?? 0)}%`;
    const told = [title, value, note].filter(Boolean).join(", ");
    this.button.setAttribute("aria-label", choice === null ? told : fillIn(words.choose, { told }));
    this.button.disabled = choice === null;
    this.button.classList.toggle("framed", framed);
  }

  paint(bytes, { width, height, channels }) {
    paintPhoto(this.canvas, bytes, width, height, channels);
    this.canvas.classList.toggle("coarse", width <= 64);
  }
}
