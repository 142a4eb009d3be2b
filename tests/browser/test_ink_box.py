"""The box on a photograph of handwriting, dragged by mouse and by keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image
from settled import settle

from explainer.data.digits import load

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser

HOME = Path(__file__).parents[2] / "Home.py"
SLOW = 180_000  # milliseconds, on a busy machine


@pytest.fixture
def page(serve: Callable[..., Any], visit: Callable[..., Page], tmp_path: Path) -> Page:
    """A page of a network of digits, with a photograph of a large 7 at the left and a small 2 at the right."""
    digits, sheet = load("mnist").test_images, np.full((160, 320), 235, np.uint8)
    for number, side, top, left in ((0, 112, 20, 20), (1, 56, 60, 230)):
        large = np.asarray(Image.fromarray(digits[number]).resize((side, side))).astype(float)
        sheet[top : top + side, left : left + side] -= (large * 0.8).astype(np.uint8)
    Image.fromarray(sheet).save(tmp_path / "two.png")
    opened = visit(f"{serve(HOME).url}/attribution?i_in=upload")
    opened.locator("input[type=file]").set_input_files(tmp_path / "two.png", timeout=SLOW)
    reads(opened, 7)
    return opened


def reads(page: Page, digit: int) -> None:
    page.get_by_text(f"is read as {digit}").first.wait_for(timeout=SLOW)
    settle(page)  # what is drawn below the sentence may still move the photograph


def at(stage: Locator, row: float, column: float) -> tuple[float, float]:
    """Where a pixel of the photograph is on the screen."""
    box = stage.bounding_box()
    assert box
    return box["x"] + column / 320 * box["width"], box["y"] + row / 160 * box["height"]


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=4)
    page.mouse.up()


def test_a_new_box_is_drawn_moved_by_keys_and_given_up(page: Page) -> None:
    stage, again = page.locator(".photograph"), page.get_by_role("button", name="Find it again")
    stage.scroll_into_view_if_needed()
    assert not again.is_visible()
    drag(page, at(stage, 50, 215), at(stage, 125, 300))
    reads(page, 2)
    again.wait_for()
    again.click()
    reads(page, 7)
    stage.focus()
    for _ in range(30):
        page.keyboard.press("ArrowRight")  # 2 % of 320 pixels each: the box of the 7 comes over the 2
    reads(page, 2)
    page.keyboard.press("Escape")
    reads(page, 7)


def test_a_box_without_ink_is_a_sentence_and_the_next_box_is_read(page: Page) -> None:
    stage = page.locator(".photograph")
    stage.scroll_into_view_if_needed()
    drag(page, at(stage, 5, 160), at(stage, 40, 210))
    page.get_by_text("There is no ink in the box: draw it around a digit.").wait_for(timeout=SLOW)
    drag(page, at(stage, 50, 215), at(stage, 125, 300))
    reads(page, 2)
