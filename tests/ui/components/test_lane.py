"""What comes ahead of the page: to the tab that knows the token alone, and of each component the newest."""

from __future__ import annotations

import asyncio
import gc
import json
from collections.abc import MutableMapping
from typing import Any

import pytest
from starlette.applications import Starlette

from explainer.ui.components import ahead
from explainer.ui.components.kit import lane
from explainer.ui.components.kit.lane import MOST, Inbox, Lane


def read(message: bytes) -> tuple[dict[str, str], bytes]:
    """The header and the data of a message."""
    end = 4 + int.from_bytes(message[:4], "little")
    return json.loads(message[4:end]), message[end:]


@pytest.fixture
def opened() -> Lane:
    """The lane of a session, whose page shows one component."""
    made = Lane()
    lane._lanes[made.token] = made
    made.shown.add("window")
    return made


def arriving(way: Lane, *sent: tuple[str, Any]) -> list[bytes]:
    """What a tab that listens has got after the data of these keys were sent."""

    async def listen() -> list[bytes]:
        inbox = way.listen()
        for key, data in sent:
            way.send("explainer.picture", key, data)
        try:
            return await asyncio.wait_for(inbox.take(), 0.2)
        except TimeoutError:
            return []

    return asyncio.run(listen())


def test_data_arrive_with_the_name_and_the_key_of_their_component(opened: Lane) -> None:
    ((header, body),) = map(read, arriving(opened, ("window", {"row": 3, "text": "é"})))
    assert header == {"name": "explainer.picture", "key": "window", "kind": "json"}
    assert json.loads(body) == {"row": 3, "text": "é"}


def test_bytes_arrive_as_they_are(opened: Lane) -> None:
    ((header, body),) = map(read, arriving(opened, ("window", b"\0\xff{")))
    assert header["kind"] == "bytes"
    assert body == b"\0\xff{"


def test_only_the_newest_of_a_component_arrives(opened: Lane) -> None:
    opened.shown.add("map")
    messages = arriving(opened, ("window", 1), ("map", 2), ("window", 3))
    assert {read(message)[0]["key"]: read(message)[1] for message in messages} == {"window": b"3", "map": b"2"}
    assert len(messages) == 2


def test_what_the_browser_does_not_show_yet_comes_with_the_page_alone(opened: Lane) -> None:
    messages = arriving(opened, ("map", 1), ("map", 2))
    assert [read(message)[1] for message in messages] == [b"2"]


def test_what_is_large_is_not_sent_twice(opened: Lane) -> None:
    assert not arriving(opened, ("window", bytes(MOST)))
    assert arriving(opened, ("window", bytes(MOST - 1000)))


def test_nothing_is_kept_for_a_tab_that_does_not_listen(opened: Lane) -> None:
    opened.send("explainer.picture", "window", 1)
    assert not arriving(opened)


def test_another_tab_takes_over_and_the_first_ones_end_does_not_end_it(opened: Lane) -> None:
    async def listen() -> list[bytes]:
        first, second = opened.listen(), opened.listen()
        opened.leave(first)
        opened.send("explainer.picture", "window", 7)
        return await asyncio.wait_for(second.take(), 5)

    assert [read(message)[1] for message in asyncio.run(listen())] == [b"7"]


def test_data_that_come_from_another_thread_wake_the_inbox() -> None:
    async def listen() -> list[bytes]:
        inbox = Inbox()
        await asyncio.to_thread(inbox.put, "window", b"here")
        return await asyncio.wait_for(inbox.take(), 5)

    assert asyncio.run(listen()) == [b"here"]


class Tab:
    """A tab's connection to the server, by what both of them say."""

    def __init__(self, token: str) -> None:
        self.says: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.hears: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
        scope = {"type": "websocket", "path": f"/ahead/{token}", "headers": [], "query_string": b"", "root_path": ""}
        server = Starlette(routes=ahead.routes())
        self.served = asyncio.create_task(server(scope, self.says.get, self.hears.put))
        self.says.put_nowait({"type": "websocket.connect"})

    async def hear(self) -> MutableMapping[str, Any]:
        return await asyncio.wait_for(self.hears.get(), 5)

    async def close(self) -> None:
        self.says.put_nowait({"type": "websocket.disconnect", "code": 1001})
        await asyncio.wait_for(self.served, 5)


def test_the_server_hands_on_what_the_script_sends_until_the_tab_is_closed(opened: Lane) -> None:
    async def watch() -> list[bytes]:
        tab = Tab(opened.token)
        assert (await tab.hear())["type"] == "websocket.accept"
        heard = []
        for data in (1, 2):
            opened.send("explainer.picture", "window", data)
            heard.append((await tab.hear())["bytes"])
        await tab.close()
        opened.send("explainer.picture", "window", 3)
        assert tab.hears.empty()
        return heard

    assert [read(message)[1] for message in asyncio.run(watch())] == [b"1", b"2"]


def test_an_address_that_was_guessed_is_refused(opened: Lane) -> None:
    async def watch() -> str:
        return str((await Tab(opened.token[:-1]).hear())["type"])

    assert asyncio.run(watch()) == "websocket.close"


def test_a_lane_ends_with_the_session_that_held_it() -> None:
    made = Lane()
    lane._lanes[made.token] = made
    token = made.token
    assert lane.find(token) is made
    del made
    gc.collect()
    assert lane.find(token) is None
