"""Texts that pages have under one key: carried from page to page where the next one can take them, else left behind."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

_PAGE = "_typed_page"  # the page that had the text last, and what stood in it when that page was opened
_OWN = "_typed_own"  # what was typed on which page: there are as many as pages with such a text
_LAST = "_typed_last"  # what was typed last, on any page


def carry(page: str, key: str, first: str, fits: Callable[[str], bool]) -> None:
    """Settles what the text ``key`` holds on ``page``, before it is drawn.

    Coming from another page that has such a text, a visitor finds what they typed on this one, or what they typed last,
    or the page's ``first`` where that does not fit. What an address says to a new tab stays as it is.
    """
    state = st.session_state
    before = state.get(_PAGE)
    if before is None:
        state[_PAGE] = (page, first)
    elif before[0] != page:
        text = state.get(_OWN, {}).get(page) or state.get(_LAST, first)
        text = text if fits(text) else first
        state[_PAGE] = (page, text)
        state[key] = text


def keep(page: str, typed: str) -> None:
    """Keeps for ``page`` what was typed on it, or said by its address."""
    state = st.session_state
    own = state.get(_OWN, {})
    if typed != own.get(page, state[_PAGE][1]):
        state.update({_OWN: own | {page: typed}, _LAST: typed})
