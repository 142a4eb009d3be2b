"""The page "Architectures" as its visitors use it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sent import COUNT_SENT
from settled import eventually, settle

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

HOME = Path(__file__).parents[2] / "Home.py"
SLOW = 180_000  # milliseconds, on a busy machine
PICTURE, TABLE = ".costs", ".layers"


@pytest.fixture
def open_architecture(serve: Callable[..., Any], visit: Callable[..., Page]) -> Callable[..., Page]:
    url = serve(HOME).url

    def open_page(query: str = "", **options: Any) -> Page:
        page = visit(f"{url}/architectures?{query}", **options)
        page.locator(f"{PICTURE}[data-items]").wait_for(timeout=SLOW)
        page.locator(f"{TABLE}[data-rows]").wait_for(timeout=SLOW)
        return page

    return open_page


def test_folding_zooming_and_sorting_never_ask_the_server(open_architecture: Callable[..., Page]) -> None:
    page = open_architecture("network=resnet50")
    page.wait_for_timeout(500)
    page.evaluate(COUNT_SENT)
    picture, scroller = page.locator(PICTURE), page.locator(f"{PICTURE} .scroller")
    eventually(picture).to_have_attribute("data-items", "13")
    page.get_by_role("button", name="Unfold all").click()
    eventually(picture).to_have_attribute("data-items", "73")
    page.get_by_role("button", name="Fold all").click()
    scroller.press("Home")
    page.get_by_text("Input: Input. Maps: 3 of 224 × 224.").wait_for()
    for _ in range(4):
        scroller.press("ArrowRight")
    page.get_by_text("Bottleneck × 2. Layers: 8.").wait_for()
    scroller.press("Enter")
    eventually(picture).to_have_attribute("data-open", "4")
    eventually(picture).to_have_attribute("data-items", "20")
    eventually(picture.locator(".skip")).to_have_count(2)
    table = page.locator(TABLE)
    eventually(table).to_have_attribute("data-rows", "14")
    table.get_by_role("button", name="▸ Bottleneck × 5").click()
    eventually(table).to_have_attribute("data-rows", "34")
    table.get_by_role("button", name="MACs").click()
    eventually(table.locator("tbody tr").first).to_contain_text("Bottleneck × 5")
    assert page.evaluate("window.sent") == 0


def test_zooming_keeps_the_place(open_architecture: Callable[..., Page]) -> None:
    page = open_architecture("network=vgg16")
    scroller = page.locator(f"{PICTURE} .scroller")
    box = scroller.bounding_box()
    assert box is not None
    x = box["x"] + 0.6 * box["width"]
    page.mouse.move(x, box["y"] + 100)
    before = page.locator(f"{PICTURE} .told").inner_text()
    page.keyboard.down("Control")
    page.mouse.wheel(0, -300)
    page.keyboard.up("Control")
    eventually(page.locator(f"{PICTURE}:not([data-zoom='1'])")).to_have_count(1)
    page.mouse.move(x - 1, box["y"] + 100)
    eventually(page.locator(f"{PICTURE} .told")).to_have_text(before)


def test_a_click_on_a_layer_is_in_the_address_the_formula_and_the_table(
    open_architecture: Callable[..., Page],
) -> None:
    page = open_architecture()
    page.locator(f"{PICTURE} .column").nth(3).locator(".face").click()
    page.wait_for_url("**layer=c3**")
    page.get_by_text("A unit of C3 sees 14 × 14 pixels of the input.").wait_for()
    eventually(page.locator(f"{TABLE} tr.chosen")).to_contain_text("C3")
    page.locator(f"{TABLE} [data-layer='F6']").click()
    page.wait_for_url("**layer=f6**")
    eventually(page.locator(PICTURE)).to_have_attribute("data-chosen", "F6")


def test_a_visitor_who_unfolds_a_block_and_chooses_in_it_sees_it_stay(open_architecture: Callable[..., Page]) -> None:
    page = open_architecture("network=squeezenet1-0")
    picture = page.locator(PICTURE)
    page.get_by_role("button", name="Unfold all").click()
    items = picture.get_attribute("data-items")
    picture.locator(".column").nth(5).locator(".face").click()
    page.wait_for_url("**layer=**")
    page.get_by_text("A unit of features.3.expand3x3 sees").wait_for()
    eventually(picture).to_have_attribute("data-items", items or "")


def test_on_a_phone_nothing_scrolls_sideways(open_architecture: Callable[..., Page]) -> None:
    page = open_architecture("network=resnet152", viewport={"width": 390, "height": 844})
    page.locator(".st-key-wide_table").wait_for(timeout=SLOW)
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 844})
        settle(page)
        assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= width


def test_the_bars_of_memory_follow_the_batch(open_architecture: Callable[..., Page]) -> None:
    page = open_architecture("network=vgg16&batch=128&optimizer=adam")
    page.get_by_text("Training, on each device: 11.6 GB").wait_for()
    eventually(page.locator(".memory .part")).to_have_count(6)  # inference has weights and activations alone
    page.get_by_role("slider", name="Batch").first.press("ArrowLeft")
    page.get_by_text("Training, on each device: 6.91 GB").wait_for()


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1920, 1080)])
def test_a_photograph_and_its_map_of_scores_stand_beside_each_other(
    serve: Callable[..., Any], visit: Callable[..., Page], width: int, height: int
) -> None:
    page = visit(f"{serve(HOME).url}/architectures?ar_view=scores", viewport={"width": width, "height": height})
    canvases = page.locator(".scores canvas")
    page.locator(".scores[data-rows]").wait_for(timeout=SLOW)
    settle(page)
    one, other = (box for box in (canvases.nth(at).bounding_box() for at in (0, 1)) if box)
    assert one["y"] == other["y"] and one["width"] == other["width"] > width / 3
    canvases.nth(1).hover()
    eventually(page.locator(".scores .told")).to_contain_text("soup bowl")
