"""The page "Channels and filters" as its visitors use it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from settled import settle

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

HOME = Path(__file__).parents[2] / "Home.py"
SLOW = 180_000  # milliseconds, on a busy machine
WINDOW = ".sliding-window[data-row][data-value]"


@pytest.fixture
def open_channels(serve: Callable[..., Any], visit: Callable[..., Page]) -> Callable[..., Page]:
    url = serve(HOME).url

    def open_page(query: str = "", path: str = "channels", **options: Any) -> Page:
        page = visit(f"{url}/{path}?{query}", **options)
        page.locator(WINDOW).wait_for(timeout=SLOW)
        return page

    return open_page


def wait_for_value(page: Page, value: float) -> None:
    page.wait_for_function(
        """value => [...document.querySelectorAll('*')].some(host => host.shadowRoot?.querySelector('[data-row]')
        && Math.abs(Number(host.shadowRoot.querySelector('[data-row]').dataset.value) - value) < 1e-6)""",
        arg=value,
        timeout=SLOW,
    )


def choose(page: Page, name: str, option: str) -> None:
    page.get_by_role("combobox", name=name, exact=True).click()
    page.get_by_role("option", name=option, exact=True).click()


def test_the_numbers_and_play_are_above_the_fold(open_channels: Callable[..., Page]) -> None:
    page = open_channels()
    wait_for_value(page, 23)  # 18 + 2 + 2 + 1
    settle(page)
    grids = json.loads(page.locator(".stage").get_attribute("data-grids") or "[]")
    names = [grid["name"] for grid in grids]
    assert names == ["input"] * 3 + ["kernel"] * 3 + ["partial"] * 3 + ["output"]
    assert all(grid["numbers"] for grid in grids)
    box = page.get_by_role("button", name="Play", exact=True).bounding_box()
    assert box is not None and box["y"] + box["height"] <= 720
    page.get_by_text("22 + 1 (bias)", exact=True).wait_for(timeout=SLOW)


def test_filters_make_maps_and_one_of_them_is_looked_at(open_channels: Callable[..., Page]) -> None:
    page = open_channels()
    page.get_by_role("slider", name="Filters").press("ArrowRight")
    page.get_by_text("All 5 maps").wait_for(timeout=SLOW)
    page.wait_for_function("location.search.includes('filters=5')", timeout=SLOW)
    choose(page, "Filter", "5: blue edges")
    wait_for_value(page, -1)  # sobel y on the blue sky: -8 + 6, and the bias of 1
    page.wait_for_function("location.search.includes('filter=')", timeout=SLOW)
    page.reload()
    page.locator(WINDOW).wait_for(timeout=SLOW)
    wait_for_value(page, -1)
    page.get_by_role("slider", name="Filters").press("Home")
    page.get_by_text("The one map").wait_for(timeout=SLOW)
    wait_for_value(page, 23)  # the filter that was looked at is gone: the first one is


def test_depthwise_sums_nothing_and_the_second_step_mixes(open_channels: Callable[..., Page]) -> None:
    page = open_channels()
    choose(page, "Kind of convolution", "depthwise")
    wait_for_value(page, 19)  # red alone, and the bias
    choose(page, "Channel", "Blue")
    wait_for_value(page, 3)
    choose(page, "Kind of convolution", "depthwise separable")
    choose(page, "Mixture", "2: red against green")
    wait_for_value(page, 17)  # 18 - 2 + 1


def test_planes_are_typed_and_nonsense_gets_a_sentence(open_channels: Callable[..., Page]) -> None:
    page = open_channels()
    numbers = page.get_by_label("Numbers of the input")
    numbers.fill("1 2\n3 4")
    numbers.press("Control+Enter")
    page.get_by_text("The grid has 2 rows: type as many for red").wait_for(timeout=SLOW)
    numbers.fill("0 5\n0 5\n\n0 0\n0 0\n\n0 0\n0 0")
    numbers.press("Control+Enter")
    wait_for_value(page, 11)  # 5 + 5 + 1
    page.get_by_role("slider", name="Kernel size").press("End")
    page.get_by_text("The kernel spans 5 rows").wait_for(timeout=SLOW)
    choose(page, "Padding", "same")
    page.locator(WINDOW).wait_for(timeout=SLOW)


def test_costs_are_multiplied_out(open_channels: Callable[..., Page]) -> None:
    page = open_channels("cin=1028&cout=1028&k=5")
    page.get_by_text("1,028 · 1,028 · 5 · 5", exact=True).wait_for(timeout=SLOW)
    page.get_by_role("cell", name="26,420,628", exact=True).wait_for(timeout=SLOW)
    page.get_by_role("cell", name="1,084,540", exact=True).wait_for(timeout=SLOW)
    groups = page.get_by_label("Groups (g)")
    groups.fill("5")
    groups.press("Enter")
    page.get_by_text("5 groups do not divide 1028 input channels").wait_for(timeout=SLOW)
    page.get_by_role("cell", name="26,420,628", exact=True).wait_for(timeout=SLOW)


def test_a_phone_needs_no_scrolling_sideways(open_channels: Callable[..., Page]) -> None:
    page = open_channels("cin=1028&cout=1028&k=5", viewport={"width": 390, "height": 844})
    page.get_by_role("cell", name="26,420,628", exact=True).wait_for(timeout=SLOW)
    wait_for_value(page, 23)
    settle(page)
    assert page.locator("[data-testid=stMain]").evaluate("main => main.scrollWidth") <= 390


def test_what_was_typed_on_another_page_does_not_reach_this_one(open_channels: Callable[..., Page]) -> None:
    page = open_channels("grid=1+2+3%0A4+5+6%0A7+8+9&bias=2.5&padding=full", path="convolution")
    page.get_by_text("3 × 3 becomes 5 × 5").wait_for(timeout=SLOW)
    page.get_by_text("Layers", exact=True).click()
    page.get_by_role("menuitem", name="Channels and filters").click()
    page.get_by_role("heading", name="Channels and filters").wait_for(timeout=SLOW)
    wait_for_value(page, 23)
