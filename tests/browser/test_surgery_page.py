"""The views of the page "Feature maps" that change a network, as their visitors use them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from settled import SLOW, eventually, settle

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

HOME = Path(__file__).parents[2] / "Home.py"
BARS = "[data-testid=stPlotlyChart] .bars .point path"


@pytest.fixture
def open_view(serve: Callable[..., Any], visit: Callable[..., Page]) -> Callable[..., Page]:
    url = serve(HOME).url

    def open_page(query: str, **options: Any) -> Page:
        page = visit(f"{url}/feature_maps?{query}", **options)
        page.locator(".katex-html").first.wait_for(timeout=SLOW)
        return page

    return open_page


def test_a_pressed_bar_switches_its_filter_off_and_undo_brings_it_back(open_view: Callable[..., Page]) -> None:
    page = open_view("fm_view=surgery")
    page.get_by_text("is missed most").wait_for(timeout=SLOW)  # all filters are known: nothing is drawn anew
    settle(page)
    assert page.locator(".katex-html").first.bounding_box()["height"] > 0  # type: ignore[index]
    assert page.evaluate("document.querySelector('.katex-html').getBoundingClientRect().bottom") <= 720
    page.locator(BARS).first.hover(force=True)
    page.mouse.down()
    page.mouse.up()
    page.wait_for_function("location.search.includes('fm_cut=conv2.')", timeout=SLOW)
    page.get_by_text("went from right to wrong").wait_for(timeout=SLOW)
    eventually(page.get_by_text("From right to wrong:")).to_be_visible()
    settle(page)
    page.get_by_role("button", name="Undo", exact=True).click()
    page.get_by_text("Undamaged").wait_for(timeout=SLOW)
    page.wait_for_function("!location.search.includes('fm_cut')", timeout=SLOW)


@pytest.mark.parametrize("view", ["surgery", "robustness", "unsure"])
def test_a_phone_has_room(open_view: Callable[..., Page], view: str) -> None:
    page = open_view(f"fm_view={view}&fm_cut=bits.3", viewport={"width": 390, "height": 844})
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 844})
        settle(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
