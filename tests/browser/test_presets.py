"""Links to the same page with other settings: the session stays, the address tells the truth, Back works."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

APP = Path(__file__).parent / "apps" / "presets_app.py"


@pytest.fixture
def app(serve: Callable[..., Any], visit: Callable[..., Page]) -> Page:
    page = visit(f"{serve(APP).url}/?size=5")
    shows(page, "max 5", "?size=5")
    return page


def shows(page: Page, text: str, query: str) -> None:
    page.locator('[data-testid="stText"]', has_text=text).wait_for()
    page.wait_for_function("query => location.search === query", arg=query)


def test_a_link_sets_what_it_names_and_resets_the_rest(app: Page) -> None:
    app.get_by_role("link", name="Average").click()
    shows(app, "average 3", "?kind=average")
    app.get_by_role("link", name="Large").click()
    shows(app, "max 9", "?size=9")
    app.get_by_role("link", name="Plain").click()
    shows(app, "max 3", "")


def test_the_session_goes_on(app: Page) -> None:
    app.get_by_role("link", name="Large").click()
    shows(app, "max 9, run 2", "?size=9")


def test_back_and_forward(app: Page) -> None:
    app.get_by_role("link", name="Large").click()
    shows(app, "max 9", "?size=9")
    app.go_back()
    shows(app, "max 5", "?size=5")
    app.go_forward()
    shows(app, "max 9", "?size=9")


def test_the_slider_can_be_moved_on_from_there(app: Page) -> None:
    app.get_by_role("link", name="Large").click()
    shows(app, "max 9", "?size=9")
    app.locator("input[type=range]").focus()
    app.keyboard.press("ArrowLeft")
    shows(app, "max 8", "?size=8")


def test_a_link_can_be_opened_in_a_new_tab(app: Page) -> None:
    link = app.get_by_role("link", name="Average")
    with app.context.expect_page() as opened:
        link.click(modifiers=["ControlOrMeta"])
    shows(opened.value, "average 3, run 1", "?kind=average")
    shows(app, "max 5, run 1", "?size=5")


def test_the_row_works_by_keyboard(app: Page) -> None:
    app.get_by_role("navigation", name="Try this").get_by_role("link").first.focus()
    app.keyboard.press("Tab")
    app.keyboard.press("Enter")
    shows(app, "average 3", "?kind=average")
