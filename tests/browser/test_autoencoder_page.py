"""The map of codes of the page "Autoencoder", dragged by a pointer and moved by keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from settled import eventually, settle

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

HOME = Path(__file__).parents[2] / "Home.py"
SLOW = 240_000  # milliseconds, on a busy machine


@pytest.fixture
def open_page(serve: Callable[..., Any], visit: Callable[..., Page]) -> Callable[..., Page]:
    url = serve(HOME).url

    def opened(query: str, **options: Any) -> Page:
        page = visit(f"{url}/autoencoder?{query}", **options)
        page.get_by_text("Before training").wait_for(timeout=SLOW)
        return page

    return opened


def test_a_dragged_place_has_a_digit_at_once_and_its_exact_one_when_let_go(open_page: Callable[..., Page]) -> None:
    page = open_page("ae_code=4&ae_x=20&ae_y=80")
    root, stage = page.locator(".code-plane"), page.locator(".code-plane .stage")
    eventually(root).to_have_attribute("data-exact", "true")
    eventually(root).to_have_attribute("data-place", "0.200,0.800")
    settle(page)
    stage.scroll_into_view_if_needed()
    box = stage.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.2 * box["width"], box["y"] + 0.2 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 0.5 * box["height"], steps=4)
    assert root.get_attribute("data-exact") == "false"  # mixed in the browser: nothing was asked of the server
    assert str(root.get_attribute("data-place")).startswith("0.6")
    page.mouse.up()
    eventually(root).to_have_attribute("data-exact", "true")
    page.wait_for_function("location.search.includes('ae_x=60') || location.search.includes('ae_x=59')", timeout=SLOW)
    settle(page)
    before = root.get_attribute("data-place")
    stage.press("ArrowUp")
    assert root.get_attribute("data-place") != before
    eventually(root).to_have_attribute("data-exact", "true")
