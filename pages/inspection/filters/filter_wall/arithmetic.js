// What a kernel does: its spectrum, and its answer to a picture. Computed here, so that pointing asks no server.

/** Magnitudes (size x size) of the Fourier transform of `planes` kernels of height x width, frequency 0 in the middle. */
function spectrumOf(weights, planes, height, width, size) {
  const power = new Float64Array(size * size);
  const half = size / 2;
  const turn = (steps) => [Math.cos((-2 * Math.PI * steps) / size), Math.sin((-2 * Math.PI * steps) / size)];
  for (let plane = 0; plane < planes; plane++) {
    const rows = []; // of each row its transform: [real, imaginary] by frequency
    for (let row = 0; row < height; row++) {
      const start = (plane * height + row) * width;
      rows.push(Array.from({ length: size }, (_, f) => sumTurned(width, (i) => [weights[start + i], 0], f - half, turn)));
    }
    for (let down = 0; down < size; down++) {
      for (let across = 0; across < size; across++) {
        const [real, imaginary] = sumTurned(height, (i) => rows[i][across], down - half, turn);
        power[down * size + across] += real * real + imaginary * imaginary;
      }
    }
  }
  return power.map(Math.sqrt);
}

function sumTurned(length, valueAt, frequency, turn) {
  let [real, imaginary] = [0, 0];
  for (let i = 0; i < length; i++) {
    const [value, other] = valueAt(i);
    const [cosine, sine] = turn(i * frequency);
    real += value * cosine - other * sine;
    imaginary += value * sine + other * cosine;
  }
  return [real, imaginary];
}

/** The map of one filter: its bias and weights (planes x height x width) at every place of `input`, zeros around it.
 *
 * `input` has {values, height, width}; the filter reads its planes from `first` on.
 */
function answerOf(weights, [planes, height, width], bias, input, first, { stride, padding, dilation, size }) {
  const [rows, columns] = size;
  const values = new Float64Array(rows * columns).fill(bias);
  for (let plane = 0; plane < planes; plane++) {
    const base = (first + plane) * input.height * input.width;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const weight = weights[(plane * height + y) * width + x];
        addShifted(values, weight, input, base, [y, x], { stride, padding, dilation, size });
      }
    }
  }
  return values;
}

/** Adds one weight's products at all places. */
function addShifted(values, weight, input, base, [y, x], { stride, padding, dilation, size }) {
  const [top, left] = [y * dilation[0] - padding[0], x * dilation[1] - padding[1]];
  for (let row = 0; row < size[0]; row++) {
    const from = row * stride[0] + top;
    if (from < 0 || from >= input.height) continue;
    const line = base + from * input.width;
    for (let column = 0; column < size[1]; column++) {
      const across = column * stride[1] + left;
      if (across >= 0 && across < input.width) values[row * size[1] + column] += weight * input.values[line + across];
    }
  }
}

/** Index of the value with the largest magnitude. */
function strongest(values) {
  return values.reduce((best, value, i) => (Math.abs(value) > Math.abs(values[best]) ? i : best), 0);
}
