// Cells of a scene, and where the arrow keys go.

/** The [row, column] of the cell at [x, y] in a picture of `side` pixels with `grid` cells along each side. */
function cellAt([x, y], side, grid) {
  return [y, x].map((value) => Math.min(Math.max(Math.floor((value / side) * grid), 0), grid - 1));
}

/** The cell that lies `steps` [rows, columns] away, as far as there are cells. */
function cellBeside(cell, steps, grid) {
  return cell.map((value, axis) => Math.min(Math.max(value + steps[axis], 0), grid - 1));
}
