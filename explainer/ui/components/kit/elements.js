// Elements, their texts, and the keys that move about in them.

// How arrow keys move: [across, down], and [rows, columns].
const ACROSS_DOWN = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const ROWS_COLUMNS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/** A new last child of `parent`. */
function append(parent, tag, className = "", text = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return parent.appendChild(element);
}

/** A new last child of `parent`, of an SVG. */
function appendSvg(parent, tag, attributes = {}, text = "") {
  const element = setAttributes(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes);
  element.textContent = text;
  return parent.appendChild(element);
}

function setAttributes(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

/** Writes only what is new: an unchanged text is not announced again. */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** A sentence with its {names} replaced by values. */
function fillIn(template, values) {
  return template.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

const TEXTS = "textarea, select, input:not([type=range], [type=checkbox], [type=radio])";

/** Whether a key is pressed into a text, and so is no command to the page. */
function isTyping(event) {
  const target = event.composedPath()[0];
  return Boolean(target.isContentEditable || target.matches?.(TEXTS));
}
