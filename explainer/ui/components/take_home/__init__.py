"""What a visitor takes home of a page: its pictures as files that hold their source and the address that reopens them,
and all that it says as a notebook.

The browser alone knows the address and draws the pictures: closed it costs the server nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from explainer.ui.components.kit import ELEMENTS, component, words

KEY = "take_home"
_mount = component(__file__, ELEMENTS, "drawing.js", "picture.js", "index.js")


def take_home(name: str, notebook: Callable[[str], str]) -> None:
    """Draws it folded away; the files are called ``name``.

    ``notebook`` makes the notebook of the page at an address; it is asked when the visitor wants it, and may raise
    ValueError for what is no address.
    """
    data = {"words": words("take_home"), "name": name, "notebook": _notebook(notebook)}
    _mount(key=KEY, data=data, on_notebook_change=lambda: None)


def _notebook(make: Callable[[str], str]) -> dict[str, Any] | None:
    """The notebook that the visitor has just asked for, and for which click it is."""
    match st.session_state.get(KEY, {}).get("notebook"):
        case {"address": str(address), "click": int(click)}:
            return {"click": click, "text": make(address)}
    return None
