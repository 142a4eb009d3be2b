// The units that drawings are measured in: a CSS pixel each on a small screen. Every component has these functions.

const TYPE = 18; // CSS pixels of the page's type where it is not grown: baseFontSize of .streamlit/config.toml
const PRESENTED = 24; // and while it is presented: the room that this takes is the drawings', so they grow with the window alone

/** How many times larger a drawing is than on a small screen: as the page's type, which frame.css grows. */
function zoomOf() {
  const page = document.documentElement;
  const type = page.classList.contains("presenting") ? PRESENTED : TYPE;
  return Math.max(parseFloat(getComputedStyle(page).fontSize) / type, 1);
}

/** A length in a style that grows as drawings do: so many CSS pixels on a small screen. */
function units(count) {
  return `calc(${count} * var(--unit, 1px))`;
}
