"""The proxies of the tests leave nothing open behind them, also before a server that is too busy to say goodbye."""

from __future__ import annotations

import gc
import time
import warnings

from proxies import proxy, serving
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket
from websockets import Subprotocol
from websockets.sync.client import connect

SPOKEN = Subprotocol("streamlit")
BUSY = 2.5  # seconds, longer than a proxy waits for its connections when it ends


async def hear_and_be_busy(socket: WebSocket) -> None:
    await socket.accept(SPOKEN)
    await socket.receive_bytes()
    await socket.send_bytes(b"heard")
    time.sleep(BUSY)


def test_a_proxy_that_ends_closes_its_connections_to_a_busy_server() -> None:
    with (
        serving(Starlette(routes=[WebSocketRoute("/{path:path}", hear_and_be_busy)])) as server,
        proxy(server) as before,
        connect(f"ws{before.url.removeprefix('http')}/stream", subprotocols=[SPOKEN], proxy=None) as browser,
    ):
        browser.send(b"hello")
        assert browser.recv() == b"heard"
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        gc.collect()
    assert not [one for one in seen if issubclass(one.category, ResourceWarning)]
