"""The menu: which pages there are, which one is open, and links between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from explainer.ui.components.address import keep
from explainer.ui.components.ahead import ahead
from explainer.ui.components.embedded import warn_that_nothing_is_kept
from explainer.ui.components.going_back import restore_on_back
from explainer.ui.components.presenting import presenting
from explainer.ui.components.reconnecting import redraw_after_reconnecting
from explainer.ui.components.search import search
from explainer.ui.frame import address, search_index, told
from explainer.ui.frame.studio import counts
from explainer.ui.frame.visitor import is_kept
from explainer.ui.language import language, parameters, say, text_of
from explainer.words.book import Said

if TYPE_CHECKING:
    from streamlit.navigation.page import StreamlitPage

_MADE, _PLACES, _CURRENT = "menu.made", "menu.places", "menu.current"


@dataclass(frozen=True)
class Entry:
    """A page: its ``name``, section/page, its title, and one sentence that the menu shows on hover."""

    name: str
    title: Said | str
    help: Said | str = ""


@dataclass(frozen=True)
class Place:
    """Where a page is found: its ``name``, its title, and its ``path`` below the app's address."""

    name: str
    title: str
    path: str


Menu = Mapping[Said | str, Sequence[Entry]]  # by the titles of the sections


def show(menu: Menu, open_page: Callable[[str], None], beside: Callable[[], None] = lambda: None) -> None:
    """Draws the menu, leaving out sections without pages, and opens the chosen page. The first page is the default.

    ``open_page`` draws the page of a name, and is asked for no other: a page costs nothing until somebody opens it.
    ``beside`` draws what stands in the menu's bar after the search.
    """
    entries = entries_of(menu)
    pages = _pages(entries, open_page)
    sections = {text_of(title): [pages[entry.name] for entry in section] for title, section in menu.items() if section}
    chosen = st.navigation(sections, position="top")
    st.set_page_config(page_title=say("frame.window", page=chosen.title))
    st.session_state[_CURRENT] = next(name for name, page in pages.items() if page is chosen)
    restore_on_back(chosen.url_path)
    address.open_page(chosen.url_path)
    if said := {name: (value,) for name, value in parameters().items()}:
        keep(said, path=chosen.url_path, turn=0, key="language")
    if gone := redraw_after_reconnecting(counts()):
        told_of = what_is_gone(gone)
        st.toast("\n\n".join(say(each) for each in told_of), icon=":material/restart_alt:", duration="infinite")
    presenting()
    ahead()
    if not is_kept():
        warn_that_nothing_is_kept()
    with st.container(key="menu_bar", horizontal=True):
        search(search_index.index(entries, language()).name, chosen.url_path)
        beside()
    with address.part("page"), told.page():
        chosen.run()


def what_is_gone(gone: Mapping[str, int]) -> Iterator[Said]:
    """What a visitor is told of what went with another server, by the names of ``studio.counts``."""
    yield Said("runs.gone.server")
    if runs := gone.get("runs"):
        yield Said("runs.gone.runs", count=runs)
    if gone.get("saved"):
        yield Said("runs.gone.saved")
    if searches := gone.get("searches"):
        yield Said("runs.gone.searches", count=searches)
    if gone.get("pictures"):
        yield Said("runs.gone.pictures")


def entries_of(menu: Menu) -> tuple[Entry, ...]:
    """All pages, section by section."""
    return tuple(entry for section in menu.values() for entry in section)


def _pages(entries: tuple[Entry, ...], open_page: Callable[[str], None]) -> dict[str, StreamlitPage]:
    """The pages by their names, made once a session and language: no session may run another's."""
    made, asked = st.session_state.get(_MADE), (language(), entries)
    if made is None or made[0] != asked:
        pages = {entry.name: _page(entry, open_page, is_first=entry is entries[0]) for entry in entries}
        made = st.session_state[_MADE] = asked, pages
        st.session_state[_PLACES] = {name: Place(name, page.title, page.url_path) for name, page in pages.items()}
    return made[1]


def _page(entry: Entry, open_page: Callable[[str], None], is_first: bool) -> StreamlitPage:
    path = entry.name.rsplit("/", 1)[-1]
    opens = partial(open_page, entry.name)
    title, about = text_of(entry.title), text_of(entry.help) or None
    return st.Page(opens, title=title, url_path=path, help=about, default=is_first)


def find(name: str) -> Place | None:
    """Where the page ``name`` is, or None where the menu has no such page."""
    places: dict[str, Place] = st.session_state.get(_PLACES, {})
    return places.get(name)


def switch(name: str) -> None:
    """Turns to the page ``name``, which the menu must have."""
    st.switch_page(st.session_state[_MADE][1][name])


def current() -> str | None:
    """The name of the page that is open, or None before the menu has chosen one."""
    name: str | None = st.session_state.get(_CURRENT)
    return name
