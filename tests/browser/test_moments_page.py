"""A visitor goes back to earlier moments of a run, and plays it."""

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
SLOW = 180_000  # milliseconds, on a busy machine


def at_moment(page: Page, moment: str) -> None:
    """Until the page has drawn this moment, and the player stands there."""
    selector = f".moments[data-moment='{moment}'][data-shown='{moment}']"
    eventually(page.locator(selector)).to_have_count(1)


def scrub_bar(page: Page) -> Locator:
    return page.get_by_role("slider", name="Moment of the run")


def test_a_run_is_scrubbed_played_and_followed_to_other_pages(
    serve: Callable[..., Any], visit: Callable[..., Page]
) -> None:
    url = serve(HOME).url
    page = visit(f"{url}/train?preset=fast&digits=1000&epochs=3")
    page.get_by_role("button", name="Train", exact=True).click(timeout=SLOW)
    page.locator(".st-key-stop button:enabled").wait_for(timeout=SLOW)
    page.locator(".st-key-stop button:disabled").wait_for(timeout=SLOW)
    at_moment(page, "latest")
    settle(page)
    scrub_bar(page).press("Home")
    at_moment(page, "0")
    page.wait_for_function("() => location.search.includes('i_moment=0')", timeout=SLOW)  # said after the page
    eventually(page.get_by_text(re.compile(r"Epoch 0\.00: .* right"))).to_have_count(1)
    page.goto(f"{url}/feature_maps?i_net=run-1&i_moment=0")
    at_moment(page, "0")
    settle(page)
    before = page.locator(".feature-maps").get_attribute("data-drawn")
    scrub_bar(page).press("ArrowRight")
    eventually(page.locator(".moments:not([data-shown='0'])")).to_have_count(1)
    eventually(page.locator(f".feature-maps:not([data-drawn='{before}'])")).to_have_count(1)
    page.get_by_role("button", name="Play").click()
    at_moment(page, "latest")
    eventually(page.get_by_role("button", name="Play")).to_have_count(1)
    page.wait_for_function("() => !location.search.includes('i_moment')")
    scrub_bar(page).press("Home")
    at_moment(page, "0")
    page.goto(f"{url}/filters?i_net=run-1&i_moment=1")  # a step that is not kept
    eventually(page.locator(".moments[data-shown]")).to_have_count(1)
    assert page.locator(".moments").get_attribute("data-shown") == "0"
