// Boxes [left, top, right, bottom] as rectangles of an SVG.

/** The attributes of a rectangle. */
function frameOf([left, top, right, bottom]) {
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** The box that both cover, without a width or a height where there is none. */
function sharedBox(a, b) {
  const [left, top] = [Math.max(a[0], b[0]), Math.max(a[1], b[1])];
  return [left, top, Math.max(left, Math.min(a[2], b[2])), Math.max(top, Math.min(a[3], b[3]))];
}
