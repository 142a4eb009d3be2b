// What a network had, and where it is shown. elements.js, links.js and following.js precede this file.

export default function ({ data, parentElement }) {
  const list = parentElement.querySelector(".page-links");
  list.replaceChildren();
  for (const { text, links } of data.rows) {
    append(list, "dt", "", text);
    const place = append(list, "dd");
    for (const link of links) linkTo(place, link);
  }
}
