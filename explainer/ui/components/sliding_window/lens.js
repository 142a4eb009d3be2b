// A lens beside the pointer: the numbers of cells that are too small to show their own.

const LENS_CELL = 46; // CSS pixels
const LENS_SIDE = 330; // CSS pixels of the longer side, at most
const AROUND = 2; // cells on each side of one that is looked at

class Lens {
  constructor(element) {
    this.element = element;
    [this.canvas, this.text] = element.querySelectorAll("canvas, p");
  }

  hide() {
    this.element.hidden = true;
  }

  /** The numbers under the window of an output cell. */
  showWindow(scene, plane, reading, at) {
    const { model } = scene;
    const [rows, columns] = [reading.rows, reading.columns].map((taps) => taps.map(([place]) => place));
    if (!rows.length || rows.length > 11 || columns.length > 11) return this.hide();
    const text = `= ${format(reading.result, model.decimals + 1)}`;
    this.show(scene, scene.inputs[plane], rows, columns, text, at, null);
  }

  /** A cell of a grid and those around it. */
  showAround(scene, grid, row, column, at) {
    const range = (middle, size) =>
      Array.from({ length: 2 * AROUND + 1 }, (_, i) => middle - AROUND + i).filter((i) => i >= 0 && i < size);
    const [rows, columns] = [range(row, grid.rows), range(column, grid.columns)];
    this.show(scene, grid, rows, columns, "", at, [rows.indexOf(row), columns.indexOf(column)]);
  }

  show(scene, grid, rows, columns, text, at, middle) {
    const { model, look, zoom } = scene;
    const lens = new Grid({
      name: "lens",
      rows: rows.length,
      columns: columns.length,
      at: (row, column) => grid.at(rows[row], columns[column]),
      scale: grid.scale,
      blank: grid.blank,
    });
    lens.isPadding = (row, column) => grid.isPadding(rows[row], columns[column]);
    const side = Math.min(LENS_CELL, Math.floor(LENS_SIDE / Math.max(rows.length, columns.length)));
    lens.place(1, 1, side);
    const context = fitCanvas(this.canvas, lens.width + 3, lens.height + 3, scene.zoom);
    lens.paint(context, look, Math.min(model.decimals, 2));
    if (middle) new Marks(context, { model, look }).frame(lens.rect(...middle), 3);
    setText(this.text, text);
    this.element.hidden = false;
    const { offsetWidth: width, offsetHeight: height } = this.element;
    const [x, y] = at.map((each) => each * zoom);
    const right = scene.width * zoom;
    const left = x + 24 + width <= right ? x + 24 : Math.max(x - 24 - width, 0);
    const above = y - height / 2;
    this.element.style.transform = `translate(${Math.round(left)}px, ${Math.round(Math.max(above, -20))}px)`;
  }
}
