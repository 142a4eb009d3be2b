"""The style of the frame around every page, in the HTML that the browser gets first.

What a script draws by st.html arrives in a part of Streamlit that the browser loads later, on a busy machine seconds
after the page: until then a phone would show the controls before the picture.
"""

from __future__ import annotations

from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_CSS = (Path(__file__).parent / "frame.css").read_bytes()
_END = b"</body>"  # after Streamlit's own styles, which stand in the head and have the same weight
_STYLED_END = b"<style>\n" + _CSS + b"</style>" + _END

# An answer "as before" or a compressed one has no text to put the style into.
_UNWANTED = {b"accept-encoding", b"if-none-match", b"if-modified-since"}


class FrameStyle:
    """ASGI middleware that puts frame.css at the end of every HTML page."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, and the answer back, with the style where it is a page for a browser."""
        if not _asks_for_a_page(scope):
            await self._app(scope, receive, send)
            return
        headers = [(name, value) for name, value in scope["headers"] if name not in _UNWANTED]
        start: Message | None = None
        body = b""

        async def send_styled(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start" and _is_html(message):
                start = message
            elif start is None:
                await send(message)
            else:
                body += message.get("body", b"")
                if not message.get("more_body", False):
                    await _send_page(start, body.replace(_END, _STYLED_END), send)

        await self._app({**scope, "headers": headers}, receive, send_styled)


def _asks_for_a_page(scope: Scope) -> bool:
    return (
        scope["type"] == "http" and scope["method"] == "GET" and "text/html" in Headers(scope=scope).get("accept", "")
    )


def _is_html(message: Message) -> bool:
    return "text/html" in MutableHeaders(scope=message).get("content-type", "")


async def _send_page(start: Message, page: bytes, send: Send) -> None:
    headers = MutableHeaders(scope=start)
    headers["content-length"] = str(len(page))
    for validator in ("etag", "last-modified"):  # they are the file's, and know nothing of the style
        del headers[validator]
    await send(start)
    await send({"type": "http.response.body", "body": page})
