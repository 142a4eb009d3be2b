// Prints what the search finds, as JSON: node find_all.mjs INDEX QUERIES, two files.

import { readFileSync } from "node:fs";

import { inside } from "./inside.mjs";

const [index, queries] = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, "utf-8")));
const { prepare, find } = await inside("search", "prepare", "find");
const entries = prepare(index);
const shown = ({ kind, page, label }) => [kind, page, label];
console.log(JSON.stringify(Object.fromEntries(queries.map((query) => [query, find(entries, query).map(shown)]))));
