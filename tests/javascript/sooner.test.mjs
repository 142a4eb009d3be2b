// Data that come twice are drawn once, and never older ones after newer ones.

import assert from "node:assert/strict";
import { test } from "node:test";

import { inside } from "./inside.mjs";

const { Shown } = await inside("sooner", "Shown");

/** A place in the page, what was drawn in it, and Streamlit's way of bringing data. */
function place() {
  const drawn = [];
  const shown = new Shown(({ data }) => {
    drawn.push(data);
    return `end of ${JSON.stringify(data)}`;
  });
  const parentElement = {};
  return { drawn, parentElement, ahead: (data) => shown.ahead(data), brings: (data) => shown.update({ data, parentElement }) };
}

test("what came ahead is not drawn again", () => {
  const { drawn, ahead, brings } = place();
  brings({ row: 0 });
  ahead({ row: 1 });
  assert.equal(brings({ row: 1 }), 'end of {"row":1}');
  assert.deepEqual(drawn, [{ row: 0 }, { row: 1 }]);
});

test("what Streamlit brings after something newer came ahead is left out", () => {
  const { drawn, ahead, brings } = place();
  brings(0);
  ahead(1);
  ahead(2);
  brings(1);
  brings(2);
  assert.deepEqual(drawn, [0, 1, 2]);
});

test("what never came ahead is drawn, and all that comes after it", () => {
  const { drawn, ahead, brings } = place();
  brings(0);
  ahead(2); // 1 was overtaken
  brings(1);
  brings(2);
  assert.deepEqual(drawn, [0, 2, 1, 2]);
});

test("the same data are drawn anew where Streamlit brings them again, as for another theme", () => {
  const { drawn, ahead, brings } = place();
  brings(0);
  ahead(1);
  brings(1);
  brings(1);
  assert.deepEqual(drawn, [0, 1, 1]);
});

test("bytes are compared by what they hold", () => {
  const { drawn, ahead, brings } = place();
  brings(new Uint8Array([0]));
  ahead(new Uint8Array([1, 2]));
  brings(new Uint8Array([1, 2]));
  ahead(new Uint8Array([1, 3]));
  brings(new Uint8Array([1, 2]));
  assert.deepEqual(drawn.map((bytes) => bytes.join()), ["0", "1,2", "1,3", "1,2"]);
});

test("for paper the newest is drawn", () => {
  const { drawn, parentElement, ahead, brings } = place();
  brings(0);
  ahead(1);
  parentElement.redraw();
  brings(1);
  parentElement.redraw();
  assert.deepEqual(drawn, [0, 1, 1, 1]);
});
