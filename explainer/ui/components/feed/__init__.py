"""Numbers that change while nobody presses anything reach the components in the page without a rerun of its script.

A page that reruns twice a second costs the browser and the server more than a small network needs to train. So
the page names its components once, and one of them asks the server for what is new and hands it round.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from explainer.ui.components.kit import component
from explainer.ui.components.kit.server_path import server_path

HEAR = Path(__file__).parent / "hear.js"  # what a component that a feed changes needs before its own
_mount = component(__file__)


@dataclass(frozen=True)
class News:
    """What the components get, by the name of the feed that they hear; ``some`` is False until it is worth seeing.

    ``state`` is what the page as a whole depends on; without ``going`` nothing will change any more. ``again`` is in
    milliseconds: sooner there will be nothing new, 0 where that is not known.
    """

    state: str
    components: dict[str, dict[str, Any]]
    some: bool
    going: bool
    again: float = 0.0


class Feed:
    """What one tab may ask for; only who knows its ``token`` can, and only as long as the tab's session lives."""

    def __init__(self, produce: Callable[[], News]) -> None:
        self.token = secrets.token_urlsafe(16)
        self.produce = produce
        self.turn = 0  # runs of the page's script that have asked: an answer to an earlier one may be of other work


_feeds: WeakValueDictionary[str, Feed] = WeakValueDictionary()


def feed(key: str, produce: Callable[[], News], state: str, every: float, going: bool) -> None:
    """While ``going``, asks ``produce`` every so many seconds and hands what it returns to the page's components.

    ``produce`` runs outside of the page's script, in another thread, and must not touch Streamlit. When the state that
    it returns is not ``state``, for which the page was drawn, the page's script runs again. The server must offer
    ``routes``.
    """
    mine = st.session_state.setdefault(f"feed {key}", Feed(produce))
    mine.produce, mine.turn = produce, mine.turn + 1
    _feeds[mine.token] = mine
    _mount(
        key=key,
        data={
            "address": f"feed/{mine.token}",
            "every": 1000 * every,
            "state": state,
            "going": going,
            "turn": mine.turn,
        },
        on_changed_change=lambda: None,
    )


def routes() -> list[Route]:
    """What the server must offer beside the pages, for ``st.App(routes=...)``."""
    return [Route(server_path("feed/{token}"), _answer)]


async def _answer(request: Request) -> Response:
    found = _feeds.get(request.path_params["token"])
    if found is None:
        return Response(status_code=404)
    news = await run_in_threadpool(found.produce)
    return Response(json.dumps(asdict(news)), media_type="application/json", headers={"Cache-Control": "no-store"})
