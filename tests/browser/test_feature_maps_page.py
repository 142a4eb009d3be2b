"""The page "Feature maps" as its visitors use it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sent import COUNT_SENT

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

HOME = Path(__file__).parents[2] / "Home.py"
SLOW = 180_000  # milliseconds, on a busy machine
MAP, SUM = ".feature-maps[data-drawn]", ".computed[data-drawn]"


@pytest.fixture
def open_maps(serve: Callable[..., Any], visit: Callable[..., Page]) -> Callable[..., Page]:
    url = serve(HOME).url

    def open_page(query: str = "", **options: Any) -> Page:
        page = visit(f"{url}/feature_maps?{query}", **options)
        page.locator(MAP).wait_for(timeout=SLOW)
        page.locator(SUM).wait_for(timeout=SLOW)
        page.get_by_text("silent in all").wait_for(timeout=SLOW)  # all has been counted: nothing will be drawn anew
        return page

    return open_page


def wait_for(page: Page, selector: str, name: str, value: str) -> None:
    page.wait_for_function(
        """([selector, name, value]) => [...document.querySelectorAll('*')].some(host =>
        host.shadowRoot?.querySelector(selector)?.dataset[name] === value)""",
        arg=[selector, name, value],
        timeout=SLOW,
    )


def test_keys_show_every_map_without_the_server(open_maps: Callable[..., Page]) -> None:
    page = open_maps("fm_layer=convolution-1&fm_map=2")
    page.evaluate(COUNT_SENT)
    scroller = page.locator(".feature-maps .scroller")
    scroller.press("ArrowRight")
    page.locator(".feature-maps .told").get_by_text("Activation 1, map").wait_for()
    scroller.press("ArrowRight")
    page.locator(".feature-maps .told").get_by_text("Convolution 2, map").wait_for()
    page.locator(".feature-maps .input").get_by_text("10 × 10 pixels").wait_for()
    for _ in range(5):
        scroller.press("ArrowRight")
    page.locator(".feature-maps .told").get_by_text("Activation FC 1, unit").wait_for()
    page.locator(".feature-maps .input").get_by_text("28 × 28 pixels").wait_for()
    assert page.evaluate("() => window.sent") == 0


def test_a_click_explains_the_map_and_stands_in_the_link(open_maps: Callable[..., Page]) -> None:
    page = open_maps("fm_layer=convolution-1&fm_map=2")
    wait_for(page, SUM, "asked", "convolution_1 2")
    page.locator(".feature-maps .scroller").press("ArrowRight")
    page.locator(".feature-maps .scroller").press("Enter")
    page.wait_for_function("location.search.includes('fm_layer=activation-1')", timeout=SLOW)
    page.locator(".computed .head").get_by_text("Activation 1, map").wait_for(timeout=SLOW)
    page.get_by_role("button", name="Convolution 1 map").click()
    page.wait_for_function("location.search.includes('fm_layer=convolution-1')", timeout=SLOW)
    page.locator(".computed .head").get_by_text("Convolution 1, map").wait_for(timeout=SLOW)


def test_the_numbers_of_a_place_follow_the_keys_without_the_server(open_maps: Callable[..., Page]) -> None:
    page = open_maps("fm_layer=convolution-2&fm_map=1&fm_unit=3,4")
    wait_for(page, SUM, "place", "3 4")
    page.evaluate(COUNT_SENT)
    stage = page.locator(".computed .stage")
    stage.press("ArrowDown")
    stage.press("ArrowRight")
    wait_for(page, SUM, "place", "4 5")
    page.locator(".computed .written").get_by_text("Convolution 2, map 1, row 4, column 5").wait_for()
    assert page.locator(".computed .products td").count() == 25
    told, bold = page.locator(".computed .sum > span").first.inner_text(), page.locator(".computed .sum > b")
    numbers = [
        float(each.strip("() ").replace("−", "-")) for each in told.split("=")[0].replace("(bias)", "").split("+")
    ]
    assert sum(numbers) == pytest.approx(float(bold.first.inner_text().replace("−", "-")), abs=0.02)
    assert page.evaluate("() => window.sent") == 0


def test_a_score_is_a_sum_over_units(open_maps: Callable[..., Page]) -> None:
    page = open_maps()
    page.locator(".feature-maps .scores button").first.click()
    page.locator(".computed .head").get_by_text("The logit of “7”").wait_for(timeout=SLOW)
    assert page.locator(".computed .terms li").count() == 24
    page.locator(".computed .sum").get_by_text("(176 others)").wait_for()


def test_all_maps_of_a_layer_are_a_click_away(open_maps: Callable[..., Page]) -> None:
    page = open_maps("i_net=squeezenet&fm_layer=convolution-1")
    page.locator(".feature-maps .scores").get_by_text("Egyptian cat").wait_for()
    page.get_by_text("Show all its maps above").click()
    wait_for(page, MAP, "whole", "features_0 96")
    page.wait_for_function("location.search.includes('fm_all=true')", timeout=SLOW)


def test_nonsense_gets_a_sentence_and_a_phone_has_room(open_maps: Callable[..., Page]) -> None:
    page = open_maps(viewport={"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    unit = page.get_by_role("textbox", name="Unit")
    unit.fill("far left")
    unit.press("Enter")
    page.get_by_text("A unit is a row and a column").wait_for(timeout=SLOW)
    unit.fill("999, 2")
    unit.press("Enter")
    wait_for(page, SUM, "place", "13 2")
