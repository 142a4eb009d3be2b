"""The page "Detection" as its visitors use it."""

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


@pytest.fixture
def open_page(serve: Callable[..., Any], visit: Callable[..., Page]) -> Callable[..., Page]:
    url = serve(HOME).url

    def opened(query: str, **options: Any) -> Page:
        page = visit(f"{url}/detection?{query}", **options)
        page.get_by_text("Before training").wait_for(timeout=SLOW)
        return page

    return opened


def test_a_detector_trains_in_sight_survives_a_reload_and_stops(open_page: Callable[..., Page]) -> None:
    page = open_page("dt_scenes=3200&dt_least=0.01")
    page.get_by_role("button", name="Train", exact=True).click()
    page.locator(".scene-boxes .found rect").first.wait_for(timeout=SLOW)
    page.get_by_text("pictures a second").wait_for(timeout=SLOW)
    page.get_by_text("digits here have a box of their class").wait_for(timeout=SLOW)
    page.locator(".legendtext", has_text="no object").wait_for(timeout=SLOW)  # of the curves
    page.reload()
    page.get_by_text("digits here have a box of their class").wait_for(timeout=SLOW)
    eventually(page.locator(".scene-boxes .found rect").first).to_be_attached()
    stop = page.get_by_role("button", name="Stop")
    if stop.is_enabled():
        stop.click()
    eventually(page.locator("[role=progressbar]:visible")).to_have_count(0)
    eventually(page.get_by_role("button", name="Train", exact=True)).to_be_enabled()
    eventually(page.get_by_role("button", name="Weights (safetensors)")).to_be_visible()


def test_a_press_and_the_keys_choose_a_cell(open_page: Callable[..., Page]) -> None:
    page = open_page("")
    second = page.locator(".scene-boxes .stage").nth(1)
    box = second.bounding_box()
    assert box is not None
    second.click(position={"x": 2.5 / 7 * box["width"], "y": 5.5 / 7 * box["height"]})
    eventually(page.get_by_text("Scene 2, the cell in row 6 and column 3")).to_be_visible()
    settle(page)
    second.press("ArrowUp")
    second.press("ArrowLeft")
    eventually(page.get_by_text("Scene 2, the cell in row 5 and column 2")).to_be_visible()
    eventually(second.locator(".own rect")).to_have_count(2)
    assert "dt_scene=2" in page.url and "dt_row=5" in page.url and "dt_col=2" in page.url


def test_a_press_on_the_twins_picture_looks_at_the_same_scene(open_page: Callable[..., Page]) -> None:
    page = open_page("dt_twin=other-boxes&dt_scene=4")
    settle(page)
    captions = page.locator(".scene-boxes .caption").all_text_contents()
    assert captions == [f"Scene {number}{whose}" for whose in ("", ", beside it") for number in (4, 5, 6)]
    below = page.locator(".scene-boxes .stage").nth(4)
    box = below.bounding_box()
    assert box is not None
    below.click(position={"x": 2.5 / 7 * box["width"], "y": 5.5 / 7 * box["height"]})
    eventually(page.get_by_text("Scene 5, the cell in row 6 and column 3")).to_be_visible()
    eventually(page.locator(".scene-boxes .cell rect")).to_have_count(2)  # in both pictures of the scene
    eventually(page.locator(".scene-boxes .own rect")).to_have_count(2)  # of the cell above alone


def test_all_stands_within_a_phone(open_page: Callable[..., Page]) -> None:
    page = open_page("dt_loss=modern", viewport={"width": 320, "height": 700})
    settle(page)
    assert page.evaluate(FITS)
    sides = page.locator(".scene-boxes .stage").evaluate_all("all => all.map((each) => each.offsetWidth)")
    assert len(sides) == 6 and min(sides) >= 130
