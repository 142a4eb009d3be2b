from __future__ import annotations

import asyncio
import re

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import Route

from explainer.ui.visitor import COOKIE, VisitorCookie


def get(path: str, cookie: str | None = None) -> httpx.Response:
    app = Starlette(
        routes=[
            Route("/", lambda request: HTMLResponse("<p>page</p>")),
            Route("/data", lambda request: JSONResponse({})),
        ],
        middleware=[Middleware(VisitorCookie)],
    )

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://app") as client:
            return await client.get(path, headers={"cookie": cookie} if cookie else {})

    return asyncio.run(ask())


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
