// Where the parts of a U stand: levels downwards, each half as large as the one above it.

const WIDE = 900; // the drawing's width, in its units
const TALL = 330;
const TOP = 34;
const LEVEL = 62; // from one level's middle to the next
const SLANT = 56; // how far each level stands further in
const EDGE = 150; // from the left edge to the middle of the picture
const THINNEST = 10; // the width of a box of one map
const GROWTH = 0.62; // and of every further one

/** The level of a stage in a picture `side` pixels high: 0 where it is as high as the picture. */
function levelOf(height, side) {
  return Math.max(0, Math.round(Math.log2(side / height)));
}

/** The box of a stage: the middle, the width and the height; on the `way` "down" or "up". */
function boxOf(stage, way, side, deepest) {
  const level = levelOf(stage.height, side);
  const x = level >= deepest ? WIDE / 2 : EDGE + level * SLANT;
  return {
    x: way === "down" || level >= deepest ? x : WIDE - x,
    y: TOP + level * LEVEL,
    width: THINNEST + GROWTH * stage.maps,
    height: Math.max(14, 54 * 0.78 ** level),
    level,
  };
}

/** The levels, from 1 on, whose skips are there after the one of `level` was pressed. */
function toggled(skips, level) {
  return skips.map((is, number) => (number + 1 === level ? !is : is)).flatMap((is, number) => (is ? [number + 1] : []));
}
