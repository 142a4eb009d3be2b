// What a tab says of a server that does not know what it had.

import assert from "node:assert/strict";
import test from "node:test";

import { inside } from "./inside.mjs";

test("only another server that knows less has lost something", async () => {
  const { lost } = await inside("reconnecting", "lost");
  const counted = (server, runs, searches) => ({ server, counts: { runs, searches } });
  const before = counted("a", 3, 1);
  assert.deepEqual(lost(null, counted("b", 0, 0)), {}); // a new tab
  assert.deepEqual(lost(before, counted("a", 0, 0)), {}); // what made room
  assert.deepEqual(lost(before, counted("b", 0, 0)), { runs: 3, searches: 1 });
  assert.deepEqual(lost(before, counted("b", 5, 0)), { searches: 1 });
  assert.deepEqual(lost(before, counted("b", 5, 1)), {});
});
