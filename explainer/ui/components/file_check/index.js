// Streamlit says itself, in English and without a word on what to do, that a file is too large or of another kind. Here
// its uploaders are given only files that may be sent; what a file is, the server says when it has looked into it.

const watched = new WeakMap(); // parentElement -> the watch

export default function ({ data, parentElement, setTriggerValue }) {
  if (!watched.has(parentElement)) watched.set(parentElement, new Watch());
  const watch = watched.get(parentElement);
  Object.assign(watch, data, { refuse: (files) => setTriggerValue("refused", files) });
  watch.offer();
  return () => setTimeout(() => parentElement.isConnected || watch.end());
}

class Watch {
  constructor() {
    this.listening = new AbortController();
    const options = { capture: true, signal: this.listening.signal };
    document.addEventListener("change", (event) => this.look(event, event.target.files), options);
    document.addEventListener("drop", (event) => this.look(event, event.dataTransfer?.files), options);
    // The uploader may be drawn after this, and anew: what its dialog offers is said when it is about to be opened.
    for (const type of ["pointerover", "focusin", "click"]) document.addEventListener(type, () => this.offer(), options);
  }

  get uploader() {
    return document.querySelector(`.st-key-${CSS.escape(this.of)}`);
  }

  get input() {
    return this.uploader?.querySelector("input[type=file]");
  }

  offer() {
    if (this.input && this.input.accept !== this.accept) this.input.accept = this.accept;
  }

  look(event, files) {
    if (!files?.length || !this.uploader?.contains(event.target)) return;
    const large = [...files].filter((file) => file.size > this.most);
    if (!large.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const kept = new DataTransfer();
    for (const file of files) if (file.size <= this.most) kept.items.add(file);
    const more = kept.files.length > 0;
    this.refuse(large.map(({ name, size }) => ({ name, size, more })));
    this.input.files = kept.files;
    if (more) this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  end() {
    this.listening.abort();
  }
}
