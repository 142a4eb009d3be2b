"""The page "Segmentation" as its visitors use it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from settled import eventually, settle

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

HOME = Path(__file__).parents[2] / "Home.py"
SLOW = 240_000  # milliseconds, on a busy machine, where the trainers come last
FITS = "() => document.documentElement.scrollWidth <= innerWidth"
WRONG = ".pixel-tiles .stage[data-wrong]"


@pytest.fixture
def open_page(serve: Callable[..., Any], visit: Callable[..., Page]) -> Callable[..., Page]:
    url = serve(HOME).url

    def opened(query: str, **options: Any) -> Page:
        page = visit(f"{url}/segmentation?{query}", **options)
        page.get_by_text("efore any training").or_(page.get_by_text("Before training")).wait_for(timeout=SLOW)
        return page

    return opened


def test_a_u_net_and_its_twin_train_in_sight_and_survive_a_reload(open_page: Callable[..., Page]) -> None:
    page = open_page("sg_data=digits&sg_length=2&sg_twin=no-skips")
    eventually(page.locator(WRONG)).to_have_count(6)
    before = page.locator(WRONG).nth(0).get_attribute("data-wrong")
    settle(page)
    place = page.locator(WRONG).nth(0).bounding_box()
    page.get_by_role("button", name="Train", exact=True).click()
    eventually(page.locator("[role=progressbar]:visible")).to_have_count(1)
    page.get_by_text("of 32,000 pictures").wait_for(timeout=SLOW)  # of both
    settle(page)
    assert page.locator(WRONG).nth(0).bounding_box() == place  # the pictures have not moved
    eventually(page.locator(WRONG).nth(0)).not_to_have_attribute("data-wrong", str(before))
    page.get_by_text("The network beside it has").wait_for(timeout=SLOW)
    page.reload()
    page.get_by_text("The network beside it has").wait_for(timeout=SLOW)
    page.get_by_role("button", name="Stop").click()
    eventually(page.get_by_role("button", name="Train", exact=True)).to_be_enabled()
    eventually(page.get_by_role("button", name="Weights (safetensors)")).to_be_visible()


def test_a_press_and_the_keys_choose_a_pixel_and_a_skip(open_page: Callable[..., Page]) -> None:
    page = open_page("sg_data=digits")
    second = page.locator(".pixel-tiles .stage").nth(1)
    settle(page)
    box = second.bounding_box()
    assert box is not None
    second.click(position={"x": 20.5 / 96 * box["width"], "y": 30.5 / 96 * box["height"]})
    eventually(page.get_by_text("Picture 2, the pixel in row 31 and column 21")).to_be_visible()
    settle(page)
    second.press("ArrowUp")
    eventually(page.get_by_text("Picture 2, the pixel in row 30 and column 21")).to_be_visible()
    page.wait_for_function("location.search.includes('sg_row=30')", timeout=SLOW)
    settle(page)
    page.get_by_role("button", name="skip 2: press to take it out").click()
    eventually(page.get_by_role("button", name="no skip 2: press to put it in")).to_be_visible()
    page.wait_for_function("location.search.includes('sg_skips')", timeout=SLOW)


def test_what_was_pressed_before_may_be_pressed_again(open_page: Callable[..., Page]) -> None:
    page = open_page("sg_data=digits")
    second = page.locator(".pixel-tiles .stage").nth(1)
    pill = page.locator(".st-key-sg_skips button").nth(1)
    for _ in range(2):
        settle(page)
        second.click(position={"x": 20, "y": 30})
        eventually(page.get_by_text("Picture 2, the pixel in row")).to_be_visible()
        settle(page)
        page.get_by_role("spinbutton", name="Picture of the pixel").fill("1")
        page.keyboard.press("Enter")
        eventually(page.get_by_text("Picture 1, the pixel in row")).to_be_visible()
    for _ in range(2):
        settle(page)
        page.get_by_role("button", name="skip 2: press to take it out").click()
        eventually(page.get_by_role("button", name="no skip 2: press to put it in")).to_be_visible()
        settle(page)
        pill.click()
        eventually(page.get_by_role("button", name="skip 2: press to take it out", exact=True)).to_be_visible()


def test_pointing_tells_of_a_pixel_without_the_server(open_page: Callable[..., Page]) -> None:
    page = open_page("sg_data=digits&sg_layer=truth")
    settle(page)
    stage = page.locator(".pixel-tiles .stage").nth(0)
    box = stage.bounding_box()
    assert box is not None
    stage.hover(position={"x": 2.5 / 96 * box["width"], "y": 3.5 / 96 * box["height"]})
    eventually(page.locator(".pixel-tiles .told")).to_have_text("Row 4, column 3: nothing. In truth: nothing.")


def test_a_phone_shows_all_of_it(open_page: Callable[..., Page]) -> None:
    page = open_page("sg_data=brain", viewport={"width": 320, "height": 844})
    for width in (320, 390):
        page.set_viewport_size({"width": width, "height": 844})
        settle(page)
        assert page.evaluate(FITS)
        assert_drawing_is_legible(page, width)


def assert_drawing_is_legible(page: Page, width: int) -> None:
    """The network's drawing stands within the window, and no text of it upon another."""
    texts = [each.bounding_box() for each in page.locator(".u-picture text").all()]
    assert len(texts) == 21 and all(box is not None and box["height"] >= 12 for box in texts)
    for number, one in enumerate(texts):
        assert one is not None and one["x"] >= 0 and one["x"] + one["width"] <= width
        for other in texts[:number]:
            assert other is not None and not overlap(one, other)
    heights = [each.bounding_box() for each in page.locator(".u-picture .touch").all()]
    assert all(box is not None and box["height"] >= 40 for box in heights)


def overlap(one: Any, other: Any) -> bool:
    """Whether two texts stand on one line, one upon the other; lines that follow each other share their white."""
    return bool(
        min(one["x"] + one["width"], other["x"] + other["width"]) > max(one["x"], other["x"])
        and min(one["y"] + one["height"], other["y"] + other["height"]) - max(one["y"], other["y"]) > one["height"] / 2
    )


def test_a_photograph_is_there_before_any_download_on_every_screen(
    serve: Callable[..., Any], visit: Callable[..., Page], tmp_path: Path
) -> None:
    url = serve(HOME, TORCH_HOME=str(tmp_path)).url
    page = visit(f"{url}/segmentation?sg_view=photographs", viewport={"width": 320, "height": 844})
    eventually(page.get_by_role("button", name="Download LR-ASPP MobileNet V3")).to_be_visible()
    eventually(page.locator(".pixel-tiles .stage")).to_have_count(1)
    settle(page)
    assert page.evaluate(FITS)
