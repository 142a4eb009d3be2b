"""What the browser is told that a page of this app may load, run and be part of."""

from __future__ import annotations

import base64
import hashlib
import os
import re
from pathlib import Path

import streamlit as st
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FRAME_ANCESTORS = "EXPLAINER_FRAME_ANCESTORS"

_INDEX = Path(st.__file__).parent / "static" / "index.html"
_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_ANCESTORS = re.compile(r"[!-+\--:<-~]+( [!-+\--:<-~]+)*")  # in ASCII, without comma and semicolon

_EVERYWHERE = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),  # an address holds a visitor's settings, which other sites need not know
]
# A picture or a download that somebody opens on its own runs nothing; pictures may have styles (SVG).
_ALONE = b"default-src 'none'; style-src 'unsafe-inline'; sandbox"


def page_policy() -> str:
    """The Content-Security-Policy of the pages.

    Raises ValueError where EXPLAINER_FRAME_ANCESTORS is no list of sources.
    """
    scripts = " ".join(f"'sha256-{_hash(text)}'" for text in _INLINE.findall(_INDEX.read_text(encoding="utf-8")))
    directives = {
        "default-src": "'none'",
        # Streamlit's one inline script, by its hash; it hands the scripts of browser components over as blobs.
        "script-src": f"'self' blob: {scripts}",
        # Streamlit, plotly.js and the browser components put their styles into the page as they draw.
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",  # canvases, and pictures within the data of components
        "font-src": "'self' data:",
        "connect-src": "'self' data:",  # Streamlit's camera reads the picture that it took from a data URL
        "media-src": "'self' blob:",
        "manifest-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    if (ancestors := _frame_ancestors()) != "*":
        directives["frame-ancestors"] = ancestors
    return "; ".join(f"{name} {value}" for name, value in directives.items())


class Guard:
    """ASGI middleware that adds the headers of security to every answer.

    Raises ValueError, which keeps the server from starting, where EXPLAINER_FRAME_ANCESTORS is no list of sources.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._of_a_page = [*_EVERYWHERE, (b"content-security-policy", page_policy().encode("ascii"))]
        self._of_the_rest = [*_EVERYWHERE, (b"content-security-policy", _ALONE)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, and the answer back with the headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message["headers"]
                is_page = any(name == b"content-type" and value.startswith(b"text/html") for name, value in headers)
                message["headers"] = [*headers, *(self._of_a_page if is_page else self._of_the_rest)]
            await send(message)

        await self._app(scope, receive, send_guarded)


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def _frame_ancestors() -> str:
    given = os.environ.get(FRAME_ANCESTORS, "*").strip()
    if not _ANCESTORS.fullmatch(given):
        raise ValueError(
            f"{FRAME_ANCESTORS} is {given!r}; set it to the sites whose pages may show the app, divided by spaces, "
            "such as 'self' https://moodle.example.edu, to 'none', or to * for all."
        )
    return given
