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
    page.get_by_text("work 1 is over").wait_for(timeout=15_000)


def test_work_after_work_that_has_ended(page: Page) -> None:
    for number in range(3):
        page.get_by_text(f"work {number} is over").wait_for(timeout=15_000)
        page.get_by_role("button", name="Next").click()
        page.get_by_text(f"work {number + 1} is going on").wait_for()
