"""The views "A real detector" and "Anchors" of the page "Detection" as their visitors use them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlparse

import pytest
from sent import COUNT_SENT
from settled import eventually, settle

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

HOME = Path(__file__).parents[2] / "Home.py"
SLOW = 180_000  # milliseconds, on a busy machine
FACES, ANCHORS = ".scene-boxes", ".anchor-stage"
FITS = "document.documentElement.scrollWidth <= window.innerWidth"
MARGIN, WIDTH, HEIGHT = 90, 902, 600  # of the stage with the eye, in pixels of what the network reads


@pytest.fixture
def open_page(serve: Callable[..., Any], visit: Callable[..., Page]) -> Callable[..., Page]:
    url = serve(HOME).url

    def opened(query: str, component: str, **options: Any) -> Page:
        page = visit(f"{url}/detection?{query}", **options)
        page.locator(component).wait_for(timeout=SLOW)
        settle(page)
        return page

    return opened


def wait_for_address(page: Page, key: str, value: str) -> None:
    asked = "([key, value]) => new URLSearchParams(location.search).get(key) === value"
    page.wait_for_function(asked, arg=[key, value], timeout=SLOW)


def at(page: Page, x: float, y: float) -> tuple[float, float]:
    """On the screen, of a place in pixels of the photograph with the eye."""
    box = page.locator(f"{ANCHORS} .stage").bounding_box()
    assert box is not None
    scale = box["width"] / (WIDTH + 2 * MARGIN)
    return box["x"] + (x + MARGIN) * scale, box["y"] + (y + MARGIN) * scale


def drag(page: Page, start: tuple[float, float], end: tuple[float, float], *, lift: bool = True) -> None:
    page.mouse.move(*at(page, *start))
    page.mouse.down()
    page.mouse.move(*at(page, *end), steps=4)
    if lift:
        page.mouse.up()


def test_a_press_and_the_keys_choose_a_cell_of_a_photograph(open_page: Callable[..., Page]) -> None:
    page = open_page("dt_view=faces", FACES)
    stage = page.locator(f"{FACES} .stage")
    eventually(stage.locator(".found rect:not(.casing)")).to_have_count(2)
    box = stage.bounding_box()
    assert box is not None
    stage.click(position={"x": 5.5 / 7 * box["width"], "y": 4.5 / 7 * box["height"]})
    eventually(page.get_by_text("The cell in row 5 and column 6")).to_be_visible()
    stage.press("ArrowUp")
    wait_for_address(page, "dt_frow", "4")
    eventually(stage.locator(".own rect")).to_have_count(5)
    page.get_by_text("After suppression", exact=True).click()
    eventually(stage.locator(".found rect:not(.casing)")).to_have_count(1)
    page.get_by_text("416 × 416", exact=True).click()
    eventually(page.get_by_text("1 of 845")).to_be_visible()
    page.reload()
    eventually(page.get_by_text("The cell in row 4 and column 6")).to_be_visible(timeout=SLOW)


def test_the_truth_is_dragged_and_the_list_follows_at_once(open_page: Callable[..., Page]) -> None:
    page = open_page("dt_view=anchors&dt_truth=300,200,400,300&dt_arow=15&dt_acol=22", ANCHORS)
    root, row = page.locator(ANCHORS), page.locator(f"{ANCHORS} .row").nth(1)
    eventually(row.locator(".iou")).to_have_text("0.572")  # 100 * 96 / (128² + 100² - 100 * 96)
    page.evaluate(COUNT_SENT)
    drag(page, (350, 250), (450, 350), lift=False)
    eventually(root).not_to_have_attribute("data-truth", "300,200,400,300")
    eventually(row.locator(".iou")).not_to_have_text("0.572")
    assert page.evaluate("window.sent") == 0  # it is still held
    page.mouse.up()
    page.wait_for_function("!location.search.includes('dt_truth=300')", timeout=SLOW)
    truth = root.get_attribute("data-truth")
    assert truth and parse_qs(urlparse(page.url).query)["dt_truth"] == [truth]
    left, top, right, bottom = map(int, truth.split(","))
    assert (right - left, bottom - top) == (100, 100) and abs(left - 400) <= 3 and abs(top - 300) <= 3
    stage = page.locator(f"{ANCHORS} .stage")
    stage.press("ArrowRight")
    wait_for_address(page, "dt_truth", f"{left + 2},{top},{right + 2},{bottom}")
    stage.press("Shift+ArrowDown")
    wait_for_address(page, "dt_truth", f"{left + 2},{top},{right + 2},{bottom + 2}")


def test_a_press_beside_the_truth_chooses_a_position_and_the_list_an_anchor(open_page: Callable[..., Page]) -> None:
    page = open_page("dt_view=anchors", ANCHORS)
    page.mouse.click(*at(page, 16 * 40 + 8, 16 * 30 + 8))
    wait_for_address(page, "dt_acol", "41")
    wait_for_address(page, "dt_arow", "31")
    page.get_by_text("in row 31, column 41").wait_for(timeout=SLOW)
    page.locator(f"{ANCHORS} .row").nth(5).click()
    wait_for_address(page, "dt_nine", "6")
    page.get_by_text("The anchor of 362 × 181 in row 31").wait_for(timeout=SLOW)
    page.locator(f"{ANCHORS} .row").nth(5).press("ArrowUp")
    wait_for_address(page, "dt_nine", "5")
    eventually(page.locator(f"{ANCHORS} .row[aria-checked=true]")).to_have_count(1)


@pytest.mark.parametrize(("query", "component"), [("dt_view=faces", FACES), ("dt_view=anchors", ANCHORS)])
def test_the_picture_is_on_a_projectors_screen_and_all_within_a_phone(
    open_page: Callable[..., Page], query: str, component: str
) -> None:
    page = open_page(query, component)
    for part in (page.locator(f"{component} .stage").first, page.locator("[data-testid=stMain] .katex-display").first):
        box = part.bounding_box()
        assert box is not None and box["y"] + box["height"] <= 720
    for width in (320, 390):
        page.set_viewport_size({"width": width, "height": 700})
        settle(page)
        assert page.evaluate(FITS)
