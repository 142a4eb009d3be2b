"""A picture that a visitor brings: each tab shows its own, and a tab without one the visitor's last."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import streamlit as st
from bombs import encoded
from PIL import Image
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from explainer.ui.controls import inputs
from explainer.ui.frame import studio, visitor
from explainer.ui.frame.uploads import File


def page() -> None:
    import streamlit as st

    from explainer.ui.controls.inputs import NoInputError, offer_upload, uploaded

    if not st.checkbox("Another page", key="elsewhere"):
        offer_upload(512)
    try:
        st.text(str(uploaded().size))
    except NoInputError as problem:
        st.info(str(problem))


@pytest.fixture
def open_tab(monkeypatch: pytest.MonkeyPatch) -> Callable[[], AppTest]:
    """A new tab, or a reload, of one visitor's browser."""
    monkeypatch.setattr(ContextProxy, "cookies", property(lambda _context: {visitor.COOKIE: "a" * 22}))
    monkeypatch.setattr(studio, "_studios", {})
    monkeypatch.setattr(inputs, "session_id", lambda: st.session_state["tab"])  # AppTest has one for all
    numbers = itertools.count()

    def new() -> AppTest:
        tab = AppTest.from_function(page, default_timeout=300)
        tab.session_state["tab"] = f"tab {next(numbers)}"
        return tab.run()

    return new


def bring(tab: AppTest, name: str, size: tuple[int, int]) -> None:
    data = encoded(Image.new("RGB", size, "red"))
    tab.file_uploader(key="upload").set_value((name, data, "image/png")).run()
    assert not tab.exception


def shown(tab: AppTest) -> str:
    assert not tab.exception
    return str(tab.text[0].value)


def test_each_tab_shows_its_own_picture(open_tab: Callable[[], AppTest]) -> None:
    first, second = open_tab(), open_tab()
    bring(first, "a.png", (5, 4))
    bring(second, "b.png", (7, 6))
    assert shown(first.run()) == "(4, 5)"
    assert shown(second.run()) == "(6, 7)"


def test_a_new_tab_and_a_reload_find_the_last_one_and_keep_it(open_tab: Callable[[], AppTest]) -> None:
    first = open_tab()
    assert first.info[0].value.startswith("Choose a picture file")
    bring(first, "a.png", (5, 4))
    second = open_tab()
    assert shown(second) == "(4, 5)"
    bring(first, "b.png", (7, 6))
    assert shown(second.run()) == "(4, 5)"
    assert shown(open_tab()) == "(6, 7)"


def test_another_page_of_the_tab_has_the_same_picture(open_tab: Callable[[], AppTest]) -> None:
    tab = open_tab()
    bring(tab, "a.png", (5, 4))
    bring(open_tab(), "b.png", (7, 6))
    tab.checkbox(key="elsewhere").check().run()
    assert not tab.get("file_uploader")
    assert shown(tab) == "(4, 5)"
    assert shown(tab.checkbox(key="elsewhere").uncheck().run()) == "(4, 5)"


def test_a_picture_that_is_refused_leaves_the_last_one(open_tab: Callable[[], AppTest]) -> None:
    tab = open_tab()
    bring(tab, "a.png", (5, 4))
    tab.file_uploader(key="upload").set_value(("b.png", b"no picture", "image/png")).run()
    assert "b.png" in tab.error[0].value
    assert shown(tab) == "(4, 5)"


def test_the_message_of_a_refused_file_goes_when_the_next_is_taken(open_tab: Callable[[], AppTest]) -> None:
    tab = open_tab()
    tab.file_uploader(key="upload").set_value(("b.heic", b"\0\0\0\x18ftypheic" + bytes(12), "image/heic")).run()
    assert "export it as JPEG" in tab.error[0].value
    bring(tab, "a.png", (5, 4))
    assert not tab.error
    assert shown(tab) == "(4, 5)"


class BreaksOff(dict[str, Any]):
    """A session in which something else was pressed: to touch it ends the script."""

    def __setitem__(self, key: str, value: object) -> None:
        raise KeyboardInterrupt


def test_a_picture_is_kept_and_shown_though_the_script_is_broken_off(
    open_tab: Callable[[], AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    tab = open_tab()
    bring(tab, "a.png", (5, 4))
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(inputs, "st", SimpleNamespace(session_state=BreaksOff()))
        patch.setattr(inputs, "session_id", lambda: tab.session_state["tab"])
        patch.setattr(inputs, "studio", lambda: studio._studios["a" * 22])
        patch.setattr(inputs, "take", lambda _key: File("b.png", encoded(Image.new("RGB", (7, 6)))))
        inputs.receive("upload")
    assert shown(tab.run()) == "(6, 7)"
