// What is painted on a canvas, pixel by pixel.

import assert from "node:assert/strict";
import { test } from "node:test";

import { inside } from "./inside.mjs";

const { sizeTo, paintPixels, paintPhoto } = await inside("network_map", "sizeTo", "paintPixels", "paintPhoto");

/** A canvas that remembers how often it was sized, which clears it, and what was put on it: [bytes, x, y]. */
function canvasOf() {
  const [put, sized, size] = [[], [], {}];
  const context = {
    createImageData: (width, height) => ({ data: new Uint8ClampedArray(4 * width * height) }),
    putImageData: ({ data }, x, y) => put.push([[...data], x, y]),
  };
  return {
    put, sized, context,
    getContext: () => context,
    get width() { return size.width; },
    set width(pixels) { sized.push((size.width = pixels)); },
    get height() { return size.height; },
    set height(pixels) { sized.push((size.height = pixels)); },
  };
}

test("a canvas is sized only where its size is another one", () => {
  const canvas = canvasOf();
  sizeTo(canvas, 3, 2);
  assert.deepEqual(canvas.sized, [3, 2]);
  sizeTo(canvas, 3, 2);
  assert.equal(canvas.sized.length, 2);
  sizeTo(canvas, 3, 4);
  assert.deepEqual([canvas.width, canvas.height], [3, 4]);
});

test("pixels are painted row by row, below what is there", () => {
  const { context, put } = canvasOf();
  paintPixels(context, 1, 2, (i) => [0xff030201, 0x80000000][i], 5);
  assert.deepEqual(put, [[[1, 2, 3, 255, 0, 0, 0, 128], 0, 5]]);
});

test("a photograph has three channels, or is grey", () => {
  const colored = canvasOf();
  assert.equal(paintPhoto(colored, Uint8Array.of(255, 128, 0, 1, 2, 3), 2, 1, 3), colored);
  assert.deepEqual(colored.put, [[[255, 128, 0, 255, 1, 2, 3, 255], 0, 0]]);
  const grey = canvasOf();
  paintPhoto(grey, Uint8Array.of(7, 255), 1, 2, 1);
  assert.deepEqual(grey.put, [[[7, 7, 7, 255, 255, 255, 255, 255], 0, 0]]);
  assert.deepEqual([grey.width, grey.height], [1, 2]);
});
