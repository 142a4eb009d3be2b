// Pictures on canvases, one canvas pixel for each of their own. A pixel's colour is 0xAABBGGRR.

/** Gives a canvas so many pixels; where it has them, it keeps what is drawn. */
function sizeTo(canvas, width, height) {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
}

/** Paints a picture from the left edge on, and from `top` down; `colorAt` gives the colour of a pixel by its number, row by row. */
function paintPixels(context, width, height, colorAt, top = 0) {
  const image = context.createImageData(width, height);
  const out = new Uint32Array(image.data.buffer); // little-endian, as are all machines that browsers run on
  for (let i = 0; i < out.length; i++) out[i] = colorAt(i);
  context.putImageData(image, 0, top);
}

/** Makes a canvas a photograph: `bytes` of red, green and blue where there are three `channels`, else of grey. */
function paintPhoto(canvas, bytes, width, height, channels) {
  sizeTo(canvas, width, height);
  const step = channels === 3 ? 1 : 0; // from red to green to blue
  const colorAt = (i) => {
    const at = channels * i;
    return (255 << 24) | (bytes[at + 2 * step] << 16) | (bytes[at + step] << 8) | bytes[at];
  };
  paintPixels(canvas.getContext("2d"), width, height, colorAt);
  return canvas;
}
