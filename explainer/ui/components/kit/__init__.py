"""What the browser components have in common: how one is mounted, its words, and functions for its JavaScript."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from explainer.data.assets import assets_path

_SHARED = Path(__file__).parent
ELEMENTS, CANVAS = _SHARED / "elements.js", _SHARED / "canvas.js"


def component(package: str, *scripts: str | Path, isolate_styles: bool = True) -> ComponentRenderer:
    """The function that mounts the component of a package, whose ``__file__`` is ``package``; it has the folder's name.

    The folder's index.html and style.css are taken where they are there. The ``scripts``, names in the folder or paths
    such as ELEMENTS and CANVAS, become one module in their order, so that each sees what the others declare; without
    any it is index.js.
    """
    folder = Path(package).parent
    return st.components.v2.component(
        f"explainer.{folder.name}",
        html=_text(folder / "index.html"),
        css=_text(folder / "style.css"),
        js="\n".join((folder / script).read_text(encoding="utf-8") for script in scripts or ("index.js",)),
        isolate_styles=isolate_styles,
    )


@functools.cache
def words(name: str, language: str = "en") -> dict[str, Any]:
    """What the component called ``name`` says, of assets/text/<language>: one object for all, not to be changed."""
    return tomllib.loads((assets_path() / "text" / language / f"{name}.toml").read_text(encoding="utf-8"))


def _text(file: Path) -> str | None:
    return file.read_text(encoding="utf-8") if file.exists() else None
