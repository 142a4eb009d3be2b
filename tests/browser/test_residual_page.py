"""The page "Residual connections" as its visitors use it."""

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
SLOW = 240_000  # milliseconds, on a busy machine, where the trainers come last


@pytest.fixture
def open_page(serve: Callable[..., Any], visit: Callable[..., Page]) -> Callable[..., Page]:
    url = serve(HOME).url

    def opened(query: str, **options: Any) -> Page:
        page = visit(f"{url}/residual?{query}", **options)
        page.get_by_role("button", name="Train both").wait_for(timeout=SLOW)
        return page

    return opened


def test_what_trains_can_be_stopped_and_is_there_after_another_page(open_page: Callable[..., Page]) -> None:
    page = open_page("res_layers=8")
    eventually(page.get_by_text("A block adds")).to_be_visible()
    page.get_by_role("button", name="Train both").click()
    eventually(page.get_by_text("plain: ").first).to_be_visible()
    page.get_by_text("the plain network of 8 layers misreads").wait_for(timeout=SLOW)
    eventually(page.get_by_text("Training error", exact=True)).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    eventually(page.locator("[role=progressbar]:visible")).to_have_count(0)
    eventually(page.get_by_role("button", name="Train both")).to_be_enabled()
    page.get_by_role("link", name="Welcome").click()
    page.locator("h1").filter(has_text="Inside a CNN").wait_for(timeout=SLOW)
    page.go_back()
    page.get_by_text("the plain network of 8 layers misreads").wait_for(timeout=SLOW)


def test_a_block_is_drawn_within_a_phone(open_page: Callable[..., Page]) -> None:
    page = open_page("res_view=block&res_block=9", viewport={"width": 320, "height": 700})
    picture = page.locator(".block-picture")
    eventually(picture.get_by_text("residual, block 9 of 9")).to_be_visible()
    assert picture.locator("circle").count() == 1  # the sum, of the block with a skip
    ends = picture.locator("text").evaluate_all("all => all.map((text) => text.getBoundingClientRect().right)")
    assert max(ends) <= 320
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_powers_of_ten_have_room_beside_the_ways(open_page: Callable[..., Page]) -> None:
    page = open_page("res_view=block&res_layers=32&res_bn=false")  # whose plain network's gradient vanishes
    picture = page.locator(".block-picture")
    eventually(picture.get_by_text("plain, block 1 of 15")).to_be_visible()
    settle(page)  # until its own font is there, a text has another width
    assert "10⁻" in (picture.locator("text", has_text="∂L/∂x‖").first.text_content() or "")
    over = picture.locator("text").evaluate_all("""all => all.filter((text) => {
        const { x, width } = text.getBBox();
        return x + width > text.ownerSVGElement.viewBox.baseVal.width;
    }).map((text) => text.textContent)""")
    assert over == []
    around = picture.locator("svg", has=page.locator("circle"))
    way = around.locator("path").evaluate_all(
        "all => Math.max(...all.map((path) => path.getBBox().x + path.getBBox().width))"
    )
    through = around.locator("text", has_text="∂F/∂x").evaluate("text => text.getBBox().x + text.getBBox().width")
    assert through < way
