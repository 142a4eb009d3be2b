"""A second way into a visitor's tab, for pictures that shall not wait for the rest of the page.

Streamlit brings a component's data with all else that a run of the script draws, and the browser draws the whole page
several times before a component is told. What comes here reaches the component at once. The same data come with the
page as well: where this way is closed, all is as it would be without it.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from typing import Any
from weakref import WeakValueDictionary

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

MOST = 2**18  # bytes: what is larger is not sent twice

_LANE = "kit.lane"
_lanes: WeakValueDictionary[str, Lane] = WeakValueDictionary()


class Inbox:
    """What a tab that listens has not got yet: of each component the newest alone. To be made in the server's loop."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._waiting: dict[str, bytes] = {}
        self._arrived = asyncio.Event()

    def put(self, key: str, message: bytes) -> None:
        """From any thread."""
        self._loop.call_soon_threadsafe(self._put, key, message)

    def _put(self, key: str, message: bytes) -> None:
        self._waiting[key] = message
        self._arrived.set()

    async def take(self) -> list[bytes]:
        """All that has arrived, once there is something."""
        await self._arrived.wait()
        self._arrived.clear()
        messages = list(self._waiting.values())
        self._waiting.clear()
        return messages


class Lane:
    """The way into one tab: only who knows its ``token`` can listen, and only as long as the tab's session lives.

    ``shown`` are the keys of the components that the page has drawn since it was opened: the browser knows no others.
    """

    def __init__(self) -> None:
        self.token = secrets.token_urlsafe(16)
        self.shown: set[str] = set()
        self._inbox: Inbox | None = None

    def listen(self) -> Inbox:
        """What is sent from now on arrives there, and nowhere else."""
        self._inbox = Inbox()
        return self._inbox

    def leave(self, inbox: Inbox) -> None:
        """Nobody reads the inbox any more."""
        if self._inbox is inbox:
            self._inbox = None

    def send(self, name: str, key: str, data: Any) -> None:
        """Sends the ``data`` of the component ``name``, bytes or what JSON can hold, which is shown under ``key``."""
        if key not in self.shown:
            self.shown.add(key)
        elif (inbox := self._inbox) is not None and len(message := _packed(name, key, data)) <= MOST:
            inbox.put(key, message)


def of_this_tab() -> Lane | None:
    """That of the tab for which the script runs, or None where no tab is there."""
    if get_script_run_ctx() is None:
        return None
    mine: Lane = st.session_state.setdefault(_LANE, Lane())
    _lanes[mine.token] = mine
    return mine


def find(token: str) -> Lane | None:
    """The lane of this token, or None where its session is over."""
    return _lanes.get(token)


def _packed(name: str, key: str, data: Any) -> bytes:
    """Four bytes with the length of a header (little-endian), the header in JSON, and the data."""
    kind, body = ("bytes", data) if isinstance(data, bytes) else ("json", json.dumps(data).encode())
    header = json.dumps({"name": name, "key": key, "kind": kind}).encode()
    return b"".join((len(header).to_bytes(4, "little"), header, body))
