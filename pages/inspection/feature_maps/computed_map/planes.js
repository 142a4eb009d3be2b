// One picture of numbers with a mark on it.

class Plane {
  constructor(parent, values, [height, width], { limit, shades, side, isKernel = false, photo = null }) {
    this.size = [height, width];
    const scale = side / Math.max(height, width);
    this.shown = [Math.max(4, height * scale), Math.max(4, width * scale)];
    this.element = append(parent, "div", isKernel ? "plane kernel" : "plane");
    Object.assign(this.element.style, { width: units(this.shown[1]), height: units(this.shown[0]) });
    this.base = append(this.element, "canvas");
    this.top = append(this.element, "canvas");
    sizeTo(this.base, width, height);
    if (photo) paintPhoto(this.base, photo.pixels, width, height, photo.channels);
    else paintNumbers(this.base.getContext("2d"), values, width, height, limit, shades);
  }

  /** Frames the rows and columns from the first to the last. */
  frame({ down, across }, color, least = 4) {
    const context = fitCanvas(this.top, this.shown[1], this.shown[0], zoomOf());
    const [y, x] = [this.shown[0] / this.size[0], this.shown[1] / this.size[1]];
    const box = [across[0] * x, down[0] * y, (across[1] - across[0] + 1) * x, (down[1] - down[0] + 1) * y];
    Object.assign(context, { strokeStyle: color, lineWidth: 2 });
    const grow = Math.max(0, (least - Math.min(box[2], box[3])) / 2); // a small unit can still be seen
    context.strokeRect(box[0] - grow + 1, box[1] - grow + 1, Math.max(2, box[2] + 2 * grow - 2), Math.max(2, box[3] + 2 * grow - 2));
  }

  clear() {
    fitCanvas(this.top, this.shown[1], this.shown[0], zoomOf());
  }

  /** Row and column under the pointer. */
  placeOf(event) {
    return pixelAt(this.element, event, this.size);
  }
}

/** Lays what really moves the unit over a picture of what the network was shown. */
function paintEffective(canvas, strengths, side, color) {
  Object.assign(canvas, { width: side, height: side });
  const context = canvas.getContext("2d");
  const image = context.createImageData(side, side);
  const [red, green, blue] = channelsOf(color);
  strengths.forEach((strength, i) => image.data.set([red, green, blue, Math.round(255 * Math.sqrt(strength / 255))], 4 * i));
  context.putImageData(image, 0, 0);
}
