"""Pages on a screen that a room looks at: what is taught keeps its share of the window, small or large."""

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
LEAST = 0.02  # of the window's height: digits that are read from the last row
SIZES = [(1280, 720), (1920, 1080)]
WRITTEN = "every => every.filter(e => e.textContent).map(e => parseFloat(getComputedStyle(e).fontSize))"


@pytest.fixture
def projected(serve: Callable[..., Any], visit: Callable[..., Page]) -> Callable[..., Page]:
    def open_page(path: str, size: tuple[int, int]) -> Page:
        page = visit(f"{serve(HOME).url}/{path}", viewport={"width": size[0], "height": size[1]})
        page.locator(".sliding-window[data-row]").wait_for(timeout=SLOW)
        settle(page)
        return page

    return open_page


def numbers(page: Page) -> list[float]:
    """The sizes of the type of all numbers in cells and in the arithmetic, in CSS pixels."""
    grids = json.loads(page.locator(".stage").get_attribute("data-grids") or "[]")
    return [each["numbers"] for each in grids] + page.locator(".table :is(span, b), .steps b").evaluate_all(WRITTEN)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("path", ["convolution", "channels", "pooling", "transposed"])
def test_numbers_can_be_read_from_afar(projected: Callable[..., Page], path: str, size: tuple[int, int]) -> None:
    page = projected(path, size)
    assert len(numbers(page)) > 2
    assert min(numbers(page)) >= LEAST * size[1] - 0.01


def test_a_chart_grows_and_is_read_where_the_pointer_is(serve: Callable[..., Any], visit: Callable[..., Page]) -> None:
    page = visit(f"{serve(HOME).url}/dropout", viewport={"width": SIZES[1][0], "height": SIZES[1][1]})
    plot = page.locator(".js-plotly-plot").first
    plot.wait_for(timeout=SLOW)
    settle(page)
    box = page.locator(".js-plotly-plot .nsewdrag").first.bounding_box()
    note = page.get_by_role("img", name="visibility icon").first.bounding_box()
    chart = plot.bounding_box()
    assert box is not None and note is not None and chart is not None
    assert chart["height"] == pytest.approx(1.5 * plot.evaluate("element => element.offsetHeight"), rel=0.01)
    assert chart["y"] + chart["height"] <= note["y"]
    page.mouse.move(box["x"] + box["width"] * (50 / 101), box["y"] + box["height"] / 2)
    page.get_by_text("mean of 50 passes").first.wait_for()


def test_a_drawing_follows_the_window_and_the_pointer_follows_the_drawing(projected: Callable[..., Page]) -> None:
    page = projected("convolution", SIZES[0])
    before = numbers(page)[0]
    page.set_viewport_size({"width": SIZES[1][0], "height": SIZES[1][1]})
    settle(page)
    assert numbers(page)[0] == pytest.approx(1.5 * before, rel=0.02)
    output = json.loads(page.locator(".stage").get_attribute("data-grids") or "[]")[-1]
    cell = output["cell"]
    page.locator(".stage").hover(position={"x": output["x"] + 2.5 * cell, "y": output["y"] + 1.5 * cell})
    page.locator(".sliding-window[data-looked='gather 1 2']").wait_for()


def test_what_is_written_grows_on_a_presented_page_and_the_drawing_leaves_it_room(
    projected: Callable[..., Page],
) -> None:
    page = projected("convolution", SIZES[0])
    drawn, *_, result = numbers(page)
    page.keyboard.press("p")
    page.locator("html.presenting").wait_for(state="attached")
    settle(page)
    assert numbers(page)[-1] == pytest.approx(4 / 3 * result, rel=0.05)
    assert numbers(page)[0] == pytest.approx(drawn, rel=0.05)
    sentence = page.get_by_test_id("stMarkdownContainer").filter(has=page.get_by_role("img", name="visibility icon"))
    box = sentence.locator("p").last.bounding_box()
    assert box is not None and box["y"] + box["height"] <= SIZES[0][1]
