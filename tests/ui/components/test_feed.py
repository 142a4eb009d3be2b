"""What is new reaches the browser by an address that only the tab knows, for as long as its session lives."""

from __future__ import annotations

import asyncio
import gc

import httpx
import pytest
from starlette.applications import Starlette

from explainer.ui.components import feed
from explainer.ui.components.feed import Feed, News

NEWS = News("running", {"curves": {"x": [0.5, 1.0]}}, some=True, going=False)


def get(path: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(Starlette(routes=feed.routes()))
        async with httpx.AsyncClient(transport=transport, base_url="http://server") as client:
            return await client.get(path)

    return asyncio.run(ask())


@pytest.fixture
def registered() -> Feed:
    made = Feed(lambda: NEWS)
    feed._feeds[made.token] = made
    return made


def test_the_news_come_as_json_and_are_never_kept(registered: Feed) -> None:
    answer = get(f"/feed/{registered.token}")
    assert answer.json() == {
        "state": "running",
        "components": {"curves": {"x": [0.5, 1.0]}},
        "some": True,
        "going": False,
        "again": 0.0,
    }
    assert answer.headers["cache-control"] == "no-store"


def test_an_address_that_was_guessed_is_not_found(registered: Feed) -> None:
    assert get(f"/feed/{registered.token[:-1]}").status_code == 404


def test_a_feed_ends_with_the_session_that_held_it() -> None:
    made = Feed(lambda: NEWS)
    feed._feeds[made.token] = made
    address = f"/feed/{made.token}"
    assert get(address).status_code == 200
    del made
    gc.collect()
    assert get(address).status_code == 404


def test_two_tabs_have_two_addresses() -> None:
    assert Feed(lambda: NEWS).token != Feed(lambda: NEWS).token
