// All grids of a window on one canvas: what does not change while the window moves.

class Scene {
  constructor(model, look) {
    Object.assign(this, { model, look, sums: null });
    const planes = Array.from({ length: model.channels }, (_, plane) => plane);
    const { labels, words } = model;
    const [input, kernel, output] = labels ?? [words.input, words.kernel, words.output];
    const names = planes.map((plane) => model.planes[plane] ?? fillIn(words.plane, { number: plane + 1 }));
    this.names = names;
    this.titles = { input, kernel, output };
    const several = model.channels > 1;
    this.inputs = planes.map((plane) => this.inputGrid(plane, several ? names[plane] : input));
    this.kernels = model.kernels ? planes.map((plane) => this.kernelGrid(plane, plane ? "" : kernel)) : [];
    this.partials = model.partials && several ? planes.map((plane) => this.partialGrid(plane, names[plane])) : [];
    this.output = this.outputGrid(output);
    this.grids = [...this.inputs, ...this.kernels, ...this.partials, this.output];
  }

  sizeText(rows, columns) {
    return fillIn(this.model.words.size, { rows, columns });
  }

  /** What else leads to the output, written below the last sign: the kind of pooling, a division, bias, activation. */
  get notes() {
    const { words, kernels, divisors, reduction, bias, activation, decimals } = this.model;
    const notes = [];
    if (!kernels) notes.push(words[reduction === "sum" && divisors ? "note_mean" : `note_${reduction}`]);
    else if (divisors?.every((each) => each === divisors[0])) notes.push(`÷ ${format(divisors[0], decimals)}`);
    if (bias) notes.push(`${bias < 0 ? "−" : "+"} ${format(Math.abs(bias), decimals)}`);
    if (activation === "relu") notes.push(words.relu);
    return notes;
  }

  inputGrid(plane, title) {
    const { model } = this;
    const grid = new Grid({
      name: "input",
      plane,
      rows: model.rows.padded,
      columns: model.columns.padded,
      at: (row, column) => model.value(plane, row, column),
      scale: new Scale(model.inputScale, model.inputRange, plane, this.look),
      before: [model.rows.before, model.columns.before],
      size: [model.height, model.width],
      unread: model.wastes ? (row, column) => model.neverRead(row, column) : null,
      blank: model.blank,
      outside: model.overhangs ? (row, column) => model.isOutside(row, column) : null,
    });
    return Object.assign(grid, { title, detail: this.sizeText(model.height, model.width) });
  }

  kernelGrid(plane, title) {
    const { model } = this;
    const most = model.kernels.reduce((largest, weight) => Math.max(largest, Math.abs(weight)), 0) || 1;
    const grid = new Grid({
      name: "kernel",
      plane,
      rows: model.kernelRows,
      columns: model.kernelColumns,
      at: (row, column) => model.weight(plane, row, column),
      scale: new Scale("diverging", [-most, most], 0, this.look),
    });
    return Object.assign(grid, { title, detail: title && this.sizeText(model.kernelRows, model.kernelColumns) });
  }

  partialGrid(plane, name) {
    const { model } = this;
    const most = model.partials.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) || 1;
    const start = plane * model.outRows * model.outColumns;
    const grid = new Grid({
      name: "partial",
      plane,
      rows: model.outRows,
      columns: model.outColumns,
      at: (row, column) => clean(model.partials[start + row * model.outColumns + column], most, model.rounding),
      scale: new Scale("diverging", [-most, most], 0, this.look),
    });
    return Object.assign(grid, { title: fillIn(model.words.partial, { plane: name }) });
  }

  outputGrid(title) {
    const { model } = this;
    const shown = (sum) => clean(model.activation === "relu" ? Math.max(sum, 0) : sum, model.outScale, model.rounding);
    const grid = new Grid({
      name: "output",
      rows: model.outRows,
      columns: model.outColumns,
      at: (row, column) =>
        this.sums ? shown(this.sums[row * model.outColumns + column]) : model.result(row, column),
      scale: new Scale(model.outputScale, model.outputRange, 0, this.look),
      outside: model.still ? () => true : null,
      lost: model.loses ? (row, column) => model.isLost(row, column) : null,
    });
    const detail = model.still ? model.words.none : this.sizeText(model.outRows, model.outColumns);
    return Object.assign(grid, { title, detail });
  }

  /** Places the grids for a width, in units of `zoom` CSS pixels; gives the height of the stage in such units. */
  layout(width, zoom) {
    Object.assign(this, arrange(this, width, this.model.drawing));
    Object.assign(this, { width, zoom });
    return this.height;
  }

  gridAt(x, y) {
    for (const grid of this.grids) {
      const cell = grid.hit(x, y);
      if (cell) return { grid, row: cell[0], column: cell[1] };
    }
    return null;
  }

  paint(context) {
    context.clearRect(0, 0, this.width, this.height);
    for (const grid of this.grids) if (grid !== this.floating) this.paintGrid(context, grid);
    const { look } = this;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillStyle = look.quiet;
    for (const [text, x, y, noted] of this.signs) {
      context.font = `${text === "∗" ? 38 : 32}px ${look.family}`;
      context.fillText(text, x, y + (text === "∗" ? 5 : 0));
      context.font = `650 14px ${look.family}`;
      if (noted) for (const [i, note] of this.notes.entries()) context.fillText(note, x, y + 30 + 19 * i);
    }
    if (this.bracket) this.paintBracket(context, ...this.bracket);
  }

  paintGrid(context, grid) {
    grid.paint(context, this.look, this.model.decimals);
    this.paintTitle(context, grid);
  }

  /** Joins the rows of planes to the output. */
  paintBracket(context, x, top, bottom) {
    context.strokeStyle = this.look.quiet;
    context.lineWidth = 2;
    context.beginPath();
    context.moveTo(x, top);
    context.quadraticCurveTo(x + 14, top, x + 14, top + 14);
    context.lineTo(x + 14, bottom - 14);
    context.quadraticCurveTo(x + 14, bottom, x, bottom);
    context.stroke();
  }

  paintTitle(context, grid) {
    const { look } = this;
    const [bold, plain] = [`650 16px ${look.family}`, `15px ${look.family}`];
    context.font = bold;
    const first = context.measureText(grid.title).width;
    context.font = plain;
    const second = grid.detail ? context.measureText(` ${grid.detail}`).width + 3 : 0;
    const middle = grid.x + grid.width / 2;
    const start = this.model.still && grid === this.output ? grid.x : middle - (first + second) / 2;
    const x = clamp(start, 0, Math.max(this.width - first - second, 0));
    context.textAlign = "left";
    context.textBaseline = "alphabetic";
    context.fillStyle = look.text;
    context.font = bold;
    context.fillText(grid.title, x, grid.y - 10);
    context.fillStyle = look.quiet;
    context.font = plain;
    if (grid.detail) context.fillText(` ${grid.detail}`, x + first + 3, grid.y - 10);
  }

  /** Paints all stamps up to a position into the output, or, at null, the whole output. */
  sumUp(context, position) {
    const { model, output } = this;
    if (!model.stamps || position === this.summed) return;
    const ahead = position !== null && this.sums ? position - this.summed : 0;
    const from = this.summed;
    this.summed = position;
    if (ahead <= 0) this.sums = position === null ? null : model.stampsUntil(position);
    for (let at = from + 1; ahead > 0 && at <= position; at++) this.addStamp(context, at, ahead <= 4);
    if (ahead > 0 && ahead <= 4) return;
    context.clearRect(output.x, output.y, output.width, output.height);
    output.paint(context, this.look, model.decimals);
  }

  addStamp(context, position, visibly) {
    const { model, output } = this;
    const stamp = model.stamp(Math.floor(position / model.width), position % model.width);
    model.addStamp(this.sums, stamp);
    if (!visibly) return;
    for (const [row] of stamp.rows) for (const [column] of stamp.columns) output.repaint(context, this.look, row, column);
  }

  summed = null;
}
