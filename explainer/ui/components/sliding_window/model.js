// What is drawn: the arrays that Python sent, and the arithmetic of a position. Nothing here draws.

const OUTSIDE = -2; // the source of a place where there is nothing, not even padding

/** The header of a block of bytes, with its arrays as typed arrays of numbers in `arrays`. */
function unpack(bytes) {
  const { buffer } = bytes.slice(); // typed arrays need a start at a multiple of eight
  const length = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  const arrays = {};
  for (const [name, { kind, shape, at }] of Object.entries(header.arrays)) {
    const size = shape.reduce((product, side) => product * side, 1);
    arrays[name] = { shape, values: numbers(kind, buffer, 4 + length + at, size) };
  }
  return { ...header, arrays };
}

function numbers(kind, buffer, at, size) {
  if (kind === "f8") return new Float64Array(buffer, at, size);
  if (kind === "f4") return new Float32Array(buffer, at, size);
  if (kind === "i4") return new Int32Array(buffer, at, size);
  const bytes = new Uint8Array(buffer, at, size);
  if (kind === "byte") return bytes;
  const shares = kind === "share" ? new Float64Array(size) : new Float32Array(size);
  for (let i = 0; i < size; i++) shares[i] = bytes[i] / 255;
  return shares;
}

/** One axis: which places of the padded input each output reads, and the other way round. */
class Axis {
  constructor(arrays, name, before, size) {
    this.source = arrays[`${name}.source`].values;
    this.ends = arrays[`${name}.ends`].values;
    this.pairs = arrays[`${name}.taps`].values;
    this.before = before;
    this.size = size; // pixels without padding
    this.padded = this.source.length;
    this.outputs = this.ends.length - 1;
    this.readers = Array.from({ length: this.padded }, () => []); // place -> [[output, kernel index]]
    this.copies = Array.from({ length: size }, () => []); // pixel -> places
    for (let output = 0; output < this.outputs; output++) {
      for (const [place, index] of this.taps(output)) this.readers[place].push([output, index]);
    }
    this.source.forEach((pixel, place) => pixel >= 0 && this.copies[pixel].push(place));
    this.read = this.copies.map((places) => places.some((place) => this.readers[place].length > 0));
  }

  /** [place, kernel index] of all that an output reads. */
  taps(output) {
    const taps = [];
    for (let i = this.ends[output]; i < this.ends[output + 1]; i++) taps.push([this.pairs[2 * i], this.pairs[2 * i + 1]]);
    return taps;
  }

  isPadding(place) {
    return place < this.before || place >= this.before + this.size;
  }

  isOutside(place) {
    return this.source[place] === OUTSIDE;
  }

  get hasPadding() {
    return this.source.some((_, place) => this.isPadding(place) && !this.isOutside(place));
  }

  /** Distinct places that meet a kernel index at some output. */
  touched(index) {
    return this.readers.flatMap((met, place) => (met.some((pair) => pair[1] === index) ? [place] : []));
  }
}

class Model {
  constructor(header) {
    Object.assign(this, header);
    const { inputs, output, kernels, divisors, partials } = header.arrays;
    [this.channels, this.height, this.width] = inputs.shape;
    [this.outRows, this.outColumns] = output.shape;
    [this.kernelRows, this.kernelColumns] = header.kernelSize;
    Object.assign(this, { inputs: inputs.values, output: output.values });
    Object.assign(this, { kernels: kernels?.values, divisors: divisors?.values, partials: partials?.values });
    this.rounding = this.inputs instanceof Float32Array ? 1e-7 : 1e-12;
    this.rows = new Axis(header.arrays, "rows", header.before[0], this.height);
    this.columns = new Axis(header.arrays, "columns", header.before[1], this.width);
    this.stamps = header.view === "stamp";
    this.steps = this.stamps ? [this.height, this.width] : [this.outRows, this.outColumns];
    this.count = this.steps[0] * this.steps[1];
    this.signal = this.rows.padded === 1 && this.outRows === 1 && this.channels === 1 && this.width > 1;
    this.still = !header.fits && !this.stamps; // impossible settings: the window stands, and nothing is computed
    this.padded = this.rows.hasPadding || this.columns.hasPadding;
    this.overhangs = this.rows.source.includes(OUTSIDE) || this.columns.source.includes(OUTSIDE);
    this.blank = this.blankOf();
    this.outScale = this.output.reduce((most, value) => (Math.abs(value) > most ? Math.abs(value) : most), 0);
  }

  /** What stands in the padding of a pooling that counts it as no number, "−∞" before a maximum; else null. */
  blankOf() {
    if (this.kernels || !this.padded) return null;
    if (this.reduction === "max") return "−∞";
    const counts = (axis) => axis.readers.some((met, place) => axis.isPadding(place) && met.length > 0);
    return counts(this.rows) || counts(this.columns) ? null : "";
  }

  /** The places, from first to last, that the window of an output covers: with them the padding that does not count. */
  spanOf(axis, output, size) {
    const taps = axis.taps(output);
    if (this.blank === null) return [taps[0][0], taps.at(-1)[0]];
    const first = taps[0][0] - taps[0][1];
    return [first, Math.min(first + size, axis.padded) - 1];
  }

  /** A value at a place of the padded input. */
  value(plane, row, column) {
    const [y, x] = [this.rows.source[row], this.columns.source[column]];
    return y < 0 || x < 0 ? 0 : this.inputs[(plane * this.height + y) * this.width + x];
  }

  weight(plane, row, column) {
    return this.kernels ? this.kernels[(plane * this.kernelRows + row) * this.kernelColumns + column] : 1;
  }

  result(row, column) {
    return clean(this.output[row * this.outColumns + column], this.outScale, this.rounding);
  }

  neverRead(row, column) {
    return !this.rows.read[row] || !this.columns.read[column];
  }

  isOutside(row, column) {
    return this.rows.isOutside(row) || this.columns.isOutside(column);
  }

  /** Whether some cell of the output is one that impossible settings cannot have. */
  get loses() {
    return this.lost.flat().some((count) => count > 0);
  }

  isLost(row, column) {
    const [[above, below], [before, after]] = this.lost;
    return row < above || row >= this.outRows - below || column < before || column >= this.outColumns - after;
  }

  /** Whether some pixel is never read. */
  get wastes() {
    if (this.still) return false;
    return this.rows.read.includes(false) || this.columns.read.includes(false);
  }

  /** All that an output cell is computed from; values and products plane by plane, row by row. */
  reading(row, column) {
    const [rows, columns] = [this.rows.taps(row), this.columns.taps(column)];
    const size = this.channels * rows.length * columns.length;
    const reading = { row, column, rows, columns, size, values: new Float64Array(size), products: new Float64Array(size) };
    reading.sums = new Float64Array(this.channels);
    let [at, magnitude] = [0, Math.abs(this.bias)];
    for (let plane = 0; plane < this.channels; plane++) {
      for (const [y, i] of rows) {
        for (const [x, j] of columns) {
          const value = (reading.values[at] = this.value(plane, y, x));
          const product = (reading.products[at++] = value * this.weight(plane, i, j));
          reading.sums[plane] += this.reduction === "l2" ? product * product : product;
          magnitude += Math.abs(product);
        }
      }
    }
    return this.reduce(reading, magnitude);
  }

  reduce(reading, magnitude) {
    if (this.reduction === "sum") reading.sums = reading.sums.map((sum) => clean(sum, magnitude, this.rounding));
    reading.sum = reading.sums.reduce((total, sum) => total + sum, 0);
    if (this.reduction === "sum") reading.sum = clean(reading.sum, magnitude, this.rounding);
    if (this.reduction === "l2") reading.sum = Math.sqrt(reading.sum);
    if (this.reduction === "max") {
      reading.best = reading.products.reduce((best, value, i, all) => (best < 0 || value > all[best] ? i : best), -1);
      reading.sum = reading.best < 0 ? 0 : reading.products[reading.best];
    }
    reading.divisor = this.divisors ? this.divisors[reading.row * this.outColumns + reading.column] : 1;
    reading.mean = reading.sum / reading.divisor;
    reading.before = clean(reading.mean + this.bias, magnitude, this.rounding); // the activation
    reading.result = clean(this.output[reading.row * this.outColumns + reading.column], magnitude / reading.divisor, this.rounding);
    return reading;
  }

  /** The stamp of a pixel: {rows, columns: [output, kernel index], products} of the cells that it lands on. */
  stamp(row, column) {
    const landed = (axis, pixel) => axis.copies[pixel].flatMap((place) => axis.readers[place]);
    const [rows, columns] = [landed(this.rows, row), landed(this.columns, column)];
    const products = new Float64Array(rows.length * columns.length);
    const values = Array.from({ length: this.channels }, (_, plane) => this.inputs[(plane * this.height + row) * this.width + column]);
    let at = 0;
    for (const [, i] of rows) {
      for (const [, j] of columns) {
        for (let plane = 0; plane < this.channels; plane++) products[at] += values[plane] * this.weight(plane, i, j);
        at++;
      }
    }
    return { row, column, values, rows, columns, products };
  }

  /** The sum of all stamps up to a position, and the bias. */
  stampsUntil(position) {
    const sums = new Float64Array(this.outRows * this.outColumns).fill(this.bias);
    for (let at = 0; at <= position; at++) this.addStamp(sums, this.stamp(Math.floor(at / this.width), at % this.width));
    return sums;
  }

  addStamp(sums, { rows, columns, products }) {
    let at = 0;
    for (const [y] of rows) for (const [x] of columns) sums[y * this.outColumns + x] += products[at++];
  }

  /** Output cells that read a place of the padded input, or all copies of a pixel: [[row, column, weight]]. */
  readersOf(plane, places) {
    const found = new Map();
    for (const [y, x] of places) {
      for (const [row, i] of this.rows.readers[y]) {
        for (const [column, j] of this.columns.readers[x]) {
          const key = row * this.outColumns + column;
          found.set(key, (found.get(key) ?? 0) + this.weight(plane, i, j));
        }
      }
    }
    return Array.from(found, ([key, weight]) => [Math.floor(key / this.outColumns), key % this.outColumns, weight]);
  }

  /** All places that show the pixel of a place of the padded input; a place of the padding stands for itself. */
  alike(row, column) {
    if (this.rows.isPadding(row) || this.columns.isPadding(column)) return [[row, column]];
    const [rows, columns] = [this.rows.copies[this.rows.source[row]], this.columns.copies[this.columns.source[column]]];
    return rows.flatMap((y) => columns.map((x) => [y, x]));
  }
}
