// Finds things by words while these are typed. Nothing here touches the page.

const MOST = 24; // things that are shown
const HERE = 0.4; // what is on the page that is open comes before its like elsewhere

// What a typed word is worth by where it is found: as a whole word, and as the beginning of one.
const WORTH = { label: [8, 5], also: [6, 3], around: [2, 1] };
const BONUS = { page: 4.5, control: 1, preset: 0.5, option: 0 };

/** Text as it is compared: no accents, no capitals, no signs, single spaces, and none in 1x1. */
function fold(text) {
  const plain = text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/œ/g, "oe").replace(/×/g, "x");
  return plain.replace(/[^\p{L}\p{N}]+/gu, " ").replace(/(\d) x (?=\d)/g, "$1x").trim();
}

/** What an index holds, ready to be searched: every page, and after it what is on it. */
function prepare({ pages, terms }) {
  const groups = terms.map((group) => group.split(",").map(fold));
  return pages.flatMap((page) => [
    entry({ kind: "page", label: page.title, about: page.about }, page, page.also, page.about, groups),
    ...page.found.map(([kind, label, of, query, key]) =>
      entry({ kind, label, about: [of, page.title].filter(Boolean).join(" · "), query, key }, page, "", `${of} ${page.title}`, groups),
    ),
  ]);
}

function entry(shown, page, also, around, groups) {
  const own = ` ${fold(shown.label)} ${fold(also)} `;
  const same = groups.filter((group) => group.some((term) => own.includes(` ${term} `)));
  return {
    query: "",
    ...shown,
    page: page.page,
    words: { label: words(fold(shown.label)), also: words(`${fold(also)} ${same.flat().join(" ")}`), around: words(fold(around)) },
  };
}

const words = (text) => text.split(" ").filter(Boolean);

/** The entries that have all words of a query, or words that begin so, the best first; `here` is the open page. */
function find(entries, query, here = null) {
  const typed = words(fold(query));
  if (!typed.length) return [];
  const rated = entries.map((each, place) => ({ each, place, worth: worth(each, typed, here) })).filter(({ worth }) => worth);
  rated.sort((a, b) => b.worth - a.worth || a.each.words.label.length - b.each.words.label.length || a.place - b.place);
  return rated.slice(0, MOST).map(({ each }) => each);
}

function worth(entry, typed, here) {
  const found = typed.map((word) => best(entry.words, word));
  if (found.some((each) => !each)) return 0;
  const isAll = entry.words.label.join("") === typed.join("") ? 1 : 0;
  return found.reduce((sum, each) => sum + each, 0) / typed.length + BONUS[entry.kind] + isAll + (entry.page === here ? HERE : 0);
}

function best(places, typed) {
  return Math.max(...Object.entries(WORTH).map(([name, [whole, begun]]) => [0, begun, whole][match(places[name], typed)]));
}

/** 2 where some words, one after the other, are what was typed, spaces left out; 1 where they begin so; else 0. */
function match(there, typed) {
  let found = 0;
  for (let first = 0; first < there.length; first++) {
    let run = "";
    for (let next = first; next < there.length && run.length < typed.length; next++) run += there[next];
    if (run === typed) return 2;
    if (run.startsWith(typed)) found = 1;
  }
  return found;
}

/** A label in parts, [text, whether it was typed]. */
function marked(label, query) {
  const typed = words(fold(query));
  return label.split(/([\p{L}\p{N}]+)/u).flatMap((part) => {
    const length = Math.max(0, ...typed.filter((word) => fold(part).startsWith(word)).map((word) => word.length));
    return [[part.slice(0, length), true], [part.slice(length), false]].filter(([text]) => text);
  });
}
