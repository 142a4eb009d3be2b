"""The headers of security: on every answer, of every kind, and as the server was set up."""

from __future__ import annotations

import asyncio
import base64
import hashlib

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import Route

from explainer.ui.frame import guard
from explainer.ui.frame.guard import FRAME_ANCESTORS, Guard, page_policy


def get(path: str) -> httpx.Headers:
    app = Starlette(
        routes=[
            Route("/", lambda request: HTMLResponse("<p>page</p>")),
            Route("/data", lambda request: JSONResponse({})),
        ],
        middleware=[Middleware(Guard)],
    )

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://app") as client:
            return await client.get(path)

    return asyncio.run(ask()).headers


def directives(policy: str) -> dict[str, str]:
    return dict(part.split(" ", 1) for part in policy.split("; "))


@pytest.mark.parametrize("path", ["/", "/data", "/nowhere"])
def test_every_answer_is_taken_for_what_it_says_and_tells_other_sites_nothing(path: str) -> None:
    headers = get(path)
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "content-security-policy" in headers


def test_a_page_runs_only_scripts_of_the_server_and_streamlits_own_inline_one() -> None:
    script = directives(get("/")["content-security-policy"])["script-src"]
    own = base64.b64encode(hashlib.sha256(b"\n      window.prerenderReady = false\n    ").digest()).decode()
    assert script == f"'self' blob: 'sha256-{own}'"


def test_a_page_asks_no_other_site_for_anything() -> None:
    allowed = {"'self'", "'none'", "'unsafe-inline'", "data:", "blob:"}
    sources = {source for value in directives(page_policy()).values() for source in value.split()}
    assert {source for source in sources - allowed if not source.startswith("'sha256-")} == set()


def test_what_is_no_page_runs_nothing_where_it_is_opened_on_its_own() -> None:
    assert get("/data")["content-security-policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def test_any_site_may_show_the_app_unless_the_host_names_those_that_may(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "frame-ancestors" not in directives(page_policy())
    monkeypatch.setenv(FRAME_ANCESTORS, "'self' https://moodle.example.edu")
    assert directives(page_policy())["frame-ancestors"] == "'self' https://moodle.example.edu"


@pytest.mark.parametrize(
    "given", ["", "'self'; script-src *", "a.example, b.example", "a.example\r\nset-cookie: x", "ä"]
)
def test_a_list_of_sites_that_is_none_keeps_the_server_from_starting(
    monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setenv(FRAME_ANCESTORS, given)
    with pytest.raises(ValueError, match=rf"{guard.FRAME_ANCESTORS} is .*; set it to the sites"):
        page_policy()
