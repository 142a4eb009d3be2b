"""What a visitor takes home of a page: its pictures as files that hold their source and the address that reopens them,
all that it says as a notebook, and a sheet of paper.

The browser alone knows the address and draws the pictures: closed it costs the server nothing.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from explainer.figures import theme
from explainer.ui.components.kit import COLOURS, ELEMENTS, component, words
from explainer.ui.components.kit.server_path import server_path

KEY = "take_home"
MOST_IN_CODE = 1200  # characters of a link: a phone still reads the QR code of as many
_mount = component(__file__, ELEMENTS, COLOURS, "drawing.js", "picture.js", "light.js", "paper.js", "index.js")


def take_home(name: str, notebook: Callable[[str], str]) -> None:
    """Draws it folded away; the files are called ``name``.

    ``notebook`` makes the notebook of the page at an address; it is asked when the visitor wants it, and may raise
    ValueError for what is no address. The server must offer ``routes``.
    """
    data = {"words": words("take_home"), "name": name, "notebook": _notebook(notebook), "twins": theme.twins()}
    _mount(key=KEY, data=data, on_notebook_change=lambda: None)


def _notebook(make: Callable[[str], str]) -> dict[str, Any] | None:
    """The notebook that the visitor has just asked for, and for which click it is."""
    match st.session_state.get(KEY, {}).get("notebook"):
        case {"address": str(address), "click": int(click)}:
            return {"click": click, "text": make(address)}
    return None


def routes() -> list[Route]:
    """What the server must offer beside the pages, for ``st.App(routes=...)``: a link as a QR code, in SVG."""
    return [Route(server_path("qr.svg"), _code)]


def _code(request: Request) -> Response:
    """The code of the text "of"; without one, or with one that is too long, an error. Starlette runs it in a thread."""
    import segno  # noqa: PLC0415  only who prints needs it

    text = request.query_params.get("of", "")
    if not 0 < len(text) <= MOST_IN_CODE:
        return Response(status_code=400)
    file = io.BytesIO()
    segno.make_qr(text, error="l").save(file, kind="svg", xmldecl=False, omitsize=True)
    return Response(file.getvalue(), media_type="image/svg+xml")
