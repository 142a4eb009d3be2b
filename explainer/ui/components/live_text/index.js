// A line of text, with or without a bar, that a feed may change; hear.js precedes this file. Streamlit calls the default export when the component
// is mounted, and again, with the same parentElement, whenever its data change.

const lines = new WeakMap(); // parentElement -> the root that listens

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".line");
  if (lines.get(parentElement) !== root) {
    lines.set(parentElement, root);
    hear(data.feed, root, (news) => draw(root, news));
  }
  draw(root, data);
}

function draw(root, { parts, share, single }) {
  root.classList.toggle("single", single);
  const bar = root.querySelector(".bar");
  root.querySelector(".icon").hidden = share !== null;
  bar.hidden = share === null;
  bar.setAttribute("aria-valuenow", Math.round(100 * share));
  bar.firstElementChild.style.width = `${100 * share}%`;
  const nodes = parts.map(([text, strong], i) => [i ? " · " : "", element(strong ? "b" : "span", text)]);
  root.querySelector(".text").replaceChildren(...nodes.flat());
}

function element(tag, text) {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}
