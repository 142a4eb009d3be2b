// The stages of four detectors. elements.js precedes this file in the same module.

export default function ({ parentElement, data }) {
  const root = parentElement.querySelector(".detector-stages");
  const { words } = data;
  root.replaceChildren();
  for (const { name, once, each, regions, passes } of Object.values(words.detectors)) {
    const row = append(root, "section", "detector");
    append(row, "h4", "", name);
    const flow = append(row, "div", "flow");
    stages(flow, "once", words.once, once);
    stages(flow, "each", fillIn(words.each, { regions }), each);
    append(row, "p", "passes", passes);
  }
}

/** Stages in their order, under what they are done once for. */
function stages(flow, kind, title, names) {
  const part = append(flow, "div", `part ${kind}`);
  append(part, "p", "title", title);
  const list = append(part, "ol");
  for (const name of names) append(list, "li", "", name);
}
