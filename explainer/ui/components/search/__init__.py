"""The search in the menu: a field that finds pages, controls and links while one types, all of it in the browser.

What can be found is an index that the browser fetches with the first search: typing asks nothing of the server, and a
rerun of the page sends no more than where the index is.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from explainer.ui.components.kit import ELEMENTS, LINKS, component, words
from explainer.ui.components.kit.server_path import server_path
from explainer.ui.language import parameters

_mount = component(__file__, ELEMENTS, LINKS, "find.js", "going.js", "index.js")


def search(name: str, page: str) -> None:
    """Draws the field; the index is that of ``name``, and ``page`` the path of the page that is open.

    The server must offer ``routes``.
    """
    data = {"words": words("search"), "address": _path(name), "page": page, "parameters": urlencode(parameters())}
    _mount(key="search", data=data)


def routes(index: Callable[[str], bytes | None]) -> list[Route]:
    """What the server must offer beside the pages, for ``st.App(routes=...)``: the index of each name, as JSON.

    A name changes with what the index holds, so that browsers may keep it.
    """

    async def answer(request: Request) -> Response:
        body = index(request.path_params["name"])
        if body is None:
            return Response(status_code=404)
        headers = {"Cache-Control": "public, max-age=31536000, immutable"}
        return Response(body, media_type="application/json", headers=headers)

    return [Route(server_path(_path("{name}")), answer)]


def _path(name: str) -> str:
    return f"search/{name}.json"
