"""The page "Hyperparameter search" as its visitors use it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from settled import eventually

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

HOME = Path(__file__).parents[2] / "Home.py"
BEGIN = ".st-key-hs_begin button"
SLOW = 240_000  # milliseconds, on a busy machine, where the trainers come last


@pytest.fixture
def open_page(serve: Callable[..., Any], visit: Callable[..., Page]) -> Callable[..., Page]:
    url = serve(HOME).url

    def opened(query: str, **options: Any) -> Page:
        page = visit(f"{url}/hyperparameters?{query}", **options)
        page.locator(BEGIN).wait_for(timeout=SLOW)
        return page

    return opened


def test_a_search_fills_its_map_and_its_best_network_can_be_kept(open_page: Callable[..., Page]) -> None:
    page = open_page("hs_methods=grid&hs_digits=1000&hs_epochs=1")
    page.locator(BEGIN).click()
    page.get_by_text("The best: Grid search").wait_for(timeout=SLOW)
    trials = page.locator(".search-maps .trial")
    eventually(trials).to_have_count(9)
    eventually(page.locator(".search-maps .best")).to_have_count(1)
    trials.nth(8).focus()
    eventually(page.locator(".search-maps .told")).to_contain_text("Run 9: learning rate 0.215, weight decay 0.215")
    page.keyboard.press("Enter")
    eventually(page.get_by_text("Run 9: learning rate 0.215").nth(1)).to_be_visible()
    page.wait_for_url("**hs_trial=grid-9**")
    page.locator(".search-maps .trial:has(.best)").click()
    page.get_by_role("button", name="Keep this network").click()
    page.get_by_text("of the 10,000 test digits. It is among your networks now.").wait_for(timeout=SLOW)
    target = page.get_by_role("link", name="Continue this one").get_attribute("href")
    page.goto(f"{page.url.split('/hyperparameters')[0]}/{target}")
    page.get_by_text("These weights have a test accuracy of").wait_for(timeout=SLOW)
    page.go_back()
    page.get_by_text("The best: Grid search").wait_for(timeout=SLOW)


def test_a_search_can_be_stopped_and_fits_a_phone(open_page: Callable[..., Page]) -> None:
    page = open_page("hs_budget=25&hs_epochs=5", viewport={"width": 320, "height": 700})
    page.locator(BEGIN).click()
    eventually(page.locator(".search-maps .trial").first).to_be_visible()
    page.get_by_role("button", name="Stop", exact=True).click()
    eventually(page.get_by_role("button", name="Stop", exact=True)).to_be_disabled()
    eventually(page.locator(BEGIN)).to_be_enabled()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
