"""The tab's end of the way by which pictures come ahead of the page, and the server's."""

from __future__ import annotations

import asyncio

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from explainer.ui.components.kit import component
from explainer.ui.components.kit.lane import Inbox, find, of_this_tab
from explainer.ui.components.kit.server_path import server_path

_mount = component(__file__)


def ahead() -> None:
    """Lets the browser listen; to be called outside of any fragment, before the page is drawn: nothing of it is shown.

    The server must offer ``routes``.
    """
    if mine := of_this_tab():
        mine.shown.clear()
        _mount(key="ahead", data={"address": f"ahead/{mine.token}"})


def routes() -> list[WebSocketRoute]:
    """What the server must offer beside the pages, for ``st.App(routes=...)``."""
    return [WebSocketRoute(server_path("ahead/{token}"), _answer)]


async def _answer(socket: WebSocket) -> None:
    found = find(socket.path_params["token"])
    if found is None:
        await socket.close()
        return
    await socket.accept()
    inbox = found.listen()
    sending = asyncio.create_task(_send(socket, inbox))
    del found  # the session may end meanwhile
    try:
        async for _ in socket.iter_bytes():
            pass  # until the tab has gone; it says nothing
    finally:
        sending.cancel()
        if found := find(socket.path_params["token"]):
            found.leave(inbox)


async def _send(socket: WebSocket, inbox: Inbox) -> None:
    while True:
        for message in await inbox.take():
            try:
                await socket.send_bytes(message)
            except WebSocketDisconnect:
                return
