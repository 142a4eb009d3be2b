"""Proxies on the loopback interface, such as people put before the app: ``proxy(server.url, prefix="/user/me")``."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import uvicorn
import websockets
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

START_TIMEOUT = 120.0  # seconds
METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"]
# What concerns one connection only, and what httpx has undone: it hands compressed bodies on unpacked.
_HOP = {"connection", "keep-alive", "transfer-encoding", "upgrade", "content-length", "content-encoding"}


class Proxy:
    """Passes everything below ``prefix`` on to ``target`` without the prefix, and answers 404 to everything else."""

    def __init__(self, target: str, prefix: str, scheme: str) -> None:
        self.url = ""  # its own address with the prefix, without a slash at the end
        self.astray: list[str] = []  # paths that were asked for outside of the prefix
        self._target, self._scheme = target, scheme
        self._client = httpx.AsyncClient(timeout=300)
        self._tunnels: set[WebSocket] = set()
        self._opened: list[websockets.ClientConnection] = []
        self._is_cut = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self.app = Starlette(
            routes=[
                WebSocketRoute(f"{prefix}/{{path:path}}", self._tunnel),
                Route(f"{prefix}/{{path:path}}", self._pass, methods=METHODS),
                Route("/{path:path}", self._stray, methods=METHODS),
            ],
            lifespan=self._life,
        )

    def cut(self) -> None:
        """Closes all websockets and refuses new ones until ``mend``; other requests still pass."""
        assert self._loop is not None
        self._is_cut = True
        asyncio.run_coroutine_threadsafe(self._close_all(), self._loop).result(START_TIMEOUT)

    def mend(self) -> None:
        self._is_cut = False

    @contextlib.asynccontextmanager
    async def _life(self, app: Starlette) -> AsyncIterator[None]:
        self._loop = asyncio.get_running_loop()
        async with self._client:
            yield
            for server in self._opened:  # uvicorn cancels what still waits for an answer, and leaves its connection
                server.transport.abort()
                await server.wait_closed()

    async def _close_all(self) -> None:
        for one in list(self._tunnels):
            await one.close(1012)

    async def _stray(self, request: Request) -> Response:
        self.astray.append(request.url.path)
        return Response("There is nothing here.", status_code=404)

    async def _pass(self, request: Request) -> Response:
        headers = [(name, value) for name, value in request.headers.items() if name not in _HOP]
        answer = await self._client.request(
            request.method,
            f"{self._target}/{request.path_params['path']}",
            params=request.url.query,
            headers=[*headers, ("x-forwarded-proto", self._scheme)],
            content=await request.body(),
        )
        response = Response(answer.content, status_code=answer.status_code)
        kept = [(name, value) for name, value in answer.headers.multi_items() if name not in _HOP]
        response.raw_headers.extend((name.encode(), value.encode()) for name, value in kept)
        return response

    async def _tunnel(self, browser: WebSocket) -> None:
        if self._is_cut:
            await browser.close(1013)
            return
        address = f"ws{self._target.removeprefix('http')}/{browser.path_params['path']}"
        passed = {name: browser.headers[name] for name in ("cookie", "origin") if name in browser.headers}
        async with websockets.connect(
            address,
            subprotocols=browser.scope["subprotocols"],
            additional_headers={**passed, "x-forwarded-proto": self._scheme},
            max_size=None,
            proxy=None,
        ) as server:
            self._opened.append(server)
            await browser.accept(server.subprotocol)
            self._tunnels.add(browser)
            back = asyncio.create_task(_to_browser(server, browser))
            with contextlib.suppress(WebSocketDisconnect, websockets.ConnectionClosed, RuntimeError):
                while True:
                    await server.send(await browser.receive_bytes())
            self._tunnels.discard(browser)
            back.cancel()


async def _to_browser(server: Any, browser: WebSocket) -> None:
    with contextlib.suppress(WebSocketDisconnect, websockets.ConnectionClosed, RuntimeError):
        async for message in server:
            await browser.send_bytes(message)


@contextlib.contextmanager
def proxy(
    target: str, prefix: str = "", host: str = "127.0.0.1", tls: tuple[Path, Path] | None = None
) -> Iterator[Proxy]:
    """A running proxy before ``target``; with ``tls``, the files of a certificate and its key, it speaks https."""
    made = Proxy(target, prefix, "https" if tls else "http")
    with serving(made.app, host, tls) as address:
        made.url = address + prefix
        yield made


@contextlib.contextmanager
def serving(app: Starlette, host: str = "127.0.0.1", tls: tuple[Path, Path] | None = None) -> Iterator[str]:
    """A running server of ``app``: its address, without a slash at the end."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(
            app,
            log_level="warning",
            ws="websockets-sansio",
            timeout_graceful_shutdown=1,
            ssl_certfile=str(tls[0]) if tls else None,
            ssl_keyfile=str(tls[1]) if tls else None,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        deadline = time.monotonic() + START_TIMEOUT
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.02)
        try:
            yield f"{'https' if tls else 'http'}://{host}:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(START_TIMEOUT)
