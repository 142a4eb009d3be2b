// The arithmetic of one map: what meets at a place, and what becomes of it.

const NOTHING = -1; // a tap in the padding

class Computation {
  constructor(data) {
    Object.assign(this, data);
    const { arrays } = data;
    this.sources = data.sources.map((source, i) => ({
      ...source,
      values: arrays[`source${i}`],
      weights: arrays[`kernel${i}`],
      partial: arrays[`partial${i}`],
    }));
    this.steps = data.steps.map((step, i) => ({ ...step, values: arrays[`step${i}`] }));
    this.rest = arrays.rest;
    this.rowTaps = arrays.rowTaps;
    this.columnTaps = arrays.columnTaps;
    this.isUnits = this.core === "weighted sum" && this.sources.every(({ size }) => size[0] * size[1] === 1);
  }

  /** The rows that an output row reads, with the kernel's rows that meet them: [[row or NOTHING, kernel row], ...]. */
  rows(row) {
    return tapsOf(this.rowTaps, this.taps[0], row);
  }

  columns(column) {
    return tapsOf(this.columnTaps, this.taps[1], column);
  }

  /** What meets in one source at a place: [{row, column, value, weight}, ...], in the padding with the value 0. */
  meets(source, row, column) {
    const across = this.columns(column);
    return this.rows(row).flatMap(([y, i]) =>
      across.map(([x, j]) => {
        const inside = y !== NOTHING && x !== NOTHING;
        const weight = source.weights ? source.weights[i * source.kernel[1] + j] : 1;
        return { row: y, column: x, inside, value: inside ? source.values[y * source.size[1] + x] : 0, weight };
      }),
    );
  }

  /** First and last row, and column, of a source that are read at a place. */
  window(row, column) {
    if (!this.rowTaps) return null;
    const ends = (taps) => {
      const met = taps.map(([place]) => place).filter((place) => place !== NOTHING);
      return met.length ? [Math.min(...met), Math.max(...met)] : null;
    };
    const [down, across] = [ends(this.rows(row)), ends(this.columns(column))];
    return down && across && { down, across };
  }

  at(values, row, column) {
    return values[row * this.size[1] + column];
  }
}

function tapsOf(taps, count, at) {
  return Array.from({ length: count }, (_, i) => [taps[at * count + i], i]);
}
