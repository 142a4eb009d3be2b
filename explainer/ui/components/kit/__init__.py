"""What the browser components have in common: how one is mounted, its words, and functions for its JavaScript."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from explainer.ui.components.kit import lane, modules
from explainer.ui.language import language
from explainer.words import book

_NAMES = (
    "elements",
    "canvas",
    "colours",
    "numbers",
    "raster",
    "gallery",
    "transport",
    "links",
    "rectangles",
    "dragging",
)
ELEMENTS, CANVAS, COLOURS, NUMBERS, RASTER, GALLERY, TRANSPORT, LINKS, RECTANGLES, DRAGGING = (
    Path(__file__).parent / f"{name}.js" for name in _NAMES
)
PAINTED = (ELEMENTS, CANVAS, COLOURS, NUMBERS)  # for what shows numbers as colours
_BASE, _UNITS = (Path(__file__).parent / name for name in ("base.css", "units.js"))


def component(package: str, *scripts: str | Path, isolate_styles: bool = True) -> ComponentRenderer:
    """The function that mounts the component of a package, whose ``__file__`` is ``package``; it has the folder's name.

    The folder's index.html and style.css are taken where they are there. The ``scripts``, names in the folder or paths
    such as ELEMENTS and PAINTED, become one module in their order, so that each sees what the others declare; without
    any it is index.js. units.js precedes them. The style of all components comes first, then that of a shared script,
    of the same name. Without ``isolate_styles`` a component's style reaches all of the page, so it is its own alone.
    """
    own = scripts or ("index.js",)
    folder = Path(package).parent
    shared = [_BASE, *(script.with_suffix(".css") for script in scripts if isinstance(script, Path))]
    styles = [*(shared if isolate_styles else []), folder / "style.css"]
    javascript = "\n".join((folder / script).read_text(encoding="utf-8") for script in (_UNITS, *own))
    address = modules.offer(folder.name, javascript)
    name = f"explainer.{folder.name}"

    @functools.cache
    def mounting() -> ComponentRenderer:  # only now is it known whether the server offers the JavaScript
        return st.components.v2.component(
            name,
            html=_text([folder / "index.html"]),
            css=_text(styles),
            js=modules.javascript(address),
            isolate_styles=isolate_styles,
        )

    def mount(**arguments: Any) -> Any:
        if {"key", "data"} <= arguments.keys() and (way := lane.of_this_tab()):
            way.send(name, arguments["key"], arguments["data"])
        return mounting()(**arguments)

    return mount


def words(name: str) -> dict[str, Any]:
    """What the component called ``name`` says in the visitor's language: one object for all, not to be changed."""
    return book.words(name, language())


def _text(files: Sequence[Path]) -> str | None:
    """Those that are there, one after the other; None where there is none."""
    return "\n".join(file.read_text(encoding="utf-8") for file in files if file.exists()) or None
