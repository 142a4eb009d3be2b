// Drawn objects: a person and a horse, each within a square of 100 units that is stretched to its box.

const SHAPES = {
  person: "M37 10a13 10 0 1 0 26 0a13 10 0 1 0 -26 0zM30 24h40q14 0 14 14l16 24l-10 5l-10 -12v45h-26v-28h-8v28h-26v-45l-10 12l-10 -5l16 -24q0 -14 14 -14z",
  horse: "M12 34h46l14 -22l6 -12l6 8l16 14v10l-14 2l-8 22v44h-10v-34h-28v34h-10v-36q-10 -6 -10 -20l-8 20l-12 6l8 -30q2 -6 4 -6z",
};

/** Draws an object `kind` into its box [left, top, right, bottom]. */
function sketch(parent, kind, [left, top, right, bottom]) {
  const transform = `translate(${left} ${top}) scale(${(right - left) / 100} ${(bottom - top) / 100})`;
  return appendSvg(parent, "path", { class: `object ${kind}`, d: SHAPES[kind], transform });
}
