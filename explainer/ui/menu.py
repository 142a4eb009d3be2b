"""The menu: which pages there are, which one is open, and links between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from explainer.ui.embedded import warn_where_nothing_is_kept
from explainer.ui.going_back import restore_on_back
from explainer.ui.reconnecting import redraw_after_reconnecting

if TYPE_CHECKING:
    from streamlit.navigation.page import StreamlitPage

_MADE, _PAGES, _CURRENT = "menu.made", "menu.pages", "menu.current"


@dataclass(frozen=True)
class Entry:
    """A page: its ``script`` relative to pages/, its title, and one sentence that the menu shows on hover."""

    script: str
    title: str
    help: str = ""


@dataclass(frozen=True)
class Page:
    """A page of the menu: its ``script``, its title, and its ``path`` below the app's address."""

    script: str
    title: str
    path: str


Menu = Mapping[str, Sequence[Entry]]


def show(menu: Menu) -> None:
    """Draws the menu, leaving out sections without pages, and runs the chosen page. The first page is the default."""
    entries = tuple(entry for section in menu.values() for entry in section)
    pages = _pages(entries)
    sections = {name: [pages[entry.script] for entry in section] for name, section in menu.items() if section}
    chosen = st.navigation(sections, position="top")
    st.session_state[_CURRENT] = next(script for script, page in pages.items() if page is chosen)
    restore_on_back(chosen.url_path)
    redraw_after_reconnecting()
    warn_where_nothing_is_kept()
    chosen.run()


def _pages(entries: tuple[Entry, ...]) -> dict[str, StreamlitPage]:
    """The pages by their scripts, made once a session: each looks for its file, and no session may run another's."""
    made = st.session_state.get(_MADE)
    if made is None or made[0] != entries:
        pages = {
            entry.script: st.Page(entry.script, title=entry.title, help=entry.help or None, default=entry is entries[0])
            for entry in entries
        }
        made = st.session_state[_MADE] = entries, pages
        st.session_state[_PAGES] = {script: Page(script, page.title, page.url_path) for script, page in pages.items()}
    return made[1]


def find(script: str) -> Page | None:
    """The page ``script``, or None where the menu has no such page."""
    pages: dict[str, Page] = st.session_state.get(_PAGES, {})
    return pages.get(script)


def current() -> str | None:
    """The script of the page that is open, or None before the menu has chosen one."""
    script: str | None = st.session_state.get(_CURRENT)
    return script
