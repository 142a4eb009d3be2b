"""Pictures come ahead of the page, each is drawn once, and where that way is closed they come with the page."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from settled import eventually, settle

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser

HOME = Path(__file__).parents[2] / "Home.py"
NOTED = """() => {
    window.came = [];
    document.addEventListener("ahead", ({ detail }) => window.came.push(detail.key));
}"""


def drawn(page: Page) -> int:
    """How often the window was drawn."""
    return int(page.locator(".sliding-window").get_attribute("data-drawn") or 0)


def sized(output: str) -> re.Pattern[str]:
    """What the picture says of itself with an output of this size; the blanks are no-break spaces there."""
    return re.compile(f"Output {output}[.]".replace(" ", r"\s"))


def stride(page: Page) -> Locator:
    return page.get_by_role("slider", name="Vertical stride")


def picture(page: Page) -> Locator:
    return page.locator(".sliding-window .stage")


def test_a_picture_comes_ahead_and_is_drawn_once(serve: Callable[..., Any], visit: Callable[..., Page]) -> None:
    page = visit(f"{serve(HOME).url}/convolution", fresh=True)
    settle(page)
    page.evaluate(NOTED)
    before = drawn(page)
    for moves in (1, 2):
        stride(page).press("ArrowRight")
        page.wait_for_function("moves => window.came.filter((key) => key === 'window').length === moves", arg=moves)
        settle(page)
        assert drawn(page) == before + moves
    eventually(picture(page)).to_have_attribute("aria-label", sized("2 × 5"))


def test_the_last_of_many_moves_stays(serve: Callable[..., Any], visit: Callable[..., Page]) -> None:
    page = visit(f"{serve(HOME).url}/convolution", fresh=True)
    settle(page)
    for key in 5 * ["ArrowRight"] + 3 * ["ArrowLeft"]:
        stride(page).press(key)
    settle(page)
    eventually(stride(page)).to_have_value("3")
    eventually(picture(page)).to_have_attribute("aria-label", sized("2 × 5"))


def test_where_that_way_is_closed_the_picture_comes_with_the_page(
    serve: Callable[..., Any], visit: Callable[..., Page]
) -> None:
    page = visit("about:blank", fresh=True)
    page.route_web_socket("**/ahead/*", lambda socket: socket.close())
    page.goto(f"{serve(HOME).url}/convolution")
    settle(page)
    stride(page).press("ArrowRight")
    eventually(picture(page)).to_have_attribute("aria-label", sized("3 × 5"))
