"""Work beside the page, as the page follows it: how far it is, a button that ends it, and what it finds, as it does."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

import streamlit as st

from explainer.ui.components.feed import News, feed
from explainer.ui.components.live_text import Line, encode, live_text
from explainer.ui.frame.background import Background, waits
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.language import language, say, text_of
from explainer.words.book import Said

T = TypeVar("T")
Components = dict[str, dict[str, Any]]  # what they get, by the name of the feed that they hear


class Partial(Protocol):
    """What is found so far of something."""

    @property
    def share(self) -> float:
        """Of the work that is done, 0 to 1."""


@dataclass(frozen=True, eq=False)
class Followed(Generic[T]):
    """What a page shows of ``work``, named ``key``, until it is over.

    ``line`` says how far it is, for what it has found: drawn with a button that ends it where it ``can_stop``; without
    a line neither is. ``components`` are what the page's own components get, for what was found and whether that is
    all. The page is drawn again when the work is over, and when the ``mark`` of what was found changes. ``every`` is in
    seconds.
    """

    work: Background[T]
    key: str
    line: Callable[[T | None], Line] | None = None
    components: Callable[[T | None, bool], Components] = lambda _found, _over: {}
    mark: Callable[[T | None], object] = lambda _found: ""
    every: float = 0.5
    can_stop: bool = True
    language: str = field(default_factory=language)

    def look(self) -> tuple[T | None, bool]:
        """What was found, and whether that is all: asked in the other order, so that what is last is not missed."""
        over = self.work.over
        return self.work.latest, over

    def show(self) -> T | None:
        """What was found so far, once what ``draw`` draws was drawn."""
        found, over = self.look()
        self.draw(found, over)
        return found

    def draw(self, found: T | None, over: bool) -> None:
        """Draws the line, for the ``look`` that the page was drawn by, and keeps all up to date without a rerun of it.

        Says what went wrong where the work failed.
        """
        if self.line and not over:
            self._draw_line(self.line, found)
        feed(f"{self.key}_feed", self._news, self._state(found, over), self.every, going=not over)
        if self.work.problem:
            st.error(verbatim(self.work.problem))

    def _draw_line(self, line: Callable[[T | None], Line], found: T | None) -> None:
        place: AbstractContextManager[Any] = nullcontext()
        if self.can_stop:
            place, button = st.columns([4, 1], vertical_alignment="center")
            button.button(say("frame.work.stop"), key=f"{self.key}_stop", on_click=self.work.stop)
        with place:
            live_text(self._waiting() or line(found), f"{self.key}_line", self.key)

    def _waiting(self) -> Line | None:
        said = waits(self.work)
        return Line([said.text(self.language)], share=0.0) if said else None

    def _state(self, found: T | None, over: bool) -> str:
        return f"{id(self.work)} {over} {self.mark(found)}"

    def _news(self) -> News:
        found, over = self.look()
        components = self.components(found, over)
        if self.line:
            components = {**components, self.key: encode(self._waiting() or self.line(found))}
        return News(self._state(found, over), components, some=found is not None, going=not over)


def share_done(says: Said | str) -> Callable[[Partial | None], Line]:
    """A line that ``says`` what is done, over a bar that fills."""
    text = text_of(says)
    return lambda found: Line([text], share=found.share if found else 0.0)
