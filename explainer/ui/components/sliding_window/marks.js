// What moves: the window, the cell it makes, and what a visitor points at. All of it on one canvas above the grids.

const SMALLEST = 12; // CSS pixels of a frame, at least: the window on a photograph is smaller than that
const CORNERED = 44; // CSS pixels of a cell with room for a small text below its number

class Marks {
  constructor(context, scene) {
    Object.assign(this, { context, scene, model: scene.model, look: scene.look });
  }

  clear() {
    this.context.clearRect(0, 0, this.scene.width, this.scene.height);
  }

  /** The window on the input, and its output cell. `glide` 0..1 is the way to the next column. */
  gather(row, column, glide = 0) {
    const { scene, model } = this;
    const next = glide && column + 1 < model.outColumns ? column + 1 : column;
    const share = next === column ? 0 : glide;
    const cell = moved(scene.output.rect(row, column), scene.output.rect(row, next), share);
    for (const [plane, input] of scene.inputs.entries()) {
      const frame = moved(this.windowRect(input, row, column), this.windowRect(input, row, next), share);
      if (!frame) continue;
      if (model.still) {
        this.taps(input, row, column, next, share);
        this.frame(frame, 3, this.scattered());
        continue;
      }
      this.link(frame, input, scene.partials[plane] ?? scene.output, row, column, cell);
      this.taps(input, row, column, next, share);
      if (!this.scattered()) this.frame(frame, 3);
    }
    this.float(moved(this.windowRect(scene.inputs[0], row, column), this.windowRect(scene.inputs[0], row, next), share));
    for (const kernel of scene.kernels) this.frame([kernel.x, kernel.y, kernel.width, kernel.height], 2);
    for (const partial of scene.partials) {
      this.frame(moved(partial.rect(row, column), partial.rect(row, next), share), 3);
    }
    if (!model.still) this.frame(cell, 3);
  }

  /** The kernel of a signal hangs below its window, or stays where it was. */
  float(frame) {
    const { scene, context } = this;
    const kernel = scene.floating;
    if (!kernel) return;
    if (frame) kernel.x = clamp(frame[0] + (frame[2] - kernel.width) / 2, 0, Math.max(scene.width - kernel.width, 0));
    scene.paintGrid(context, kernel);
  }

  /** Whether the window leaves cells out, so that its cells are framed one by one. */
  scattered() {
    const gaps = (axis) => {
      for (let output = 0; output < axis.outputs; output++) {
        const taps = axis.taps(output);
        if (taps.length > 1) return taps.some(([place], i) => i > 0 && place !== taps[i - 1][0] + 1);
      }
      return false;
    };
    return (this.gaps ??= gaps(this.model.rows) || gaps(this.model.columns));
  }

  windowRect(input, row, column) {
    const { rows, columns, kernelRows, kernelColumns } = this.model;
    if (!rows.taps(row).length || !columns.taps(column).length) return null;
    const [top, bottom] = this.model.spanOf(rows, row, kernelRows);
    const [left, right] = this.model.spanOf(columns, column, kernelColumns);
    return input.rect(top, left, bottom - top + 1, right - left + 1);
  }

  taps(input, row, column, next, share) {
    const { context, look, model } = this;
    const [rows, columns, ahead] = [model.rows.taps(row), model.columns.taps(column), model.columns.taps(next)];
    if (rows.length * columns.length > 400) return;
    const scattered = this.scattered() && input.cell >= 5;
    const weightAt = (i, j) => format(model.weight(input.plane, i, j), Math.min(model.decimals, 2));
    for (const [y, i] of rows) {
      for (const [n, [x, j]] of columns.entries()) {
        const rect = moved(input.rect(y, x), input.rect(y, ahead[n]?.[0] ?? x), share);
        context.fillStyle = look.accent;
        context.globalAlpha = 0.13;
        context.fillRect(...rect);
        context.globalAlpha = 1;
        if (scattered) this.frame(rect, input.cell >= 20 ? 3 : 2);
        if (model.kernels && input.cell >= CORNERED && !input.bars) this.corner(rect, `×${weightAt(i, j)}`);
      }
    }
  }

  /** A small text in the lower right corner of a cell, below the cell's own number. */
  corner([x, y, width, height], text) {
    const { context, look } = this;
    context.font = `650 14px ${look.family}`;
    context.textAlign = "right";
    context.textBaseline = "alphabetic";
    const room = context.measureText(text).width;
    if (room > width - 6) return;
    const tall = 15;
    context.fillStyle = look.page;
    context.globalAlpha = 0.85;
    context.fillRect(x + width - room - 5, y + height - tall - 1, room + 4, tall);
    context.globalAlpha = 1;
    context.fillStyle = look.accent;
    context.fillText(text, x + width - 3, y + height - 3);
  }

  /** Thin lines that lead the eye from the window over the kernel to the cell that they make. */
  link(frame, input, target, row, column, cell) {
    if (this.scene.mode !== "wide" && this.scene.mode !== "planes") return;
    const kernel = this.scene.kernels[input.plane];
    const end = target === this.scene.output ? cell : target.rect(row, column);
    if (kernel) {
      const middle = [kernel.x, kernel.y, kernel.width, kernel.height];
      this.beam(frame, middle, input.x + input.width, kernel.x);
      this.beam(middle, end, kernel.x + kernel.width, target.x);
    } else this.beam(frame, end, input.x + input.width, target.x);
  }

  /** Lines from the right corners of a rectangle to the left corners of another; between their grids they are filled. */
  beam([x, y, width, height], [toX, toY, , toHeight], from, to) {
    const { context, look, scene } = this;
    context.beginPath();
    context.moveTo(x + width, y);
    context.lineTo(toX, toY);
    context.lineTo(toX, toY + toHeight);
    context.lineTo(x + width, y + height);
    context.closePath();
    context.fillStyle = context.strokeStyle = look.accent;
    context.lineWidth = 1;
    context.globalAlpha = 0.25;
    context.stroke();
    context.save();
    context.clip();
    context.globalAlpha = 0.12;
    context.fillRect(from, 0, to - from, scene.height);
    context.restore();
    context.globalAlpha = 1;
  }

  /** A frame in the accent with a rim of the page's colour, so that it shows on every cell. */
  frame(rect, width, dashed = false) {
    if (!rect) return;
    const { context, look } = this;
    const [x, y, w, h] = atLeast(rect, SMALLEST);
    context.lineJoin = "round";
    context.strokeStyle = look.page;
    context.lineWidth = width + 2.5;
    context.strokeRect(x, y, w, h);
    context.strokeStyle = look.accent;
    context.lineWidth = width;
    if (dashed) context.setLineDash([4, 3]);
    context.strokeRect(x, y, w, h);
    context.setLineDash([]);
  }

  tint(grid, row, column, alpha = 0.35) {
    const { context, look } = this;
    context.fillStyle = look.accent;
    context.globalAlpha = alpha;
    context.fillRect(...grid.rect(row, column));
    context.globalAlpha = 1;
  }

  /** Fades the output cells, and those of the partial maps, that come after a position. */
  veil(row, column) {
    const { context, look, scene } = this;
    context.fillStyle = look.page;
    context.globalAlpha = 0.78;
    for (const grid of [...scene.partials, scene.output]) {
      if (column + 1 < grid.columns) context.fillRect(...grid.rect(row, column + 1, 1, grid.columns - column - 1));
      if (row + 1 < grid.rows) context.fillRect(...grid.rect(row + 1, 0, grid.rows - row - 1, grid.columns));
    }
    context.globalAlpha = 1;
  }

  /** A pixel of the input, and its stamp on the output. */
  stamp(row, column) {
    const { scene, model } = this;
    const stamp = model.stamp(row, column);
    const { rows, columns } = stamp;
    for (const [plane, input] of scene.inputs.entries()) {
      const pixel = input.rect(row + model.rows.before, column + model.columns.before);
      const kernel = scene.kernels[plane];
      if (rows.length && columns.length) {
        const end = scene.output.rect(rows[0][0], columns[0][0], rows.at(-1)[0] - rows[0][0] + 1, 1);
        this.link(pixel, input, scene.output, 0, 0, end);
      }
      this.frame(pixel, 3);
      this.frame([kernel.x, kernel.y, kernel.width, kernel.height], 2);
    }
    this.stampCells(stamp);
  }

  stampCells({ rows, columns, products }) {
    const { scene, model, context } = this;
    const { output } = scene;
    let at = 0;
    for (const [y] of rows) {
      for (const [x] of columns) {
        const rect = output.rect(y, x);
        const product = products[at++];
        this.tint(output, y, x, 0.1);
        if (output.cell >= CORNERED) this.corner(rect, `${product < 0 ? "" : "+"}${format(product, Math.min(model.decimals, 2))}`);
        if (output.cell >= 5) this.frame(rect, this.stamped(rows, columns) ? 2 : 3);
      }
    }
    context.globalAlpha = 1;
    if (rows.length && columns.length && this.stamped(rows, columns)) {
      const [top, left] = [rows[0][0], columns[0][0]];
      this.frame(output.rect(top, left, rows.at(-1)[0] - top + 1, columns.at(-1)[0] - left + 1), 3);
    }
  }

  /** Whether a stamp's cells lie side by side. */
  stamped(rows, columns) {
    return [rows, columns].every((cells) => cells.every(([at], i) => i === 0 || at === cells[i - 1][0] + 1));
  }
}

/** The rectangle on the way from one to another. */
function moved(from, to, share) {
  if (!from || !to) return from;
  return from.map((value, i) => value + share * (to[i] - value));
}

function atLeast([x, y, width, height], side) {
  const [w, h] = [Math.max(width, side), Math.max(height, side)];
  return [x - (w - width) / 2, y - (h - height) / 2, w, h];
}
