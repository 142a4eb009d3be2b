// Elements and their texts.

/** A new last child of `parent`. */
function append(parent, tag, className = "", text = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return parent.appendChild(element);
}

/** Writes only what is new: an unchanged text is not announced again. */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** A sentence with its {names} replaced by values. */
function fillIn(template, values) {
  return template.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}
