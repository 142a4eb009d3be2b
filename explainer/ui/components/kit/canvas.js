// Canvases that are sharp on every screen.

/** `value`, or the end of the range from `low` to `high` that it lies beyond. */
function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}

const LEAST_RATIO = 2; // on coarse screens too: what is saved of a canvas is printed

/** Fits a canvas and gives its context, cleared and scaled to CSS pixels, or to units of `zoom` of them. */
function fitCanvas(canvas, width, height, zoom = 1) {
  const ratio = Math.max(window.devicePixelRatio || 1, LEAST_RATIO);
  const size = { width: Math.round(width * zoom * ratio), height: Math.round(height * zoom * ratio) };
  if (canvas.width !== size.width || canvas.height !== size.height) Object.assign(canvas, size);
  Object.assign(canvas.style, { width: `${width * zoom}px`, height: `${height * zoom}px` });
  const context = canvas.getContext("2d");
  context.setTransform(zoom * ratio, 0, 0, zoom * ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

/** Row and column, of so many, of a picture's pixel under the pointer; the nearest one where it is beside the picture. */
function pixelAt(element, event, [rows, columns]) {
  const { left, top, width, height } = element.getBoundingClientRect();
  return [
    clamp(Math.floor(((event.clientY - top) / height) * rows), 0, rows - 1),
    clamp(Math.floor(((event.clientX - left) / width) * columns), 0, columns - 1),
  ];
}
