// Where the parts of a U stand: levels downwards, each half as large as the one above it.

// The drawing's size, in its units; the middle of the uppermost level; from one level's middle to the next; how far
// each level stands further in; from the left edge to the middle of the picture; the width of a box of one map, and of
// every further one. On a phone a unit is about a pixel, so that the texts stay as large, below the boxes.
const SHAPES = {
  wide: { isWide: true, width: 900, height: 330, top: 34, level: 62, slant: 56, edge: 150, thinnest: 10, growth: 0.62 },
  narrow: { isWide: false, width: 300, height: 480, top: 34, level: 98, slant: 6, edge: 26, thinnest: 10, growth: 0.4 },
};
const ROOM = 560; // pixels: what is narrower is drawn as on a phone

/** The level of a stage in a picture `side` pixels high: 0 where it is as high as the picture. */
function levelOf(height, side) {
  return Math.max(0, Math.round(Math.log2(side / height)));
}

/** The box of a stage in a drawing of a shape: the middle, the width and the height; on the `way` "down" or "up". */
function boxOf(stage, way, side, deepest, shape = SHAPES.wide) {
  const level = levelOf(stage.height, side);
  const x = level >= deepest ? shape.width / 2 : shape.edge + level * shape.slant;
  return {
    x: way === "down" || level >= deepest ? x : shape.width - x,
    y: shape.top + level * shape.level,
    width: shape.thinnest + shape.growth * stage.maps,
    height: Math.max(14, 54 * 0.78 ** level),
    level,
  };
}

/** Where the two texts of a box stand: beside it where there is room, else below; of the coarsest maps always below. */
function textsOf({ x, y, width, height }, shape) {
  const side = Math.sign(x - shape.width / 2);
  if (!side) return { x, name: y + height / 2 + 18, size: y + height / 2 + 36, anchor: "" };
  if (shape.isWide) return { x: x + side * (width / 2 + 8), name: y - 3, size: y + 15, anchor: side < 0 ? "left" : "right" };
  return { x: x + side * (width / 2), name: y + height / 2 + 16, size: y + height / 2 + 33, anchor: side < 0 ? "right" : "left" };
}

/** The levels, from 1 on, whose skips are there after the one of `level` was pressed. */
function toggled(skips, level) {
  return skips.map((is, number) => (number + 1 === level ? !is : is)).flatMap((is, number) => (is ? [number + 1] : []));
}
