// Links to other pages of the app, which stand directly below its root. elements.js and links.js precede this file.

/** A real link that a plain click follows without losing the session. */
function linkTo(parent, { label, page, query }) {
  const link = append(parent, "a", "", label);
  const address = new URL(page, location.href);
  address.search = query;
  link.href = address;
  link.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    openAddress(address);
  });
  return link;
}
