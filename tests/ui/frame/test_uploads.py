"""Uploads: read once, let go of at once, and bounded on their way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from streamlit.testing.v1 import AppTest

from explainer.memory import Bounds
from explainer.ui.frame import uploads
from explainer.ui.frame.uploads import BUSY, SLOW, BoundedUploads

MB = 1_000_000
LIMITS = Bounds(visitors=0, visitor=0, uploads=10 * MB, tab=4 * MB, trained=0, fetched=0, results=0)


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> MemoryUploadedFileManager:
    """Streamlit's store of files, as the middleware finds it."""
    store = MemoryUploadedFileManager("/_stcore/upload_file")

    class Running:
        uploaded_file_mgr = store

    monkeypatch.setattr(uploads.Runtime, "instance", lambda: Running)
    return store


def bytes_of(files: MemoryUploadedFileManager, session: str | None = None) -> int:
    sessions = list(files.file_storage) if session is None else [session]
    return sum(len(file.data) for one in sessions for file in files.file_storage.get(one, {}).values())


def server(files: MemoryUploadedFileManager, pause: float = 0.0, **options: float) -> Starlette:
    """Stores what comes after a pause, as Streamlit does."""

    async def put(request: Request) -> Response:
        await asyncio.sleep(pause)
        session, file = request.path_params["session"], request.path_params["file"]
        files.add_file(session, UploadedFileRec(file, "name", "type", await request.body()))
        return Response(status_code=204)

    route = Route("/base/_stcore/upload_file/{session}/{file}", put, methods=["PUT"])
    return Starlette(routes=[route], middleware=[Middleware(BoundedUploads, limits=LIMITS, **options)])


def played(app: Starlette, play: Callable[[Callable[..., Any]], Any]) -> Any:
    async def go() -> Any:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://app") as client:

            async def put(session: str, size: int) -> httpx.Response:
                return await client.put(f"/base/_stcore/upload_file/{session}/{uuid4()}", content=bytes(size))

            return await play(put)

    return asyncio.run(go())


def test_a_tab_s_oldest_files_make_room_for_its_new_one(files: MemoryUploadedFileManager) -> None:
    async def play(put: Callable[..., Any]) -> None:
        for _ in range(30):
            assert (await put("greedy", MB)).status_code == 204
            assert bytes_of(files, "greedy") <= LIMITS.tab
        last = list(files.file_storage["greedy"])[-1]
        assert (await put("other", MB)).status_code == 204
        assert last in files.file_storage["greedy"]

    played(server(files), play)
    assert bytes_of(files) == 4 * MB  # the greedy tab's last three, with what their records take, and the other's


def test_many_at_once_from_one_tab_come_one_after_another(files: MemoryUploadedFileManager) -> None:
    async def play(put: Callable[..., Any]) -> list[httpx.Response]:
        return await asyncio.gather(*(put("greedy", 3 * MB) for _ in range(8)))

    assert [answer.status_code for answer in played(server(files, pause=0.02), play)] == [204] * 8
    assert bytes_of(files) == 3 * MB


def test_who_finds_no_room_waits_for_what_is_read_meanwhile(files: MemoryUploadedFileManager) -> None:
    async def play(put: Callable[..., Any]) -> None:
        for tab in "abc":
            await put(tab, 3 * MB)
        waiting = asyncio.create_task(put("d", 3 * MB))
        await asyncio.sleep(0.3)
        assert not waiting.done()
        (file,) = files.get_files("a", list(files.file_storage["a"]))
        files.add_file("a", file._replace(data=b""))  # the page has read it
        assert (await waiting).status_code == 204
        assert [bytes_of(files, tab) for tab in "abcd"] == [0, 3 * MB, 3 * MB, 3 * MB]

    played(server(files), play)


def test_without_room_in_time_a_sentence_is_the_answer(files: MemoryUploadedFileManager) -> None:
    async def play(put: Callable[..., Any]) -> httpx.Response:
        for tab in "abc":
            await put(tab, 3 * MB)
        return await put("d", 3 * MB)

    answer = played(server(files, wait=0.2), play)
    assert (answer.status_code, answer.text) == (503, BUSY)
    assert bytes_of(files) == 9 * MB


def test_files_that_nobody_reads_make_room_for_others(files: MemoryUploadedFileManager) -> None:
    async def play(put: Callable[..., Any]) -> None:
        for number in range(20):
            assert (await put(f"tab {number}", 3 * MB)).status_code == 204
            assert bytes_of(files) <= LIMITS.uploads

    played(server(files, unread=0.0), play)
    assert bytes_of(files, "tab 19") == 3 * MB


def test_a_session_that_ended_frees_its_room(files: MemoryUploadedFileManager) -> None:
    async def play(put: Callable[..., Any]) -> httpx.Response:
        for tab in "abc":
            await put(tab, 3 * MB)
        files.remove_session_files("b")
        return await put("d", 3 * MB)

    assert played(server(files, wait=0.0), play).status_code == 204


def test_an_upload_that_takes_too_long_is_given_up(
    files: MemoryUploadedFileManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "AT_MOST", 0.05)

    async def play(put: Callable[..., Any]) -> list[httpx.Response]:
        return [await put("slow", 3 * MB) for _ in range(2)]

    answers = played(server(files, pause=30), play)
    assert [(answer.status_code, answer.text) for answer in answers] == [(408, SLOW)] * 2


def _script() -> None:
    import streamlit as st

    from explainer.ui.frame.uploads import LostFileError, take

    def receive() -> None:
        calls = st.session_state.setdefault("calls", [])
        try:
            file = take("file")
            calls.append(f"{file.name}: {len(file.data)}" if file else "none")
        except LostFileError as error:
            calls.append(str(error))

    given = st.file_uploader("File", key="file", on_change=receive)
    st.button("Again")
    st.text(f"{st.session_state.get('calls', [])}, left: {len(given.getvalue()) if given else None}")


def test_a_file_is_read_once_and_its_bytes_are_gone() -> None:
    at = AppTest.from_function(_script, default_timeout=300).run()
    at.file_uploader(key="file").upload("a.png", b"12345", "image/png").run()
    assert at.text[0].value == "['a.png: 5'], left: 0"
    at.button[0].click().run()
    assert at.text[0].value == "['a.png: 5'], left: 0"
