// The colour bars of maps of attributions.

import assert from "node:assert/strict";
import { test } from "node:test";

import { inside } from "./inside.mjs";

const { endsOf } = await inside("attribution_map", "endsOf");

test("a colour bar says where values lie beyond its ends", () => {
  assert.deepEqual(endsOf({ limit: 2, most: 5, signed: false }), ["0", "≥ 2"]);
  assert.deepEqual(endsOf({ limit: 2, most: 5, signed: true }), ["≤ −2", "≥ 2"]);
  assert.deepEqual(endsOf({ limit: 2, most: 2, signed: true }), ["−2", "2"]);
});
