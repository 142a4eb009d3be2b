// The arithmetic of a position in words and numbers: what is written below the grids, and told to screen readers.

const SHORT = 9; // numbers that are written out in one sum
const ROWS = 12; // sums of rows that are written out

/** The steps from the numbers under the window to the output's value: [{before, value}], ending with the result. */
function stepsOf(model, reading) {
  const places = model.decimals + 1;
  const show = (value) => format(value, places);
  const steps = [{ before: firstStep(model, reading, show), value: show(reading.sum) }];
  if (!reading.size) steps[0] = { before: model.words.nothing, value: "0" };
  const add = (before, value) => steps.push({ before, value: show(value) });
  if (reading.divisor !== 1 && reading.size) add(`${show(reading.sum)} ÷ ${show(reading.divisor)}`, reading.mean);
  if (model.bias) add(`${signed([reading.mean, model.bias], places)} (${model.words.bias})`, reading.before);
  if (model.activation === "relu") add(`${model.words.relu}(${show(reading.before)})`, reading.result);
  steps.at(-1).value = show(reading.result);
  return steps;
}

function firstStep(model, reading, show) {
  const { words } = model;
  const places = model.decimals + 1;
  if (model.reduction === "max") return largest(model, reading, show);
  if (model.reduction === "l2") {
    if (reading.size > SHORT) return words.squares;
    return `√(${Array.from(reading.values, (value) => `${operand(value, places)}²`).join(" + ")})`;
  }
  if (model.channels > 1) return signed(reading.sums, places);
  if (reading.size <= SHORT) return signed(reading.products, places);
  if (reading.rows.length <= ROWS && reading.rows.length > 1) {
    return fillIn(words.rows, { sums: signed(rowSums(reading, model.rounding), places) });
  }
  return fillIn(model.kernels ? words.products : words.values, { count: reading.size.toLocaleString("en") });
}

function largest(model, { values, size, best, rows, columns }, show) {
  const { words } = model;
  if (size <= SHORT) return `${words.max} ${Array.from(values, show).join(", ")}`;
  const [row, column] = [rows[Math.floor(best / columns.length) % rows.length][0], columns[best % columns.length][0]];
  const count = size.toLocaleString("en");
  return fillIn(words.largest, { count, row: row - model.rows.before, column: column - model.columns.before });
}

function rowSums({ products, rows, columns }, rounding) {
  const sums = new Float64Array(rows.length);
  products.forEach((product, i) => (sums[Math.floor(i / columns.length) % rows.length] += product));
  const magnitude = products.reduce((sum, product) => sum + Math.abs(product), 0);
  return sums.map((sum) => clean(sum, magnitude, rounding));
}

/** Numbers with their signs between them: 3 − 2 + 0. Those that are tiny beside others need no powers of ten. */
function signed(numbers, places) {
  const most = numbers.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const isTiny = (size) => size && size < 0.5 * 10 ** -places && most >= 10 ** -places;
  const text = (size) => (isTiny(size) ? (0).toFixed(places) : format(size, places));
  return Array.from(numbers, (value, i) => {
    const size = text(Math.abs(value));
    if (!i) return value < 0 ? `−${size}` : size;
    return value < 0 ? `− ${size}` : `+ ${size}`;
  }).join(" ");
}

/** One sentence of a position for screen readers. */
function toldOf(model, row, column, gathered) {
  const { words } = model;
  if (!gathered) return toldStamp(model, model.stamp(row, column));
  const steps = stepsOf(model, model.reading(row, column));
  return `${fillIn(words.cell, { row, column })}: ${steps.map(({ before, value }) => `${before} = ${value}`).join("; ")}`;
}

function toldStamp(model, stamp) {
  const head = stampHead(model, stamp);
  if (stamp.products.length > SHORT) return head;
  return `${head}: ${Array.from(stamp.products, (product) => format(product, model.decimals + 1)).join(", ")}`;
}

function stampHead(model, { row, column, values }) {
  const value = Array.from(values, (each) => format(each, model.decimals)).join(", ");
  return fillIn(model.words.stamp, { row, column, value });
}

/** What is said of an input cell that a visitor points at. */
function pixelText(model, plane, row, column, count) {
  const { words } = model;
  const padding = model.rows.isPadding(row) || model.columns.isPadding(column);
  const value = format(model.value(plane, row, column), model.decimals + 1);
  const [y, x] = [row - model.rows.before, column - model.columns.before];
  if (padding && model.blank !== null) return [model.blank ? words.padding_least : words.padding_blank];
  const place = fillIn(padding ? words.padding_pixel : words.pixel, { row: y, column: x, value });
  const read = count === 1 ? words.read_by_one : fillIn(words.read_by, { count: count.toLocaleString("en") });
  return [place, count ? read : words.unread];
}

/** What is said of a weight that a visitor points at. */
function weightText(model, plane, i, j, count, [row, column]) {
  const { words } = model;
  const weight = model.weight(plane, i, j);
  const show = (value) => format(value, model.decimals + 1);
  const head = fillIn(words.kernel_weight, { value: show(weight), row: i, column: j });
  if (model.stamps) return [head, fillIn(words.lands, { count: count.toLocaleString("en") })];
  const touches = fillIn(words.touches, { count: count.toLocaleString("en") });
  const place = tapOf(model, row, column, i, j);
  if (!place) return [head, touches];
  const value = model.value(plane, ...place);
  const product = { value: show(value), weight: operand(weight, model.decimals + 1), product: show(value * weight) };
  return [head, touches, fillIn(words.touches_now, product)];
}
