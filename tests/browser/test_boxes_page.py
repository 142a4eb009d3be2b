"""The page "Boxes" as its visitors use it."""

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
IOU, NMS, AP = ".iou-stage", ".suppression", ".precision-stage"
BOTTOMS = "every => every.map(each => each.getBoundingClientRect().bottom)"


@pytest.fixture
def open_page(serve: Callable[..., Any], visit: Callable[..., Page]) -> Callable[..., Page]:
    url = serve(HOME).url

    def opened(query: str, component: str, **options: Any) -> Page:
        page = visit(f"{url}/boxes?{query}", **options)
        page.locator(component).wait_for(timeout=SLOW)
        settle(page)
        return page

    return opened


def address(page: Page, key: str) -> str | None:
    return parse_qs(urlparse(page.url).query).get(key, [None])[0]


def wait_for_address(page: Page, key: str, value: str) -> None:
    asked = "([key, value]) => new URLSearchParams(location.search).get(key) === value"
    page.wait_for_function(asked, arg=[key, value], timeout=SLOW)


def drag(page: Page, start: tuple[float, float], end: tuple[float, float], *, lift: bool = True) -> None:
    """Between places in pixels of the photograph, 320 x 320."""
    box = page.locator(f"{IOU} .stage").bounding_box()
    assert box is not None
    for number, (x, y) in enumerate((start, end)):
        page.mouse.move(box["x"] + x * box["width"] / 320, box["y"] + y * box["height"] / 320, steps=4)
        if not number:
            page.mouse.down()
    if lift:
        page.mouse.up()


def test_dragging_counts_at_once_and_the_address_keeps_it(open_page: Callable[..., Page]) -> None:
    page = open_page("bx_a=100,100,200,200&bx_b=150,100,250,200", IOU)
    stage = page.locator(IOU)
    eventually(stage).to_have_attribute("data-iou", "0.333")
    page.evaluate(COUNT_SENT)
    drag(page, (220, 150), (170, 150), lift=False)
    eventually(stage).to_have_attribute("data-iou", "1.000")
    assert page.evaluate("window.sent") == 0  # it is still held
    page.mouse.up()
    wait_for_address(page, "bx_b", "100,100,200,200")
    page.get_by_text("Both boxes are the same").wait_for(timeout=SLOW)
    drag(page, (200, 200), (200, 150))  # a corner of the box on top
    wait_for_address(page, "bx_b", "100,100,200,150")
    eventually(stage).to_have_attribute("data-iou", "0.500")
    page.reload()
    eventually(page.locator(IOU)).to_have_attribute("data-iou", "0.500")
    page.get_by_role("button", name="Back to the first boxes").click()
    page.wait_for_function("() => !new URLSearchParams(location.search).has('bx_b')", timeout=SLOW)


def test_boxes_by_the_keyboard(open_page: Callable[..., Page]) -> None:
    page = open_page("bx_a=100,100,200,200&bx_b=150,100,250,200", IOU)
    stage = page.locator(f"{IOU} .stage")
    stage.press("ArrowLeft")
    wait_for_address(page, "bx_b", "148,100,248,200")
    stage.press(" ")
    stage.press("Shift+ArrowDown")
    wait_for_address(page, "bx_a", "100,100,200,202")


def test_another_photograph_takes_its_own_boxes(open_page: Callable[..., Page]) -> None:
    page = open_page("", IOU)
    eventually(page.locator(IOU)).to_have_attribute("data-iou", "0.365")
    page.get_by_text("A cup", exact=True).click()
    eventually(page.locator(IOU)).to_have_attribute("data-iou", "0.558")


def test_suppression_is_played_without_the_server(open_page: Callable[..., Page]) -> None:
    page = open_page("bx_view=nms", NMS)
    told, component = page.locator(f"{NMS} .told"), page.locator(NMS)
    page.evaluate(COUNT_SENT)
    eventually(told).to_have_text("Nothing waits any more. Kept: A, F.")
    page.get_by_role("button", name="To the start").click()
    eventually(told).to_have_text("7 boxes, ranked by score; 1 with less than 0.3 left out. Press play, or step.")
    forward = page.get_by_role("button", name="One step forward")
    forward.click()
    eventually(told).to_have_text("Of those that wait, A has the best score, 0.92: it is kept.")
    forward.click()
    eventually(told).to_have_text("A with B: IoU 0.790 > 0.5. B is suppressed.")
    eventually(page.locator(f"{NMS} tr").nth(2)).to_contain_text("out, by A")
    component.locator(".stage").press("End")
    eventually(component).to_have_attribute("data-kept", "A, F")
    assert page.evaluate("window.sent") == 0


def test_the_curve_grows_with_the_list(open_page: Callable[..., Page]) -> None:
    page = open_page("bx_view=ap&bx_detector=careful", AP)
    component, dots = page.locator(AP), page.locator(f"{AP} .dot")
    eventually(component).to_have_attribute("data-area", "0.958")
    eventually(dots).to_have_count(8)
    page.evaluate(COUNT_SENT)
    page.locator(f"{AP} tr").nth(3).click()
    eventually(dots).to_have_count(3)
    eventually(component).to_have_attribute("data-area", "0.500")  # three of six, all right
    eventually(page.locator(f"{AP} .told")).to_contain_text("a true positive. Precision 3 / 3, recall 3 / 6.")
    page.get_by_role("button", name="To the start").click()
    eventually(dots).to_have_count(0)
    assert page.evaluate("window.sent") == 0


@pytest.mark.parametrize(("query", "component"), [("", IOU), ("bx_view=nms", NMS), ("bx_view=ap", AP)])
def test_all_is_on_a_small_projectors_screen(open_page: Callable[..., Page], query: str, component: str) -> None:
    page = open_page(query, component, viewport={"width": 1280, "height": 720})
    assert min(page.locator(".katex-display").evaluate_all(BOTTOMS)) <= 720
    menu = page.get_by_test_id("stTopNavSection").last.bounding_box()
    search = page.locator(".st-key-search").bounding_box()
    assert menu is not None and search is not None and menu["x"] + menu["width"] <= search["x"]
