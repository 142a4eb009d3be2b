// What lights up where a visitor points at an input cell or at a weight, rather than at a position.

const MOST_MARKED = 900; // cells that are marked one by one

/** Marks a pixel, its copies in the padding, and every output that reads it, with the weight used; gives the outputs. */
function markReaders(marks, plane, row, column) {
  const { scene, model } = marks;
  const places = model.alike(row, column);
  const input = scene.inputs[plane];
  const readers = model.readersOf(plane, places);
  const every = Math.ceil(readers.length / MOST_MARKED);
  const marked = readers.filter((_, i) => i % every === 0);
  const maps = [scene.output, ...(scene.partials[plane] ? [scene.partials[plane]] : [])];
  for (const map of maps) {
    for (const [y, x, weight] of marked) {
      if (model.kernels && map.cell >= 22) writeWeight(marks, map, y, x, weight);
      else marks.tint(map, y, x, 0.55);
    }
    if (map.cell >= 5) for (const [y, x] of marked.slice(0, 150)) marks.frame(map.rect(y, x), 2);
    else if (marked.length) marks.frame(around(map, marked), 2);
  }
  for (const [y, x] of places) marks.frame(input.rect(y, x), 3, y !== row || x !== column);
  marks.float(null);
  return readers;
}

function around(map, cells) {
  const [rows, columns] = [cells.map(([y]) => y), cells.map(([, x]) => x)];
  const [top, left] = [Math.min(...rows), Math.min(...columns)];
  return map.rect(top, left, Math.max(...rows) - top + 1, Math.max(...columns) - left + 1);
}

/** Writes a weight over an output cell, on the weight's colour. */
function writeWeight({ context, look, scene, model }, map, row, column, weight) {
  const [x, y, width, height] = map.rect(row, column);
  const { scale } = scene.kernels[0];
  context.fillStyle = scale.css(weight);
  context.fillRect(x, y, width, height);
  const text = `×${format(weight, model.decimals)}`;
  context.font = `650 100px ${look.family}`;
  const size = Math.min(0.36 * width, 17, (100 * (width - 6)) / context.measureText(text).width);
  if (size < 9) return;
  context.font = `650 ${size}px ${look.family}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = scale.ink(weight);
  context.fillText(text, x + width / 2, y + height / 2 + 1);
}

/** Marks a weight and every input cell that it is multiplied with, the present one most; gives how many there are. */
function markTouched(marks, plane, i, j, [row, column]) {
  const { scene, model } = marks;
  const [rows, columns] = [model.rows.touched(i), model.columns.touched(j)];
  tintAll(marks, scene.inputs[plane], rows, columns);
  marks.float(marks.windowRect(scene.inputs[plane], row, column));
  const now = tapOf(model, row, column, i, j);
  if (now) marks.frame(scene.inputs[plane].rect(...now), 3);
  marks.frame(scene.output.rect(row, column), 3);
  marks.frame(scene.kernels[plane].rect(i, j), 3);
  return rows.length * columns.length;
}

/** Marks a weight and every output cell on which it lands; gives how many there are. */
function markLanded(marks, plane, i, j) {
  const { scene, model } = marks;
  const outputs = (axis, index) => {
    const all = Array.from({ length: axis.outputs }, (_, output) => output);
    return all.filter((output) => axis.taps(output).some(([, met]) => met === index));
  };
  const [rows, columns] = [outputs(model.rows, i), outputs(model.columns, j)];
  tintAll(marks, scene.output, rows, columns);
  marks.frame(scene.kernels[plane].rect(i, j), 3);
  return rows.length * columns.length;
}

function tintAll(marks, grid, rows, columns) {
  const { context, look } = marks;
  if (!rows.length || !columns.length) return;
  context.beginPath();
  if (grid.cell < 3) {
    context.rect(...grid.rect(rows[0], columns[0], rows.at(-1) - rows[0] + 1, columns.at(-1) - columns[0] + 1));
  } else for (const y of rows) for (const x of columns) context.rect(...grid.rect(y, x));
  context.fillStyle = context.strokeStyle = look.accent;
  context.globalAlpha = 0.3;
  context.fill();
  context.globalAlpha = 0.9;
  context.lineWidth = grid.cell >= 14 ? 2 : 1;
  context.stroke();
  context.globalAlpha = 1;
}

/** The place of the padded input that meets a weight at a position, or null. */
function tapOf(model, row, column, i, j) {
  const place = (axis, output, index) => axis.taps(output).find(([, met]) => met === index)?.[0];
  const [y, x] = [place(model.rows, row, i), place(model.columns, column, j)];
  return y === undefined || x === undefined ? null : [y, x];
}
