"""The open page as a notebook: its words, its settings, its formulas, and the code that computes what it shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any, NamedTuple
from urllib.parse import quote

import streamlit as st

from explainer.ui.frame import menu, search_index
from explainer.ui.frame.told import Kind, Note
from explainer.ui.language import language, say

_SAFE = "%/:?#[]@!$&'*+,;=~"  # of an address, within a link of Markdown; no parentheses
# A script may be told by its arguments where the digits lie; a notebook has those of its kernel.
_NO_ARGUMENTS = 'import sys\n\nsys.argv = ["notebook"]'


class Setting(NamedTuple):
    """A control of the page: what the visitor reads of it, and of its present value."""

    label: str
    value: str


def notebook(notes: Sequence[Note], settings: Sequence[Setting], address: str) -> str:
    """The notebook, as the text of an .ipynb file, of what the page at ``address`` says."""
    nbformat: Any = import_module("nbformat")  # it takes a tenth of a second, few ask for it, and it has no types
    cells = [_cell(nbformat.v4, each, number) for number, each in enumerate(_cells(notes, settings, address))]
    made = nbformat.v4.new_notebook(cells=cells)
    made.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.validate(made)
    text: str = nbformat.writes(made)
    return text


def _cell(v4: Any, of: Note, number: int) -> Any:
    make = v4.new_code_cell if of.kind == "code" else v4.new_markdown_cell
    return make(of.text, id=f"cell-{number}")


def _cells(notes: Sequence[Note], settings: Sequence[Setting], address: str) -> Iterator[Note]:
    """Cells of code, and of Markdown between them."""
    link = say("frame.notebook.link")
    link = f"[{link}]({_link(address)})"
    heading = [f"# {title}" for title in _texts(notes, "title")]
    yield Note("prose", "\n\n".join([*heading, *_texts(notes, "question"), link]))
    if settings:
        yield Note("prose", _table(settings))
    codes = _texts(notes, "code")
    if any("sys.argv" in code for code in codes):
        yield Note("code", _NO_ARGUMENTS)
    if any('"assets/' in code for code in codes):
        yield Note("prose", say("frame.notebook.folder"))
    yield from _computed(notes)
    yield from (each for each in notes if each.kind == "prose")
    if sources := _texts(notes, "source"):
        yield Note("prose", "\n".join([f"## {say('frame.sources')}\n", *(f"- {each}" for each in sources)]))


def _texts(notes: Sequence[Note], kind: Kind) -> list[str]:
    return [each.text for each in notes if each.kind == kind]


def _computed(notes: Sequence[Note]) -> Iterator[Note]:
    """What the page computed, each time before the code that computes it."""
    for each in notes:
        if each.kind == "notice":
            yield Note("prose", each.text)
        elif each.kind == "formula":
            yield Note("prose", f"$$\n{each.text}\n$$")
        elif each.kind == "code":
            yield each


def _link(address: str) -> str:
    """Raises ValueError for what is no address of a page."""
    if not address.startswith(("http://", "https://")):
        raise ValueError(f"no address of a page: {address[:100]!r}")
    return quote(address, safe=_SAFE)


def _table(settings: Sequence[Setting]) -> str:
    rows = [f"| {_in_table(label)} | {_in_table(value)} |" for label, value in settings]
    setting, value = say("frame.notebook.setting"), say("frame.notebook.value")
    return "\n".join([f"| {setting} | {value} |", "|---|---|", *rows])


def _in_table(text: str) -> str:
    return "; ".join(text.split("\n")).replace("|", r"\|")


def settings() -> list[Setting]:
    """The controls of the open page that hold a value, as the visitor reads them, in their order."""
    found = search_index.on_pages(language()).get(menu.current() or "", [])
    options = {query: label for kind, label, _, query, _ in found if kind == "option"}
    controls = {key: label for kind, label, _, _, key in found if kind == "control"}
    held = {key: st.session_state[key] for key in controls if key in st.session_state}
    return [Setting(controls[key], _read(key, value, options)) for key, value in held.items() if value is not None]


def _read(key: str, value: object, options: dict[str, str]) -> str:
    if isinstance(value, bool):
        return say("frame.notebook.on") if value else say("frame.notebook.off")
    if isinstance(value, (list, tuple)):
        return ", ".join(_read(key, each, options) for each in value)
    if isinstance(value, float):
        return f"{value:g}"
    return options.get(f"{key}={value}", str(value))
