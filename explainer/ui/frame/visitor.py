"""Who is asking: a random cookie, so that a reload of the page finds what the visitor made."""

from __future__ import annotations

import re
import secrets
from http.cookies import CookieError, SimpleCookie

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime.scriptrunner import get_script_run_ctx

COOKIE = "inside_a_cnn_visitor"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")
_SAME_SITE = re.compile(rb";\s*(SameSite=\w+|Secure|Partitioned)(?=;|$)", re.IGNORECASE)

# In a page of another site a browser keeps only a cookie that says so, that is sent over https alone, and that stands
# in a jar of its own for every such site ("Partitioned"): nobody can be followed from one site to the next by it.
_EMBEDDED = b"; SameSite=None; Secure; Partitioned"


def visitor() -> str:
    """The visitor's token; the session's own id where the browser keeps no cookies."""
    token = _kept_token()
    return token if token else f"session {session_id()}"


def is_kept() -> bool:
    """Whether the browser keeps the visitor's token, so that a reload finds what the visitor made."""
    return bool(_kept_token())


def session_id() -> str:
    """The id of the running script's session: one browser tab from its opening or reload on."""
    context = get_script_run_ctx()
    return context.session_id if context else "none"


def _kept_token() -> str:
    token = st.context.cookies.get(COOKIE, "")
    return token if _TOKEN.fullmatch(token) else ""


class VisitorCookie:
    """ASGI middleware that gives every browser without one a random token, for as long as it stays open.

    It identifies nobody: it is not stored, holds nothing of the visitor, and no script in the page can read it.
    Over https it makes all cookies, also the one that Streamlit's uploads need, fit for a page of another site.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, and adds the cookie to the answer where it is missing."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if "text/html" in headers.get("content-type", "") and not _has_token(scope):
                    token = secrets.token_urlsafe(16)
                    headers.append("set-cookie", f"{COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax")
                if "set-cookie" in headers and is_https(scope):
                    message["headers"] = [_for_embedding(name, value) for name, value in message["headers"]]
            await send(message)

        await self._app(scope, receive, send_with_cookie)


def is_https(scope: Scope) -> bool:
    """Whether the browser speaks https, with this server or with the proxy before it."""
    forwarded = Headers(scope=scope).get("x-forwarded-proto", "")
    return (forwarded.split(",")[0].strip().lower() or scope.get("scheme")) == "https"


def _for_embedding(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    return (name, _SAME_SITE.sub(b"", value) + _EMBEDDED) if name == b"set-cookie" else (name, value)


def _has_token(scope: Scope) -> bool:
    header = next((value for name, value in scope["headers"] if name == b"cookie"), b"")
    try:
        cookie = SimpleCookie(header.decode("latin-1")).get(COOKIE)
    except CookieError:
        return False
    return cookie is not None and _TOKEN.fullmatch(cookie.value) is not None
