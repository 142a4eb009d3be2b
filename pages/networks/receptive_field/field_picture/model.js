// Who reads whom in a stack of layers, along one axis. Layer 0 is the input; a unit below 0, or behind the last, is
// padding.

class Model {
  constructor({ size, rungs, layer, unit }) {
    this.rungs = [null, ...rungs]; // by the number of the layer
    this.sizes = [size, ...rungs.map((rung) => rung.size)];
    this.last = rungs.length;
    this.chosen = { layer, unit };
    this.fields = [{ size: 1, jump: 1, first: 0 }];
    for (const rung of rungs) {
      const { size: wide, jump, first } = this.fields.at(-1);
      const extent = (rung.kernel - 1) * rung.dilation;
      this.fields.push({ size: wide + extent * jump, jump: jump * rung.stride, first: first - rung.padding * jump });
    }
  }

  /** The middle of a unit's field, in pixels of the input, of which the first has its middle at 0. */
  middle(layer, unit) {
    const { size, jump, first } = this.fields[layer];
    return first + (size - 1) / 2 + unit * jump;
  }

  /** The unit of a layer whose field has its middle nearest to a place. */
  nearest(layer, place) {
    const unit = Math.round((place - this.middle(layer, 0)) / this.fields[layer].jump);
    return clamp(unit, 0, this.sizes[layer] - 1);
  }

  /** First and last pixel of a unit's field; they may lie in the padding. */
  field(layer, unit) {
    const { size, jump, first } = this.fields[layer];
    return [first + unit * jump, first + unit * jump + size - 1];
  }

  isUnit(layer, unit) {
    return unit >= 0 && unit < this.sizes[layer];
  }

  /** What a unit reads of the layer below, padding included. */
  taps(layer, unit) {
    const { kernel, stride, padding, dilation } = this.rungs[layer];
    return Array.from({ length: kernel }, (_, i) => unit * stride - padding + i * dilation);
  }

  /** For every layer up to `layer` the set of what the unit reads, padding included; itself the last. */
  down(layer, unit) {
    const read = [new Set([unit])];
    for (let at = layer; at > 0; at--) {
      const below = new Set();
      for (const each of read[0]) if (this.isUnit(at, each)) for (const tap of this.taps(at, each)) below.add(tap);
      read.unshift(below);
    }
    return read;
  }

  /** For every layer from `layer` on the set of the units that read the unit; itself the first. */
  up(layer, unit) {
    const readers = [new Set([unit])];
    for (let at = layer + 1; at <= this.last; at++) {
      const { kernel, stride, padding, dilation } = this.rungs[at];
      const above = new Set();
      for (const each of readers.at(-1)) {
        for (let i = 0; i < kernel; i++) {
          const reader = (each + padding - i * dilation) / stride;
          if (Number.isInteger(reader) && this.isUnit(at, reader)) above.add(reader);
        }
      }
      readers.push(above);
    }
    return readers;
  }

  /** Units of padding before and behind a layer, which the one above it reads. */
  padding(layer) {
    const above = this.rungs[layer + 1];
    return above ? [above.padding, above.after] : [0, 0];
  }

  /** From the first to the last pixel of all there is, padding included. */
  extent() {
    let [low, high] = [0, this.sizes[0] - 1];
    for (let layer = 0; layer <= this.last; layer++) {
      const [before, after] = this.padding(layer);
      low = Math.min(low, this.middle(layer, -before));
      high = Math.max(high, this.middle(layer, this.sizes[layer] - 1 + after));
    }
    return [low, high];
  }

  /** What is drawn of `extent` where there is room for `most` pixels: all, or what lies around the chosen unit's field. */
  shown(most) {
    const [low, high] = this.extent();
    if (high - low + 1 <= most) return [low, high];
    const [first, last] = this.field(this.chosen.layer, this.chosen.unit);
    const jump = this.fields[this.chosen.layer].jump;
    const wide = Math.max(last - first + 1 + 4 * jump, Math.min(most, high - low + 1));
    const from = clamp((first + last - wide) / 2, low - 0.5, Math.max(high - wide + 0.5, low - 0.5));
    return [Math.max(from, low), Math.min(from + wide, high)];
  }
}
