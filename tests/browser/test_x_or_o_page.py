"""The page "X or O" as its visitors use it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlparse

import pytest
from sent import COUNT_SENT
from settled import eventually

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser

HOME = Path(__file__).parents[2] / "Home.py"
SLOW = 180_000  # milliseconds, on a busy machine
NETWORK, STEPS, SEARCHES = ".hand-network", ".two-steps", ".two-searches"


@pytest.fixture
def open_page(serve: Callable[..., Any], visit: Callable[..., Page]) -> Callable[..., Page]:
    url = serve(HOME).url

    def opened(query: str, component: str) -> Page:
        page = visit(f"{url}/x_or_o?{query}")
        page.locator(component).locator(".transport button").first.wait_for(timeout=SLOW)
        page.wait_for_timeout(1000)
        return page

    return opened


def cell(page: Page, component: str, block: str, number: int) -> Locator:
    return page.locator(f'{component} [data-block="{block}"] .cell').nth(number)


def address(page: Page, key: str) -> str | None:
    return parse_qs(urlparse(page.url).query).get(key, [None])[0]


def wait_for_address(page: Page, key: str) -> str:
    page.wait_for_function("key => new URLSearchParams(location.search).has(key)", arg=key, timeout=SLOW)
    found = address(page, key)
    assert found is not None
    return found


def test_every_value_says_where_it_comes_from_without_the_server(open_page: Callable[..., Page]) -> None:
    page = open_page("", NETWORK)
    told = page.locator(f"{NETWORK} .told")
    page.evaluate(COUNT_SENT)
    cell(page, NETWORK, "maps0", 0).hover(force=True)
    eventually(told).to_have_text("Map 1: row 0, column 0. Pixel times weight, nine times, and the mean: 7 / 9 = 0.77.")
    cell(page, NETWORK, "pooled0", 15).hover(force=True)
    eventually(told).to_have_text("Pooled 1: row 3, column 3. The largest of 1 (0.77) is 0.77.")
    cell(page, NETWORK, "votes0", 0).hover(force=True)
    eventually(told).to_contain_text("0.2 · 1.00 + 0.2 · 1.00 + 0.2 · 1.00 + 0.2 · 1.00 + 0.2 · 1.00 = 1.00")
    page.get_by_role("button", name="To the start").click()
    page.get_by_role("button", name="One step forward").click()
    eventually(told).to_contain_text("Map 1: row 0, column 1")
    eventually(page.locator(f"{NETWORK} .vote").first).to_have_text("")  # not computed yet
    page.get_by_role("button", name="To the end").click()
    eventually(page.locator(f"{NETWORK} .vote").first).to_have_text("1.00")
    assert page.evaluate("window.sent") == 0


def test_what_is_drawn_and_dragged_is_answered_at_once_and_survives_a_reload(open_page: Callable[..., Page]) -> None:
    page = open_page("", NETWORK)
    network = page.locator(NETWORK)
    cell(page, NETWORK, "input", 0).click(force=True)
    assert wait_for_address(page, "xo_pixels") == "100411105010141110400"
    page.get_by_text("the network takes your drawing for an").wait_for(timeout=SLOW)
    box = cell(page, NETWORK, "weights0", 0).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 10, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 10, box["y"] + 46, steps=4)
    eventually(network).to_have_attribute("data-x", "0.80")
    assert address(page, "xo_votes") is None  # it is still held
    page.mouse.up()
    assert wait_for_address(page, "xo_votes").startswith("0_0_0_0.2_")
    page.reload()
    eventually(page.locator(NETWORK)).to_have_attribute("data-x", "0.80")
    page.get_by_role("button", name="Reset the weights").click()
    eventually(page.locator(NETWORK)).to_have_attribute("data-x", "1.00")


def test_pixels_and_weights_by_the_keyboard(open_page: Callable[..., Page]) -> None:
    page = open_page("xo_picture=o", NETWORK)
    told = page.locator(f"{NETWORK} .told")
    stage = page.locator(f"{NETWORK} .stage")
    stage.press("ArrowRight")
    stage.press(" ")
    eventually(told).to_contain_text("Pixel in row 4, column 5: 1.")
    stage.press("PageDown")
    stage.press("-")
    eventually(told).to_contain_text("Feature 1, row 0, column 0: 0.9.")
    assert wait_for_address(page, "xo_features").startswith("0.9_-1_-1")


def test_gradients_and_searches_answer_a_pointer(open_page: Callable[..., Page]) -> None:
    page = open_page("xo_view=steps", STEPS)
    told = page.locator(f"{STEPS} .told")
    cell(page, STEPS, "votes0gradient", 0).hover(force=True)
    eventually(told).to_contain_text("(p − y) · x = (−0.3907) · 1 = −0.3907")
    cell(page, STEPS, "features0gradient", 0).hover(force=True)
    eventually(told).to_contain_text("the sum over 4 places with a gradient")
    page.get_by_role("button", name="To the start").click()
    cell(page, STEPS, "features0after", 0).hover(force=True)
    eventually(told).to_have_text("This is not computed yet: play on.")
    page = open_page("xo_view=learning", SEARCHES)
    page.get_by_role("button", name="To the start").click()
    eventually(page.locator(f"{SEARCHES} .told")).to_contain_text("gradient descent 0.694, hill climbing 0.694")
