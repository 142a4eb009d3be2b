// The bar of light and what both cells answer to it, as explainer/layers/visual_cells.py has it.

const placesOf = (side) => Array.from({ length: side }, (_, i) => i - (side - 1) / 2);

/** Light, row by row: a bar turned clockwise by so many degrees, and moved at right angles to itself. */
function lightOf(side, angle, shift) {
  const turned = (angle * Math.PI) / 180;
  const [cosine, sine] = [Math.cos(turned), Math.sin(turned)];
  const at = placesOf(side);
  return at.flatMap((row) =>
    at.map((column) => clamp(2 - Math.abs(column * cosine + row * sine - shift), 0, 1)),
  );
}

/** Weight times light, row by row, for a field that is moved to the right. */
function productsOf({ side, field }, light, moved = 0) {
  return light.map((value, i) => {
    const column = (i % side) - moved;
    return column < 0 || column >= side ? 0 : value * field[i - moved];
  });
}

const sumOf = (values) => values.reduce((sum, value) => sum + value, 0);

function simpleOf(data, light, moved = 0) {
  return Math.max(0, sumOf(productsOf(data, light, moved)));
}

function complexOf(data, light) {
  return Math.max(...data.shifts.map((moved) => simpleOf(data, light, moved)));
}

/** What both cells answer to a bar. */
function answersTo(data, angle, shift) {
  const light = lightOf(data.side, angle, shift);
  return { simple: simpleOf(data, light), complex: complexOf(data, light) };
}

/** An angle from 0 to 179: a bar that is turned by half a turn is the same, on its other side. */
function turnedTo(angle, shift) {
  const whole = Math.round(angle);
  const half = Math.floor(whole / 180);
  return { angle: whole - 180 * half, shift: half % 2 ? -shift : shift };
}
