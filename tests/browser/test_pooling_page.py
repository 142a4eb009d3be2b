"""The page "Pooling" as its visitors use it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from settled import eventually
from sliding_window_hand import position, press

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

HOME = Path(__file__).parents[2] / "Home.py"
SLOW = 180_000  # milliseconds, on a busy machine


@pytest.fixture
def open_pooling(serve: Callable[..., Any], visit: Callable[..., Page]) -> Callable[..., Page]:
    url = serve(HOME).url

    def open_page(query: str = "", drawn: bool = True) -> Page:
        page = visit(f"{url}/pooling?{query}")
        page.get_by_role("heading", name="Pooling").wait_for(timeout=SLOW)
        if drawn:
            page.locator(".sliding-window[data-drawn]").wait_for(timeout=SLOW)
        return page

    return open_page


def wait_for_value(page: Page, value: float) -> None:
    """Waits until the present position has ``value``."""
    page.wait_for_function(
        """value => [...document.querySelectorAll('*')].some(host => {
            const found = host.shadowRoot?.querySelector('.sliding-window[data-value]');
            return found && Math.abs(Number(found.dataset.value) - value) < 1e-6;
        })""",
        arg=value,
        timeout=SLOW,
    )


def choose(page: Page, option: str) -> None:
    page.get_by_role("radiogroup").get_by_text(option, exact=True).click()


def test_the_maxima_of_the_grid_are_walked_through(open_pooling: Callable[..., Page]) -> None:
    page = open_pooling()
    found = []
    for _ in range(6):
        found.append(position(page)[2])
        press(page, "ArrowRight")
    assert found == [0.7, 0.1, 1.2, 0.6, 0.9, 0.6]


def test_other_kinds_and_windows_change_the_number(open_pooling: Callable[..., Page]) -> None:
    page = open_pooling()
    wait_for_value(page, 0.7)
    choose(page, "Average")
    wait_for_value(page, 0.275)  # (0.2 - 0.1 + 0.3 + 0.7) / 4
    choose(page, "Adaptive")
    choose(page, "Max")
    page.get_by_text("each window is 2 × 3 large").wait_for(timeout=SLOW)
    wait_for_value(page, 0.7)  # the maximum is drawn
    press(page, "End")
    wait_for_value(page, 0.6)
    assert position(page) == (1, 1, 0.6)
    choose(page, "Global")
    page.get_by_text("All 24 numbers become one, 1.2").wait_for(timeout=SLOW)


def test_a_window_larger_than_the_stride_overlaps_and_says_so(open_pooling: Callable[..., Page]) -> None:
    page = open_pooling()
    page.get_by_role("slider", name="Window width").press("ArrowRight")
    page.get_by_text("pixels are never read").wait_for(timeout=SLOW)  # the sixth column
    page.get_by_text("Ceil mode", exact=True).click()
    page.get_by_text("neighbours share 1 column").wait_for(timeout=SLOW)


def test_an_impossible_window_gets_a_sentence(open_pooling: Callable[..., Page]) -> None:
    page = open_pooling("p_wh=5", drawn=False)
    page.get_by_text("The window spans 5 rows").wait_for(timeout=SLOW)
    page.get_by_role("slider", name="Window height").press("Home")
    page.locator(".sliding-window[data-drawn]").wait_for(timeout=SLOW)


def test_a_shift_changes_each_output_by_what_is_said(open_pooling: Callable[..., Page]) -> None:
    page = open_pooling("input=test-digit")
    said = page.get_by_text("Moved by 4 pixels")
    said.wait_for(timeout=SLOW)
    assert len(re.findall(r"\d+\s%", said.inner_text())) == 4  # no pooling and three kinds
    page.get_by_role("slider", name="Shift to the right").press("Home")
    page.get_by_text("Moved by 1 pixel,").wait_for(timeout=SLOW)
    page.get_by_text("no pooling").filter(visible=True).nth(1).wait_for(timeout=SLOW)  # in the sentence, at its curve


def test_the_gradient_of_a_maximum_goes_to_few_cells(open_pooling: Callable[..., Page]) -> None:
    page = open_pooling()
    page.get_by_role("tab", name="Where does the gradient go").click()
    page.get_by_text("passes it on to 6 of the 24 cells of the input, the average to 24").wait_for(timeout=SLOW)
    page.wait_for_function("document.querySelectorAll('.heatmaplayer').length === 2", timeout=SLOW)
    page.wait_for_function("location.search.includes('p_below=')", timeout=SLOW)


def test_other_pages_survive_its_largest_values(open_pooling: Callable[..., Page]) -> None:
    page = open_pooling("input=test-digit&p_sy=12&p_wh=12")
    page.get_by_text("Layers", exact=True).first.click()
    page.locator("a[href$='/convolution']").filter(visible=True).click()
    page.get_by_role("heading", name="Convolution").wait_for(timeout=SLOW)
    page.locator(".sliding-window[data-drawn]").wait_for(timeout=SLOW)
    eventually(page.get_by_role("slider", name="Vertical stride")).to_have_value("1")
    page.go_back()
    page.get_by_role("heading", name="Pooling").wait_for(timeout=SLOW)
    page.wait_for_function(
        "[...document.querySelectorAll('input[type=range]')].some(slider => slider.value === '12')", timeout=SLOW
    )
