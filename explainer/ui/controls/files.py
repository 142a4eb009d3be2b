"""The place for a file that a visitor brings: any file is taken and looked into, so that we say why one is refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from explainer.data.limits import MEGABYTE, WEIGHTS_MEGABYTES
from explainer.data.names import file_name
from explainer.ui.components.file_check import file_check
from explainer.ui.language import text_of
from explainer.words.book import Said

PICTURE, WEIGHTS = "picture", "weights"
_MOST_SAID = 3  # sentences on what was wrong with files


def file_field(
    label: str,
    kinds: Sequence[str],
    most: int,
    *,
    key: str,
    take: Callable[[], None],
    refuse: Callable[[list[str]], None],
    what: str = PICTURE,
    several: bool = False,
) -> None:
    """Draws the place for a file of at most ``most`` megabytes; its dialog offers ``kinds`` first, endings.

    ``take`` is called where the control ``key`` was given a file, of whatever kind; ``refuse`` with sentences, on files
    that are too large and were not sent. ``what`` says what is wanted, PICTURE or WEIGHTS.
    """

    check = f"{key}_file_check"
    held = f"{check}_held"  # what is said of files whose companions are still on their way

    def refused() -> None:
        sent = st.session_state.get(check, {}).get("refused")
        if sentences := [text_of(said) for said in too_large(sent, most, what)][:_MOST_SAID]:
            refuse(sentences)
            st.session_state[held] = sentences if any(each.get("more") for each in sent) else []

    def taken() -> None:
        take()
        if sentences := st.session_state.pop(held, []):
            refuse(sentences)

    st.file_uploader(label, accept_multiple_files=several, key=key, max_upload_size=most, on_change=taken)
    file_check(key, kinds, most * MEGABYTE, check, refused)


def weights_field(label: str, key: str, take: Callable[[], None], refuse: Callable[[list[str]], None]) -> None:
    """The same for the weights of a network."""
    kinds, most = ["safetensors"], WEIGHTS_MEGABYTES
    file_field(label, kinds, most, key=key, take=take, refuse=refuse, what=WEIGHTS)


def too_large(sent: Any, most: int, what: str) -> list[Said]:
    """What to say of files that a browser calls too large; nothing of what it cannot have sent."""
    files = [(each.get("name"), each.get("size")) for each in sent or () if hasattr(each, "get")]
    return [
        Said(f"controls.too_large.{what}", name=file_name(name), megabytes=size / MEGABYTE, most=most)
        for name, size in files
        if isinstance(name, str) and type(size) is int and most * MEGABYTE < size < 2**53
    ]
