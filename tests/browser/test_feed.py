"""A feed follows every piece of work to its end, also where the next one begins before the last answer has come."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

APP = Path(__file__).parent / "apps" / "feed_app.py"


@pytest.fixture
def page(serve: Callable[..., Any], visit: Callable[..., Page]) -> Page:
    return visit(serve(APP).url)


def test_the_end_of_work_that_began_while_an_answer_was_on_its_way(page: Page) -> None:
    page.get_by_text("work 0 is going on").wait_for()
    page.get_by_role("button", name="Next").click()
    page.get_by_text("work 1 is going on").wait_for()
    page.get_by_text("work 1 is over").wait_for()


def test_work_after_work_that_has_ended(page: Page) -> None:
    for number in range(3):
        page.get_by_text(f"work {number} is over").wait_for()
        page.get_by_role("button", name="Next").click()
        page.get_by_text(f"work {number + 1} is going on").wait_for()


@pytest.mark.parametrize(("again", "least", "most"), [(0, 6, 16), (2000, 1, 3)])
def test_what_has_nothing_to_show_is_asked_ever_more_rarely(
    serve: Callable[..., Any], visit: Callable[..., Page], again: int, least: int, most: int
) -> None:
    page = visit(f"{serve(APP).url}/?quiet={again}")
    page.get_by_text("nothing yet").wait_for()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/feed/" in request.url else None)
    page.wait_for_timeout(5000)
    assert least <= len(asked) <= most
