from __future__ import annotations

import asyncio
import re

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from explainer.ui.frame.visitor import COOKIE, VisitorCookie


def get(path: str, cookie: str | None = None, scheme: str = "http", **headers: str) -> httpx.Response:
    app = Starlette(
        routes=[
            Route("/", lambda request: HTMLResponse("<p>page</p>")),
            Route("/data", lambda request: JSONResponse({})),
            Route("/health", _with_cookie_of_streamlit),
        ],
        middleware=[Middleware(VisitorCookie)],
    )

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=f"{scheme}://app") as client:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            return await client.get(path, headers=sent | ({"cookie": cookie} if cookie else {}))

    return asyncio.run(ask())


def _with_cookie_of_streamlit(request: Request) -> Response:
    return Response(headers={"set-cookie": "_streamlit_xsrf=2|a|b|3; Path=/; SameSite=Lax"})


def test_a_browser_without_a_token_gets_a_random_one_that_scripts_cannot_read() -> None:
    cookies = [get("/").headers["set-cookie"] for _ in range(2)]
    pattern = rf"{COOKIE}=[A-Za-z0-9_-]{{22}}; Path=/; HttpOnly; SameSite=Lax"
    assert all(re.fullmatch(pattern, cookie) for cookie in cookies)
    assert cookies[0] != cookies[1]


def test_a_browser_with_a_token_keeps_it() -> None:
    assert "set-cookie" not in get("/", f"other=1; {COOKIE}={'a' * 22}").headers


@pytest.mark.parametrize("bad", [f"{COOKIE}=short", f"{COOKIE}=" + "a" * 500, "a,b;=;\x7f", f'{COOKIE}="<script>"'])
def test_a_token_that_is_none_is_replaced(bad: str) -> None:
    assert COOKIE in get("/", bad).headers["set-cookie"]


def test_only_pages_set_the_cookie() -> None:
    assert "set-cookie" not in get("/data").headers


EMBEDDED = "; SameSite=None; Secure; Partitioned"


@pytest.mark.parametrize(
    ("scheme", "headers"),
    [("https", {}), ("http", {"x_forwarded_proto": "https"}), ("http", {"x_forwarded_proto": "HTTPS, http"})],
)
def test_over_https_cookies_are_kept_within_a_page_of_another_site(scheme: str, headers: dict[str, str]) -> None:
    mine = get("/", scheme=scheme, **headers).headers["set-cookie"]
    assert re.fullmatch(rf"{COOKIE}=[A-Za-z0-9_-]{{22}}; Path=/; HttpOnly{EMBEDDED}", mine)
    streamlits = get("/health", scheme=scheme, **headers).headers["set-cookie"]
    assert streamlits == f"_streamlit_xsrf=2|a|b|3; Path=/{EMBEDDED}"


def test_over_http_cookies_stay_as_they_are_since_no_browser_would_keep_secure_ones() -> None:
    for headers in ({}, {"x_forwarded_proto": "http"}, {"x_forwarded_proto": "http, https"}):
        assert get("/health", **headers).headers["set-cookie"] == "_streamlit_xsrf=2|a|b|3; Path=/; SameSite=Lax"
        assert "Secure" not in get("/", **headers).headers["set-cookie"]


def test_a_hundred_browsers_are_a_hundred_visitors_whatever_their_address() -> None:
    assert len({get("/").headers["set-cookie"] for _ in range(100)}) == 100
