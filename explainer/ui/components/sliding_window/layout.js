// Where the grids stand: beside each other on a wide page, below each other on a phone and for signals.

const NARROW = 600; // CSS pixels of width below which input and output stand below each other
const TITLE = 30; // CSS pixels above a grid
const PLANE_TITLE = 25; // CSS pixels of the same above one of several planes
const SIGN = 52; // CSS pixels for a sign between two grids
const LARGEST = 58; // CSS pixels of a cell, at most
const READABLE = 40; // CSS pixels of a cell whose number is read from afar
const NUMBERED = 28; // CSS pixels of a cell that holds a number with a sign and a decimal
const GAP = 28; // CSS pixels for a sign on a narrow page
const NOTED = 46; // CSS pixels of the same where a bias, or what else leads to the output, stands below the sign
const NARROW_TALL = 285; // CSS pixels of height of a grid on a narrow page, at most
const SEEN = 12; // CSS pixels of a kernel's cell, below which it is drawn larger than the input's
const NARROW_KERNEL = 0.22; // of a narrow page's width, for such a kernel
const BARS = 118; // CSS pixels of height of a signal

/** Places all grids for a width; gives {height, signs: [[text, x, y, has notes]], mode}. */
function arrange(scene, width, height) {
  if (scene.model.signal) return arrangeSignal(scene, width);
  if (width < NARROW) return arrangeNarrow(scene, width);
  return scene.model.channels > 1 ? arrangePlanes(scene, width, height) : arrangeWide(scene, width, height);
}

/** Whole pixels for cells that are seen. */
function whole(cell) {
  return cell >= 3 ? Math.floor(cell) : Math.max(cell, 0.05);
}

/** The side of a kernel's cells: readable ones where there is room. */
function kernelCell(kernel, cell, width, height) {
  const room = Math.min(width / kernel.columns, height / kernel.rows);
  return whole(Math.max(Math.min(cell, room), Math.min(READABLE, room)));
}

/** The side of an output's cells: the input's, but readable where the output is small and the input's are not. */
function outputCell(output, cell, width, height) {
  const room = Math.min(width / output.columns, height / output.rows);
  return whole(cell < 24 && room >= READABLE ? READABLE : Math.min(cell, room));
}

function arrangeWide({ inputs: [input], kernels: [kernel], output }, width, height) {
  const room = height - TITLE;
  let middle = SIGN + 12; // "→" of pooling
  let kernelSide = 0;
  if (kernel) {
    kernelSide = kernelCell(kernel, Math.min(LARGEST, room / input.rows), 0.24 * width, 0.75 * room);
    middle = 2 * SIGN + kernelSide * kernel.columns;
  }
  const rows = Math.max(input.rows, output.rows);
  const cell = whole(Math.min(LARGEST, room / rows, (width - middle) / (input.columns + output.columns)));
  if (kernel && kernelSide > cell && cell >= 24) {
    kernelSide = cell;
    middle = 2 * SIGN + kernelSide * kernel.columns;
  }
  const outSide = outputCell(output, cell, width - middle - input.columns * cell, room);
  const used = Math.max(input.rows * cell, output.rows * outSide, kernel ? kernel.rows * kernelSide : 0);
  const left = Math.max((width - middle - input.columns * cell - output.columns * outSide) / 2, 0);
  const top = (side, grid) => Math.round(TITLE + (used - side * grid.rows) / 2);
  const center = TITLE + used / 2;
  input.place(Math.floor(left), top(cell, input), cell);
  const signs = [];
  let x = input.x + input.width;
  if (kernel) {
    kernel.place(x + SIGN, top(kernelSide, kernel), kernelSide);
    signs.push(["∗", x + SIGN / 2, center], ["=", kernel.x + kernel.width + SIGN / 2, center, true]);
  } else signs.push(["→", x + middle / 2, center, true]);
  x += middle;
  output.place(x, top(outSide, output), outSide);
  return { height: TITLE + used + 6, signs, mode: "wide" };
}

/** The sides of the cells of partial maps and of the output: numbered ones where they fit, the output's the largest. */
function mapCells({ partials, output }, cell, room, height) {
  const numbered = whole(Math.min(NUMBERED, height / output.rows));
  const least = partials.length ? (numbered * output.columns <= 0.4 * room ? Math.max(cell, numbered) : cell) : 0;
  const most = (room - least * output.columns) / output.columns;
  const outSide = whole(Math.max(Math.min(LARGEST, most, (2 * height) / output.rows), Math.min(cell, most)));
  if (!partials.length) return [0, outSide];
  const spare = room / output.columns - outSide;
  return [whole(Math.max(Math.min(READABLE, 0.8 * outSide, spare, height / output.rows), Math.min(cell, spare))), outSide];
}

/** A row a plane: input, kernel and what it alone adds; all rows lead to the output, the largest of all. */
function arrangePlanes({ inputs, kernels, partials, output }, width, height) {
  const rows = Math.max(inputs[0].rows, output.rows);
  const room = height / inputs.length - PLANE_TITLE;
  const maps = 1 + Number(partials.length > 0);
  let kernelSide = kernels.length ? kernelCell(kernels[0], Math.min(READABLE, room / rows), 0.16 * width, room) : 0;
  const kernelWidth = kernels.length ? SIGN + kernelSide * kernels[0].columns : 0;
  const signs = [];
  const free = width - kernelWidth - SIGN * (1 + maps);
  // The output's cells are a third larger than the input's, also where the width is what all of them share.
  const cell = whole(Math.min(LARGEST, room / rows, free / (inputs[0].columns + (maps + 1 / 3) * output.columns)));
  if (cell >= 24) kernelSide = Math.min(kernelSide, cell);
  const used = Math.max(rows * cell, kernels.length ? kernels[0].rows * kernelSide : 0);
  const all = inputs.length * (used + PLANE_TITLE);
  const mapRoom = width - kernelWidth - SIGN * (1 + maps) - cell * inputs[0].columns;
  const [partialSide, outSide] = mapCells({ partials, output }, cell, mapRoom, used);
  const left = Math.max(Math.floor((mapRoom - (partialSide + outSide) * output.columns) / 2), 0);
  const end = placePlanes({ inputs, kernels, partials }, { left, used, cell, kernelSide, partialSide }, signs);
  const middle = all / 2;
  output.place(end + 2 * SIGN, Math.round(Math.max(middle - (outSide * output.rows) / 2, PLANE_TITLE)), outSide);
  signs.push(["Σ", end + 1.35 * SIGN, middle + PLANE_TITLE / 4, true]);
  return { height: all + 6, signs, mode: "planes", bracket: [end + 12, PLANE_TITLE, all] };
}

/** Places the rows of planes, with the signs between their grids; gives the right end of the rows. */
function placePlanes({ inputs, kernels, partials }, { left, used, cell, kernelSide, partialSide }, signs) {
  let end = left;
  inputs.forEach((input, i) => {
    const center = i * (used + PLANE_TITLE) + PLANE_TITLE + used / 2;
    const put = (grid, x, side) => {
      grid.place(x, Math.round(center - (side * grid.rows) / 2), side);
      end = x + grid.width;
    };
    put(input, left, cell);
    if (kernels.length) {
      signs.push(["∗", end + SIGN / 2, center]);
      put(kernels[i], end + SIGN, kernelSide);
    }
    if (partials.length) {
      signs.push([kernels.length ? "=" : "→", end + SIGN / 2, center]);
      put(partials[i], end + SIGN, partialSide);
    }
  });
  return end;
}

function arrangeNarrow(scene, width) {
  if (scene.inputs.length > 1) return arrangeNarrowPlanes(scene, width);
  const { inputs: [input], kernels: [kernel], output } = scene;
  const ways = kernel ? [[[input], [kernel, output]], [[input, kernel], [output]]] : [[[input], [output]]];
  const gap = scene.notes.length ? NOTED : GAP;
  const smallest = (rows) => Math.min(...rows.map((row) => narrowCell(row, kernel, width, gap)));
  const rows = ways.reduce((best, way) => (smallest(way) > smallest(best) ? way : best));
  const signs = [];
  let y = TITLE;
  rows.forEach((row, i) => {
    const side = (grid) => (grid === kernel ? narrowKernel(kernel, width) : narrowCell(row, kernel, width, gap));
    const tall = Math.max(...row.map((grid) => side(grid) * grid.rows));
    const used = row.reduce((sum, grid) => sum + side(grid) * grid.columns, 0) + GAP * (row.length - 1 + i) + (row.includes(output) ? gap - GAP : 0);
    let x = Math.max(Math.floor((width - used) / 2), 0);
    row.forEach((grid, j) => {
      if (i || j) {
        const room = grid === output ? gap : GAP;
        signs.push([grid === kernel ? "∗" : kernel ? "=" : "→", x + (i && !j ? 0.36 : 0.5) * room, y + tall / 2, grid === output]);
        x += room;
      }
      grid.place(x, Math.round(y + (tall - side(grid) * grid.rows) / 2), side(grid));
      x += grid.width;
    });
    y += tall + TITLE + 4;
  });
  return { height: y - TITLE + 2, signs, mode: "narrow" };
}

function narrowKernel(kernel, width) {
  return whole(Math.min(READABLE, (0.34 * width) / kernel.columns));
}

/** The side of the cells of the one grid of a row that is no kernel. */
function narrowCell(row, kernel, width, gap) {
  const beside = row.includes(kernel) ? narrowKernel(kernel, width) * kernel.columns + GAP : 0;
  const grid = row.find((each) => each !== kernel);
  return whole(Math.min(46, (width - beside - gap) / grid.columns, NARROW_TALL / grid.rows));
}

function arrangeNarrowPlanes({ inputs, kernels, partials, output }, width) {
  const grids = [inputs[0], kernels[0], partials[0]].filter(Boolean);
  const sum = grids.reduce((total, grid) => total + grid.columns, 0);
  const room = width - GAP * (grids.length - 1);
  const even = whole(Math.min(READABLE, room / sum));
  // Beside a picture's cells a kernel's would be too small to see, and its title too long.
  const isSmall = kernels.length && even < SEEN;
  const kernelSide = isSmall ? Math.max(even, whole(Math.min(READABLE, (NARROW_KERNEL * width) / kernels[0].columns))) : even;
  const kernelColumns = kernels.length ? kernels[0].columns : 0;
  const cell = Math.min(even, whole((room - kernelSide * kernelColumns) / (sum - kernelColumns)));
  const side = (grid) => (kernels.includes(grid) ? kernelSide : cell);
  const signs = [];
  let y = TITLE;
  inputs.forEach((input, i) => {
    const row = [input, kernels[i], partials[i]].filter(Boolean);
    const tall = Math.max(...row.map((grid) => grid.rows * side(grid)));
    let x = 0;
    row.forEach((grid, j) => {
      grid.place(x, Math.round(y + (tall - grid.rows * side(grid)) / 2), side(grid));
      x += grid.width + GAP;
      if (j < row.length - 1) signs.push([j === 0 && kernels.length ? "∗" : "=", x - GAP / 2, y + tall / 2]);
    });
    y += tall + TITLE;
  });
  const last = whole(Math.min(READABLE, (width - NOTED) / output.columns, NARROW_TALL / output.rows));
  output.place(Math.max(Math.floor((width - last * output.columns) / 2), NOTED), y, last);
  signs.push(["Σ", output.x - NOTED / 2, y + output.height / 2 - GAP / 2, true]);
  return { height: y + output.height + 6, signs, mode: "narrow" };
}

/** Input, kernel and output of a signal below each other, so that times stand in columns. */
function arrangeSignal({ inputs: [input], kernels: [kernel], output }, width) {
  const longest = Math.max(input.columns, output.columns);
  const cell = Math.min(LARGEST, width / longest);
  const side = cell >= 8 ? Math.floor(cell) : cell;
  const left = Math.max(Math.floor((width - longest * side) / 2), 0);
  let y = TITLE;
  input.place(left, y, side, BARS);
  y += BARS + TITLE;
  if (kernel) {
    kernel.place(left, y, Math.max(side, Math.min(READABLE, Math.floor(width / kernel.columns))));
    y += kernel.height + TITLE;
  }
  const shift = Math.max(Math.round(((input.columns - output.columns) * side) / 2), 0);
  output.place(left + shift, y, side, BARS);
  return { height: y + BARS + 6, signs: [], mode: "signal", floating: kernel };
}
