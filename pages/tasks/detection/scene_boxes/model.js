// Cells of a scene, where the arrow keys go, and where boxes are labelled.

const LABEL = [3.2, 1]; // width and height of a label whose name has one letter, in heights of its text
const LETTER = 0.6; // the width of each letter more

/** The [row, column] of the cell at [x, y] in a picture of `side` pixels with `grid` cells along each side. */
function cellAt([x, y], side, grid) {
  return [y, x].map((value) => Math.min(Math.max(Math.floor((value / side) * grid), 0), grid - 1));
}

/** The cell that lies `steps` [rows, columns] away, as far as there are cells. */
function cellBeside(cell, steps, grid) {
  return cell.map((value, axis) => Math.min(Math.max(value + steps[axis], 0), grid - 1));
}

/** Where each box, [left, top, right, bottom, name, ...], has its label [x, y of its baseline] in a picture of `side` pixels, whose text is `text` high; null where a better one, which comes before, has the place. */
function labelPlaces(boxes, side, text) {
  const taken = [];
  return boxes.map(([left, top, , , name]) => {
    const [width, height] = [LABEL[0] + LETTER * (name.length - 1), LABEL[1]].map((each) => each * text);
    const place = { x: Math.min(Math.max(left + 1, 1), side - width), y: Math.min(Math.max(top - 2, height - 1), side - 1) };
    if (taken.some(({ x, y, end }) => place.x < end && x < place.x + width && Math.abs(y - place.y) < height)) return null;
    taken.push({ ...place, end: place.x + width });
    return place;
  });
}
