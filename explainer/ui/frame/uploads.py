"""Files that visitors choose: read once, let go of at once, and bounded in bytes on their way.

Streamlit keeps what was uploaded in memory for as long as the tab's session lives, and takes any number of files. What
the pages make of a file is small, so its bytes are not needed again.
"""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass

import streamlit as st
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime import Runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile, UploadedFileRec

from explainer.memory import Bounds, bounds

LOST = "This file did not stay on the server long enough to be read: choose it again."
BUSY = "Many files are being uploaded at this moment. Choose yours again in a minute."
SLOW = "This upload took too long and was given up. Try a smaller file, or a better connection."

_ADDRESS = re.compile(r"/_stcore/upload_file/(?P<session>[^/]+)/(?P<file>[^/]+)")
_FRAME = 64_000  # bytes around the file in a request, at most
_RECORD = 1_000  # bytes that Streamlit's record of a file takes beside its content
WAIT = 20.0  # seconds that an upload waits for room
UNREAD = 30.0  # seconds after which nobody is going to read a file: the page does so as soon as it has arrived
AT_MOST = 120.0  # seconds of one upload
LOOK_EVERY = 0.1


class LostFileError(ValueError):
    """The file had to make room before it was read; the message is a sentence for the visitor."""


@dataclass(frozen=True)
class File:
    """What a visitor chose."""

    name: str
    data: bytes


def take(key: str) -> File | None:
    """The file that the control ``key`` has just been given, None where it was taken away; read only once.

    For the control's callback. The server keeps nothing of the file but its name. Raises LostFileError.
    """
    given = st.session_state[key]
    if given is None:
        return None
    taken = _taken(given)
    if taken is None:
        raise LostFileError(LOST)
    return taken


def take_all(key: str) -> tuple[list[File], int]:
    """The same of a control that takes several files: those that are there, and how many were lost."""
    taken = [_taken(each) for each in st.session_state[key] or ()]
    kept = [each for each in taken if each is not None]
    return kept, len(taken) - len(kept)


def _taken(given: object) -> File | None:
    """None where the file had to make room."""
    if not isinstance(given, UploadedFile):
        return None
    taken = File(given.name, given.getvalue())
    given.truncate(0)  # the session's own copy
    context = get_script_run_ctx()
    if context and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        # An empty file, not none: Streamlit would take one that is gone for a change of the control.
        context.uploaded_file_mgr.add_file(
            context.session_id, UploadedFileRec(given.file_id, given.name, given.type, b"")
        )
    return taken


@dataclass
class _Held:
    """A file that is arriving or has arrived."""

    session: str
    file: str
    size: int
    since: float
    arriving: bool = True


class BoundedUploads:
    """ASGI middleware that bounds the bytes of uploads, as ``bounds`` says: of one tab, and of all together.

    A tab's oldest files make room for its new one. Where all have no room, an upload waits before its body is read,
    files go that nobody has read, and in the end a sentence is the answer.
    """

    def __init__(self, app: ASGIApp, limits: Bounds | None = None, wait: float = WAIT, unread: float = UNREAD) -> None:
        self._app, self._limits, self._wait, self._unread = app, limits or bounds(), wait, unread
        self._held: list[_Held] = []  # oldest first; only the event loop touches it

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on all but uploads at once, and those as soon as there is room."""
        address = _ADDRESS.search(scope["path"]) if scope["type"] == "http" and scope["method"] == "PUT" else None
        size = _announced(scope) if address else 0
        if address is None or size > _most():  # Streamlit refuses what is too large before it reads it
            await self._app(scope, receive, send)
            return
        new = _Held(address["session"], address["file"], size, time.monotonic())
        if not await self._admit(new):
            await PlainTextResponse(BUSY, 503, {"Retry-After": "60"})(scope, receive, send)
            return
        try:
            await self._pass_on(scope, receive, send)
        finally:
            new.arriving, new.since = False, time.monotonic()

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def noting_send(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            async with asyncio.timeout(AT_MOST):
                await self._app(scope, receive, noting_send)
        except TimeoutError:
            if not started:
                await PlainTextResponse(SLOW, 408)(scope, receive, send)

    async def _admit(self, new: _Held) -> bool:
        """Makes room for the file and notes it; False where there is none in time."""
        end = time.monotonic() + self._wait
        while True:
            files = Runtime.instance().uploaded_file_mgr
            if not isinstance(files, MemoryUploadedFileManager) or self._has_room(new, files):
                self._held.append(new)
                return True
            if time.monotonic() > end:
                return False
            await asyncio.sleep(LOOK_EVERY)

    def _has_room(self, new: _Held, files: MemoryUploadedFileManager) -> bool:
        self._look(files)
        limits = self._limits
        own = [one for one in self._held if one.session == new.session]
        self._remove([one for one in own if not one.arriving], _sum(own) + new.size - limits.tab, files)
        now = time.monotonic()
        unread = [one for one in self._held if not one.arriving and now - one.since > self._unread]
        self._remove(unread, _sum(self._held) + new.size - limits.uploads, files)
        own = [one for one in self._held if one.session == new.session]
        return _sum(own) + new.size <= limits.tab and _sum(self._held) + new.size <= limits.uploads

    def _look(self, files: MemoryUploadedFileManager) -> None:
        """Takes note of what was read or deleted since."""
        for one in [one for one in self._held if not one.arriving]:
            there = files.get_files(one.session, [one.file])
            if there:
                one.size = len(there[0].data) + _RECORD
            else:
                self._held.remove(one)

    def _remove(self, candidates: list[_Held], excess: int, files: MemoryUploadedFileManager) -> None:
        for one in candidates:
            if excess > 0:
                files.remove_file(one.session, one.file)
                self._held.remove(one)
                excess -= one.size


def _sum(held: list[_Held]) -> int:
    return sum(one.size for one in held)


def _most() -> int:
    """Bytes of the largest request that Streamlit reads."""
    return int(st.get_option("server.maxUploadSize")) * 2**20 + _FRAME


def _announced(scope: Scope) -> int:
    """Bytes that the request says it has; without a word as many as it may have."""
    value = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
    return int(value) if value.isdigit() else _most()
