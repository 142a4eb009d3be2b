"""What a page shows of work beside it: how far it is, what it finds, and why it failed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import streamlit as st

from explainer.inspection.steps import SoFar
from explainer.ui.components.feed import News
from explainer.ui.components.live_text import Line, encode
from explainer.ui.frame import background as backgrounds
from explainer.ui.frame import followed as module
from explainer.ui.frame.background import background
from explainer.ui.frame.followed import Followed, share_done
from explainer.ui.frame.turns import PROBLEM, Turns

Found = SoFar[str]


@dataclass
class Page:
    """What was drawn, and the last feed: what it asks, the state that the page was drawn for, whether it goes on."""

    lines: list[Line] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    produce: Callable[[], News] = lambda: News("", {}, some=False, going=False)
    state: str = ""
    going: bool = False


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    drawn, state = Page(), dict[str, Any]()

    def feed(key: str, produce: Callable[[], News], state: str, every: float, going: bool) -> None:
        drawn.produce, drawn.state, drawn.going = produce, state, going

    monkeypatch.setattr(st, "session_state", state)
    monkeypatch.setattr(backgrounds, "_turns", Turns(1, lambda _: False))
    monkeypatch.setattr(module, "feed", feed)
    monkeypatch.setattr(module, "live_text", lambda line, key, feed: drawn.lines.append(line))
    monkeypatch.setattr(module.st, "error", drawn.errors.append)
    yield drawn
    backgrounds.close()


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


def of(produce: Callable[[], Iterator[Found]], **settings: Any) -> Followed[Found]:
    work = background("count", 0, produce)
    until(lambda: work.over or work.latest is not None)
    return Followed(work, "counted", share_done("Counting"), **settings)


def halves(go: threading.Event) -> Iterator[Found]:
    yield SoFar("a half", 0.5)
    while not go.wait(0.005):
        yield SoFar("a half", 0.5)
    yield SoFar("all", 1.0)


def test_the_page_and_its_components_see_what_is_found_until_it_is_over(page: Page) -> None:
    go = threading.Event()
    followed = of(
        lambda: halves(go),
        components=lambda found, over: {"picture": {"shows": found and found.found, "over": over}},
    )
    found = followed.show()
    assert found is not None and found.found == "a half"
    assert page.lines == [Line(["Counting"], share=0.5)] and page.going
    news = page.produce()
    assert (news.state, news.some, news.going) == (page.state, True, True)
    assert news.components == {
        "picture": {"shows": "a half", "over": False},
        "counted": encode(Line(["Counting"], share=0.5)),
    }

    go.set()
    until(lambda: followed.work.over)
    news = page.produce()
    assert news.state != page.state and not news.going  # the page is drawn again, and asks no more
    assert news.components["picture"] == {"shows": "all", "over": True}
    shown = len(page.lines)
    found = followed.show()
    assert found is not None and found.found == "all"
    assert len(page.lines) == shown and not page.going


def test_the_page_is_drawn_again_where_the_mark_changes(page: Page) -> None:
    go = threading.Event()
    followed = of(lambda: halves(go), mark=lambda found: found and found.found)
    followed.draw(None, False)  # drawn before there was anything
    assert page.produce().state != page.state
    followed.show()
    assert page.produce().state == page.state


def test_what_was_stopped_stays_as_it_was(page: Page) -> None:
    followed = of(lambda: halves(threading.Event()))
    followed.work.stop()
    found, over = followed.look()
    assert over and found is not None and found.found == "a half"


def test_a_problem_is_told(page: Page) -> None:
    def fail() -> Iterator[Found]:
        raise ZeroDivisionError
        yield

    of(fail).show()
    assert page.errors == [PROBLEM] and page.lines == [] and not page.going
