"""Makes what the search in the menu finds on the pages: their links, their controls and what can be chosen there.

    python -m assets.make_search [PAGE ...]

A few minutes on two cores; with names of pages, such as training/train, the others stay as they are. Which controls a
page has is known only when it is drawn. So every page is opened as it is, by each of its links and with each of its
choices, and what it then shows is written to assets/search/<language>.json: the links that it proposes by their labels
and queries; its bound controls by their labels, keys and the query that brings them forth; the options of its choices
by their labels, those of the choices, and queries. A query without parameters is the page as it opens.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import streamlit as st
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from explainer.words import book
from pages.menu import MENU

ROOT = Path(__file__).resolve().parents[1]
NAMES = [entry.name for section in MENU.values() for entry in section]
NUMBERS = ("slider", "number_input", "checkbox", "toggle", "text_input", "text_area")
CHOICES = ("selectbox", "radio", "select_slider", "button_group", "multiselect")
MOST_OPTIONS = 24  # of a choice: longer lists are of classes, digits and channels
RANGE = re.compile(r", 0 to [\d,]+$")
WORD = re.compile(r"[^\W\d]{2}")  # what one could type for an option: not 5 %
TIMEOUT = 120  # seconds for a page

Choice = tuple[str, str, Mapping[str, str]]  # label, key, labels of the options by their identifiers


@dataclass
class Found:
    """What one page has, in the order in which it was seen; a label stands once."""

    presets: dict[str, str] = field(default_factory=dict)
    controls: dict[str, tuple[str, str]] = field(default_factory=dict)
    options: dict[tuple[str, str], str] = field(default_factory=dict)

    def rows(self) -> dict[str, list[list[str]]]:
        """The same for JSON."""
        return {
            "presets": [[label, query] for label, query in self.presets.items()],
            "controls": [[label, *control] for label, control in self.controls.items()],
            "options": [[label, of, query] for (label, of), query in self.options.items()],
        }


def opened(name: str, query: Mapping[str, str]) -> AppTest:
    """The page by its link. Raises RuntimeError where it fails."""
    at = AppTest.from_file(str(ROOT / "pages" / "menu.py"), default_timeout=TIMEOUT)
    at._page_hash = calc_hash("" if name == NAMES[0] else name.rsplit("/", 1)[-1])
    at.query_params = dict(query)
    at.run()
    if at.exception:
        raise RuntimeError(f"{name} with {query} fails: {at.exception[0].message}")
    return at


def presets(at: AppTest) -> dict[str, str]:
    """The queries of the links that the page proposes, by their labels."""
    found = [element.proto.json for element in at.main if element.type == "bidi_component" and element.proto.json]
    data = [each for each in map(json.loads, found) if isinstance(each, dict)]
    return {link["label"]: link["query"] for each in data for link in each.get("links", ())}


def controls(at: AppTest) -> dict[str, str]:
    """The keys of the bound controls that the page shows, by their labels."""
    known = at.session_state["address.visit"].known
    widgets = [widget for kind in (*NUMBERS, *CHOICES) for widget in getattr(at, kind)]
    bound = [each for each in widgets if each.key and (each.key in known or each.proto.query_param_key == each.key)]
    found: dict[str, str] = {}
    for each in bound:
        found.setdefault(plain(each.label), each.key)
    return found


def choices(at: AppTest) -> Iterator[Choice]:
    """The choices of the page whose options have identifiers, but those among too many."""
    for kind in CHOICES:
        for widget in getattr(at, kind):
            names = getattr(widget.format_func, "__self__", {})
            if widget.key and not widget.proto.query_param_key and 1 < len(names) <= MOST_OPTIONS:
                yield plain(widget.label), widget.key, names
    if "tabs" in at.session_state:
        yield from (("", key, names) for key, names in at.session_state["tabs"])


def plain(label: str) -> str:
    """A label without Markdown's signs, and without how far its numbers go, which other choices change."""
    return RANGE.sub("", re.sub(r"[*$`]", "", label)).strip()


def look(name: str, parameters: Mapping[str, str]) -> Found:
    """Opens a page in every way that a single link or choice makes, and notes what it shows."""
    found = Found()
    waiting: list[dict[str, str]] = [{}]
    seen = set[str]()
    while waiting:
        query = waiting.pop(0)
        if (written := urlencode(query)) in seen:
            continue
        seen.add(written)
        at = opened(name, {**parameters, **query})
        for label, key in controls(at).items():
            found.controls.setdefault(label, (key, written))
        if written:
            continue  # no choices of choices: their number would have no end
        found.presets = {label: strip(link, parameters) for label, link in presets(at).items()}
        waiting += [dict(parse_qsl(link)) for link in found.presets.values()]
        for label, key, names in choices(at):
            for identifier, option in names.items():
                if WORD.search(option):
                    found.options.setdefault((plain(option), label), urlencode({key: identifier}))
                waiting.append({key: identifier})
    return found


def strip(link: str, parameters: Mapping[str, str]) -> str:
    """A link's query without the language: each language has a file of its own."""
    return urlencode([(name, value) for name, value in parse_qsl(link) if name not in parameters])


def prepare() -> None:
    """What AppTest lacks: it has no browser with cookies, and knows tabs by their labels alone."""
    ContextProxy.cookies = property(lambda _context: {})
    draw = st.tabs

    def noted(labels: Any, **options: Any) -> Any:
        if options.get("args"):
            key, _, names = options["args"]
            st.session_state["tabs"] = [*st.session_state.get("tabs", ()), (key, names)]
        return draw(labels, **options)

    st.tabs = noted


def main(wanted: Sequence[str]) -> None:
    """Writes a file for every language, or in it what is found on the pages that are ``wanted``."""
    prepare()
    folder = ROOT / "assets" / "search"
    folder.mkdir(exist_ok=True)
    for language in sorted(book.languages()):
        parameters = {} if language == book.ENGLISH else {"lang": language}
        file = folder / f"{language}.json"
        before = json.loads(file.read_text(encoding="utf-8")) if wanted else {}
        found = {name: before.get(name, {}) for name in NAMES}
        for name in wanted or NAMES:
            found[name] = look(name, parameters).rows()
            sys.stdout.write(f"{name}: {', '.join(f'{len(rows)} {kind}' for kind, rows in found[name].items())}\n")
            sys.stdout.flush()
        file.write_text(text(found), encoding="utf-8")


def text(found: Mapping[str, Mapping[str, list[list[str]]]]) -> str:
    """JSON with a line for every thing that is found, so that two changes seldom meet in one."""
    lines = ["{"]
    for name, kinds in found.items():
        lines.append(f" {json.dumps(name)}: {{")
        for kind, rows in kinds.items():
            inner = ",\n".join(f"   {json.dumps(row, ensure_ascii=False)}" for row in rows)
            lines.append(f"  {json.dumps(kind)}: [\n{inner}\n  ]," if rows else f"  {json.dumps(kind)}: [],")
        lines[-1] = lines[-1].removesuffix(",")
        lines.append(" },")
    lines[-1] = lines[-1].removesuffix(",")
    return "\n".join([*lines, "}", ""])


if __name__ == "__main__":
    main(sys.argv[1:])
