// What the search finds, over an index of a few pages that is written here.

import assert from "node:assert/strict";
import { test } from "node:test";

import { inside } from "./inside.mjs";

const { fold, prepare, find, marked, match } = await inside("search", "fold", "prepare", "find", "marked", "match");

const page = (name, title, also, found = []) => ({ page: name, title, about: `About ${title}.`, also, found });
const index = prepare({
  pages: [
    page("convolution", "Convolution", "stride, 1x1 convolution", [
      ["control", "Stride down", "", "", "sy"],
      ["control", "Top", "", "padding=numbers", "pt"],
      ["preset", "Along a signal", "", "input=signal", ""],
      ["option", "sobel x", "Kernel", "kernel=sobel-x", ""],
    ]),
    page("attribution", "Attribution (saliency, Grad-CAM)", "", [["option", "Grad-CAM", "Methods", "m=grad-cam", ""]]),
    page("feature_maps", "Feature maps", "receptive field"),
    page("dropout", "Dropout", "", [["control", "Forward pass", "", "", "d_pass"]]),
  ],
  terms: ["stride, pas", "receptive field, champ réceptif", "saliency, carte de saillance", "forward pass, passe avant"],
});
const names = (query) => find(index, query).map(({ page, kind, label }) => `${page} ${kind} ${label}`);

test("accents, capitals and signs do not matter, and a times sign is an x", () => {
  assert.equal(fold("  Champ RÉCEPTIF, d’Œil! "), "champ receptif d oeil");
  assert.deepEqual(["1 × 1", "1×1", "1 x 1"].map(fold), ["1x1", "1x1", "1x1"]);
});

test("a word of another language leads to the page, and to its controls after it", () => {
  assert.deepEqual(names("pas").slice(0, 2), ["convolution page Convolution", "convolution control Stride down"]);
  assert.equal(names("champ réceptif")[0], "feature_maps page Feature maps");
  assert.equal(names("CHAMP RECEPTIF")[0], "feature_maps page Feature maps");
  assert.equal(names("saillance")[0], "attribution page Attribution (saliency, Grad-CAM)");
});

test("a term that is not the title's alone does not become its own", () => {
  assert.ok(!names("saillance").some((name) => name.startsWith("convolution")));
});

test("finds while one types, and every further word narrows", () => {
  for (const typed of ["s", "st", "stri", "stride", "stride d", "stride down"]) {
    assert.ok(names(typed).includes("convolution control Stride down"), typed);
  }
  assert.deepEqual(names("stride top"), []);
  assert.deepEqual(names("down stride"), ["convolution control Stride down"]);
});

test("spaces and hyphens may be left out or put in", () => {
  for (const typed of ["gradcam", "grad cam", "grad-cam", "Grad‑CAM", "gradc"]) {
    assert.equal(names(typed)[0], "attribution page Attribution (saliency, Grad-CAM)", typed);
    assert.ok(names(typed).includes("attribution option Grad-CAM"), typed);
  }
  for (const typed of ["1x1", "1×1", "1 x 1"]) assert.equal(names(typed)[0], "convolution page Convolution", typed);
});

test("a page's title finds what is on it, after the page, and a control's label its options", () => {
  assert.deepEqual(names("convolution signal"), ["convolution preset Along a signal"]);
  assert.deepEqual(names("kernel sobel"), ["convolution option sobel x"]);
});

test("a whole word comes before one that only begins so", () => {
  assert.deepEqual([match(["pass"], "pas"), match(["pas"], "pas"), match(["compas"], "pas")], [1, 2, 0]);
  assert.deepEqual(names("pas").at(-1), "dropout control Forward pass");
});

test("nothing is found for nothing, for signs, and for what is not there", () => {
  for (const typed of ["", "   ", "?!", "zzz", "\u0301"]) assert.deepEqual(names(typed), [], typed);
});

test("of several with the same name that of the open page comes first", () => {
  const twice = prepare({ pages: ["a", "b"].map((name) => page(name, name, "", [["control", "Seed", "", "", name]])), terms: [] });
  assert.deepEqual(["a", "b"].map((here) => find(twice, "seed", here).map(({ key }) => key)), [["a", "b"], ["b", "a"]]);
});

test("what is found has what a link needs", () => {
  const { page, query, key, about } = find(index, "top")[0];
  assert.deepEqual({ page, query, key, about }, { page: "convolution", query: "padding=numbers", key: "pt", about: "Convolution" });
  assert.equal(find(index, "sobel")[0].about, "Kernel · Convolution");
});

test("the beginnings that were typed are marked, and the label stays what it is", () => {
  assert.deepEqual(marked("Stride down", "str do"), [["Str", true], ["ide", false], [" ", false], ["do", true], ["wn", false]]);
  for (const label of ["Grad-CAM", "γ and β undo it", "diagonal \\"]) {
    assert.equal(marked(label, "g u d").map(([text]) => text).join(""), label);
  }
});
