"""The components' JavaScript as files of the server, which browsers keep.

Streamlit sends a component's JavaScript with each of its updates, up to 110 kB with every move of a slider. Where the
server offers ``routes``, it sends a few lines that import the file; a script that runs without them, as a test's may,
sends it all.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from explainer.ui.components.kit.server_path import server_path

_FOLDER = "modules"
_LOADING, _TWICE = ((Path(__file__).parent / name).read_text(encoding="utf-8") for name in ("loading.js", "sooner.js"))
_offered: dict[str, str] = {}  # JavaScript by its address
_is_served = False


def offer(name: str, javascript: str) -> str:
    """The address of the component ``name``'s JavaScript: another one when it holds something else."""
    address = f"{_FOLDER}/{hashlib.sha256(javascript.encode()).hexdigest()[:16]}/{name}.js"
    _offered[address] = javascript
    return address


_SOONER = offer("sooner", _TWICE)


def offered() -> dict[str, str]:
    """The JavaScript of all components whose packages are imported, by its address."""
    return dict(_offered)


def javascript(address: str) -> str:
    """What a browser runs for the JavaScript at ``address``: what fetches it where it is served, else all of it."""
    if not _is_served:
        return _offered[address]
    return _LOADING.replace("ADDRESS", address).replace("SOONER", _SOONER)


def routes() -> list[Route]:
    """What the server must offer beside the pages, for ``st.App(routes=...)``."""
    global _is_served  # noqa: PLW0603  one server a process
    _is_served = True

    async def answer(request: Request) -> Response:
        text = _offered.get(f"{_FOLDER}/{request.path_params['address']}")
        if text is None:
            return Response(status_code=404)
        headers = {"Cache-Control": "public, max-age=31536000, immutable"}
        return Response(text, media_type="text/javascript", headers=headers)

    return [Route(server_path(_FOLDER + "/{address:path}"), answer)]
