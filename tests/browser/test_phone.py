"""Every page on a phone: nothing of it is wider than the screen, but for what scrolls in its own box."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from settled import settle

from explainer.ui.frame.menu import entries_of
from pages.menu import MENU

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

HOME = Path(__file__).parents[2] / "Home.py"
NARROW, USUAL, HEIGHT = 320, 390, 844
PATHS = ["", *(entry.name.rsplit("/", 1)[-1] for entry in entries_of(MENU)[1:])]
BEYOND = """() => {
    const main = document.querySelector("[data-testid=stMain]");
    const lists = [...document.querySelectorAll("[role=tablist]")];
    const isWide = (e) => e.scrollWidth > e.clientWidth;
    return [document.documentElement, main, ...lists].filter(isWide).map((e) => e.tagName);
}"""


@pytest.mark.parametrize("path", PATHS)
def test_no_page_is_wider_than_a_phone(serve: Callable[..., Any], visit: Callable[..., Page], path: str) -> None:
    size = {"width": NARROW, "height": HEIGHT}
    page = visit(f"{serve(HOME).url}/{path}", viewport=size, has_touch=True, is_mobile=True)
    page.locator("h1").first.wait_for()
    settle(page)
    assert page.evaluate(BEYOND) == []
    page.set_viewport_size({"width": USUAL, "height": HEIGHT})
    settle(page)
    assert page.evaluate(BEYOND) == []
