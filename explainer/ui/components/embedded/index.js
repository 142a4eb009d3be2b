// Only the browser knows whether the page is shown within another.

export default function ({ data, parentElement }) {
  const note = parentElement.querySelector(".embedded");
  if (window.self === window.top || !note.hidden) return;
  const link = document.createElement("a");
  link.textContent = data.open;
  link.href = location.href;
  link.target = "_blank";
  link.rel = "noopener";
  link.addEventListener("pointerdown", () => (link.href = location.href)); // with the controls as they stand by now
  note.append(`${data.lost} `, link);
  note.hidden = false;
}
