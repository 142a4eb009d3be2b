"""The page "Receptive field" as its visitors use it: pointing, choosing, and building the stack by hand."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

HOME = Path(__file__).parents[2] / "Home.py"
SLOW = 180_000  # milliseconds, on a busy machine


@pytest.fixture
def open_page(serve: Callable[..., Any], visit: Callable[..., Page]) -> Callable[..., Page]:
    url = serve(HOME).url

    def opened(query: str = "", **options: Any) -> Page:
        return visit(f"{url}/receptive_field?{query}", **options)

    return opened


def wait_for(page: Page, **data: object) -> None:
    """Until the picture shows a unit."""
    parts = "".join(f'[data-{name}="{value}"]' for name, value in data.items())
    page.locator(f".field-picture{parts}").wait_for(timeout=SLOW)


def wait_for_stack(page: Page, stack: str) -> None:
    page.locator(f'.stack-editor[data-stack="{stack}"]').wait_for(timeout=SLOW)
    page.wait_for_url(re.compile(f"stack={stack.replace(',', '(,|%2C)')}(&|$)"), timeout=SLOW)


def test_a_unit_is_pointed_at_stepped_to_and_chosen(open_page: Callable[..., Page]) -> None:
    page = open_page("stack=c3,c3&rf_size=16")
    wait_for(page, layer=2, unit=5, first=5, last=9, read=5)
    page.locator(".field-picture .stage").focus()
    page.keyboard.press("ArrowRight")
    wait_for(page, layer=2, unit=6, first=6, last=10)
    page.keyboard.press("ArrowDown")
    wait_for(page, layer=1, unit=7, first=7, last=9)
    told = page.locator(".field-picture .told")
    assert "It reads: Input: 3. It is read by: Convolution 2: 3." in told.inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("rf_layer=1"), timeout=SLOW)
    page.get_by_text("A unit of Convolution 1 could see 3 × 3 pixels").wait_for(timeout=SLOW)
    page.keyboard.press("Escape")
    photo = page.locator(".field-picture .photo")
    wait_for(page, layer=1, photo=16)
    photo.hover(position={"x": 4, "y": 4})
    wait_for(page, layer=1, unit=0, first=0, last=2)
    pyramid = page.locator(".field-picture .pyramid").bounding_box()
    assert pyramid is not None
    page.mouse.move(pyramid["x"] + pyramid["width"] / 2, pyramid["y"] + 8)
    wait_for(page, layer=2)


def test_a_stack_is_built_by_hand(open_page: Callable[..., Page]) -> None:
    page = open_page("stack=c3,p2&rf_size=32")
    wait_for(page, layer=2)
    page.get_by_role("button", name="Add a layer").click()
    wait_for_stack(page, "c3,p2,c3p1")
    wait_for(page, layer=3, last=19)
    page.get_by_label("Layer 3: dilate").fill("2")
    page.get_by_label("Layer 3: dilate").press("Enter")
    wait_for_stack(page, "c3,p2,c3p1d2")
    page.get_by_label("Kind of layer 1").select_option("l")
    wait_for_stack(page, "c3l2,p2,c3p1d2")
    page.get_by_role("button", name="Move layer 2 with").press("ArrowUp")
    wait_for_stack(page, "p2,c3l2,c3p1d2")
    handle, target = page.locator(".stack-editor .handle").nth(2), page.locator(".stack-editor .layer").nth(0)
    handle.drag_to(target)
    wait_for_stack(page, "c3p1d2,p2,c3l2")
    page.get_by_role("button", name="Remove layer 2").click()
    wait_for_stack(page, "c3p1d2,c3l2")
    wait_for(page, layer=2)
    page.get_by_role("textbox", name="The stack as text").fill("c3,q7")
    page.get_by_role("textbox", name="The stack as text").press("Enter")
    page.get_by_text("Layer 2, “q7”, cannot be read").wait_for(timeout=SLOW)
