"""What a visitor must know where the app is shown within a page of another site and the browser keeps no cookie."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path

import streamlit as st

from explainer.data.assets import assets_path

_FOLDER = Path(__file__).parent
_mount = st.components.v2.component(
    "explainer.embedded",
    html='<p class="embedded" role="note" hidden></p>',
    css=(_FOLDER / "style.css").read_text(encoding="utf-8"),
    js=(_FOLDER / "index.js").read_text(encoding="utf-8"),
)


def warn_that_nothing_is_kept() -> None:
    """Says within a frame that a reload loses the runs, and leads to a tab of its own."""
    _mount(key="embedded", data=_words("en"))


@functools.cache
def _words(language: str) -> dict[str, str]:
    path = assets_path() / "text" / language / "embedded.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))
