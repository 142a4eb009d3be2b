// Digits between those of a grid, and where a place goes.

const SIDE = 28; // pixels of a digit

/** The grey values, 0 to 255, of the digit at [across, up], 0..1 from the lower left corner: mixed of the four digits of a grid of `side` × `side` around it. */
function digitAt(grid, side, [across, up]) {
  const [x, y] = [across, up].map((share) => clamp(share, 0, 1) * (side - 1));
  const [left, below] = [x, y].map((at) => Math.min(Math.floor(at), side - 2));
  const [right, above] = [x - left, y - below]; // shares
  const area = SIDE * SIDE;
  const corner = (row, column) => area * (row * side + column);
  const parts = [
    [corner(below, left), (1 - above) * (1 - right)],
    [corner(below, left + 1), (1 - above) * right],
    [corner(below + 1, left), above * (1 - right)],
    [corner(below + 1, left + 1), above * right],
  ];
  return Float32Array.from({ length: area }, (_, i) => parts.reduce((sum, [at, share]) => sum + share * grid[at + i], 0));
}

/** A place moved by [across, down] steps, as far as the map reaches. */
function placeBeside([across, up], [right, down], step) {
  return [clamp(across + right * step, 0, 1), clamp(up - down * step, 0, 1)];
}

/** What a place, 0..1, is in the units of codes. */
function unitsOf(place, low, high) {
  return place.map((share, axis) => low[axis] + share * (high[axis] - low[axis]));
}
