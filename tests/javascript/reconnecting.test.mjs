// What a tab says of a server that does not know its runs.

import assert from "node:assert/strict";
import test from "node:test";

import { inside } from "./inside.mjs";

test("only another server that knows fewer runs has lost some", async () => {
  const { lost } = await inside("reconnecting", "lost");
  const [before, same, another] = [{ server: "a", runs: 3 }, { server: "a", runs: 0 }, { server: "b", runs: 0 }];
  assert.equal(lost(null, another), 0); // a new tab
  assert.equal(lost(before, same), 0); // runs that made room
  assert.equal(lost(before, another), 3);
  assert.equal(lost(before, { ...another, runs: 5 }), 0);
});
