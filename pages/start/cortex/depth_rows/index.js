// Patches by depth. elements.js, links.js and following.js precede this file in the same module.

const SMALL = 40; // pixels of a patch up to which every one is drawn as a square

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".depths");
  root.replaceChildren(...data.rows.map(rowOf));
}

function rowOf({ title, told, maps }) {
  const row = document.createElement("section");
  row.className = "depth";
  const head = append(row, "div");
  append(head, "h4", "", title);
  append(head, "p", "told", told);
  const place = append(row, "div", "maps");
  for (const map of maps) drawMap(place, map);
  return row;
}

function drawMap(place, { link, alt, patches }) {
  const figure = append(place, "figure");
  const strip = append(figure, "div", "patches");
  for (const source of patches) {
    const image = append(strip, "img");
    image.alt = alt;
    image.addEventListener("load", () => image.classList.toggle("small", image.naturalWidth <= SMALL));
    image.src = source;
  }
  linkTo(append(figure, "figcaption"), link);
}
