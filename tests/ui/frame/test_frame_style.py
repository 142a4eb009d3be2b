from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import FileResponse, JSONResponse, StreamingResponse
from starlette.routing import Route

from explainer.ui.frame import frame_style
from explainer.ui.frame.frame_style import FrameStyle

CSS = (Path(frame_style.__file__).parent / "frame.css").read_text(encoding="utf-8")
PAGE = f"<html><head></head><body><p>{'text ' * 500}ä</p></body></html>"
BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
def app(tmp_path: Path) -> Starlette:
    index = tmp_path / "index.html"
    index.write_text(PAGE, encoding="utf-8")
    halves = [PAGE[:-10], PAGE[-10:]]  # the end of the body in two parts
    return Starlette(
        routes=[
            Route("/", lambda request: FileResponse(index)),
            Route("/streamed", lambda request: StreamingResponse(iter(halves), media_type="text/html")),
            Route("/data", lambda request: JSONResponse({"html": "</body>"})),
        ],
        middleware=[Middleware(FrameStyle), Middleware(GZipMiddleware, minimum_size=500)],
    )


def get(app: Starlette, path: str, headers: dict[str, str], method: str = "GET") -> httpx.Response:
    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://app") as client:
            return await client.request(method, path, headers=headers)

    return asyncio.run(ask())


@pytest.mark.parametrize("path", ["/", "/streamed"])
def test_a_page_holds_the_style_after_everything_else(app: Starlette, path: str) -> None:
    answer = get(app, path, {**BROWSER, "accept-encoding": "gzip"})
    assert answer.text == PAGE.replace("</body>", f"<style>\n{CSS}</style></body>")
    assert answer.headers["content-length"] == str(len(answer.content))


def test_a_browser_that_kept_the_page_without_it_gets_it_whole(app: Starlette) -> None:
    kept = get(app, "/", {"accept": "*/*"}).headers
    asked = {**BROWSER, "if-none-match": kept["etag"], "if-modified-since": kept["last-modified"]}
    answer = get(app, "/", asked)
    assert (answer.status_code, CSS in answer.text) == (200, True)
    assert not {"etag", "last-modified"} & set(answer.headers)


def test_everything_else_passes_unchanged(app: Starlette) -> None:
    assert get(app, "/data", BROWSER).json() == {"html": "</body>"}
    assert get(app, "/data", {"accept": "*/*"}).json() == {"html": "</body>"}
    head = get(app, "/", BROWSER, "HEAD")
    assert (head.status_code, head.content) == (200, b"")
    assert get(app, "/nowhere", BROWSER).status_code == 404
