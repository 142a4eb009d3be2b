"""The digit pad in the app: what is drawn survives all that the app does meanwhile; sizes and themes."""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from drawing_hand import (
    Point,
    contrast,
    densely,
    draw,
    expect_drawing,
    expect_strokes,
    inked_part,
    on_screen,
    open_pad,
    reported,
    watch_ink,
    watched_ink,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page

APP = Path(__file__).parent / "apps/digit_pad_app.py"
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 3,
}

Open = Callable[..., "Page"]

pytestmark = pytest.mark.browser

SEVEN: list[Point] = [(0.25, 0.2), (0.75, 0.2), (0.45, 0.8)]
DASH: list[Point] = [(0.35, 0.5), (0.7, 0.5)]


@pytest.fixture
def open_app(serve: Callable[..., Any], visit: Callable[..., Page]) -> Open:
    return lambda path="", **options: open_pad(visit, f"{serve(APP).url}/{path}", **options)


ZIGZAG: list[Point] = [(0.1 + 0.1 * n, 0.15 if n % 2 else 0.85) for n in range(9)]


@pytest.mark.parametrize("path", ["busy", "rerun"])
def test_no_ink_is_lost_and_none_flickers_while_the_app_reruns(open_app: Open, path: str) -> None:
    """``busy`` reruns fragments five times a second, ``rerun`` the whole page about as often."""
    page = open_app(path)
    watch_ink(page)
    places = [on_screen(page, point) for point in densely(ZIGZAG, 7)]

    page.mouse.move(*places[0])
    page.mouse.down()
    for x, y in places[1:]:
        page.mouse.move(x, y)
        page.wait_for_timeout(25)
    page.mouse.up()

    expect_drawing(page, [ZIGZAG])
    page.wait_for_timeout(500)  # several reruns more: what comes back from Python must not change the drawing
    expect_drawing(page, [ZIGZAG])
    inked = watched_ink(page)
    assert len(inked) > 20
    # Never less than before. Half a percent: leaving points out moves the outline by a part of a pixel.
    assert all(later >= 0.995 * earlier for earlier, later in itertools.pairwise(inked))
    assert inked[-1] > 0.3


def test_ink_stays_when_the_page_runs_again_and_when_the_visitor_comes_back_to_it(open_app: Open) -> None:
    page = open_app()
    draw(page, SEVEN)
    expect_drawing(page, [SEVEN])
    before, painted = reported(page), inked_part(page)

    page.get_by_role("button", name="Run again").click()
    page.get_by_text("runs of the page: 2").wait_for()
    assert (reported(page), inked_part(page)) == (before, painted)

    page.get_by_role("link", name="Other").click()
    page.get_by_text("Nothing to draw on here.").wait_for()
    page.locator("canvas").wait_for(state="detached")
    page.get_by_role("link", name="Pad", exact=True).click()
    page.locator("canvas").wait_for()
    expect_strokes(page, 1)
    assert (reported(page), inked_part(page)) == (before, painted)

    draw(page, DASH)
    expect_strokes(page, 2)


def leave(page: Page) -> None:
    """Opens the other page, by a second press where the first came together with a report of the pad: Streamlit then
    may draw nothing."""
    drawn = page.get_by_text("Nothing to draw on here.")
    for _ in range(5):
        page.get_by_role("link", name="Other").evaluate("link => link.click()")
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            if drawn.is_visible():
                return
            page.wait_for_timeout(100)
    pytest.fail("The other page was never drawn.")


def test_leaving_the_page_in_the_middle_of_a_stroke_loses_none_of_it(open_app: Open) -> None:
    page = open_app()
    page.mouse.move(*on_screen(page, SEVEN[0]))
    page.mouse.down()
    for point in densely(SEVEN, 10)[1:]:
        page.mouse.move(*on_screen(page, point))
    leave(page)
    page.locator("canvas").wait_for(state="detached")
    page.mouse.up()

    page.get_by_role("link", name="Busy").click()

    expect_drawing(page, [SEVEN])


def test_python_can_put_a_drawing_on_the_pad_and_wipe_it(open_app: Open) -> None:
    page = open_app()
    draw(page, SEVEN)
    draw(page, DASH)
    expect_strokes(page, 2)

    page.get_by_role("button", name="One").click()
    expect_drawing(page, [[(0.5, 0.2), (0.5, 0.8)]])
    assert inked_part(page) == pytest.approx(0.6 * 0.09 + math.pi * 0.045**2, rel=0.02)

    draw(page, DASH)
    expect_strokes(page, 2)

    page.get_by_role("button", name="Wipe").click()
    expect_strokes(page, 0)
    assert inked_part(page) == 0


# --- how it looks ---


def test_the_pad_fits_a_phone_and_is_sharp_on_it(open_app: Open) -> None:
    page = open_app(**PHONE)

    box = page.locator("canvas").bounding_box()
    assert box is not None
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390
    assert box["width"] == pytest.approx(box["height"], abs=0.5)
    assert page.locator("canvas").evaluate("canvas => canvas.width") == round(3 * box["width"])
    for name in ("Undo", "Clear"):
        target = page.get_by_role("button", name=name).bounding_box()
        assert target is not None
        assert min(target["width"], target["height"]) >= 44


def test_the_ink_is_painted_anew_at_another_size(open_app: Open) -> None:
    page = open_app()
    draw(page, SEVEN)
    expect_drawing(page, [SEVEN])
    part = inked_part(page)

    page.set_viewport_size({"width": 260, "height": 700})
    page.wait_for_function("() => document.querySelector('.stBidiComponent').getBoundingClientRect().width < 270")
    page.wait_for_timeout(300)

    canvas = page.locator("canvas")
    assert canvas.evaluate("canvas => canvas.width === Math.round(canvas.clientWidth * devicePixelRatio)")
    assert canvas.evaluate("canvas => canvas.width") < 280
    assert inked_part(page) == pytest.approx(part, rel=0.03)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_words_can_be_read_in_both_themes(open_app: Open, scheme: str) -> None:
    page = open_app(color_scheme=scheme)
    draw(page, DASH)

    button = page.get_by_role("button", name="Undo")
    colour, ground = button.evaluate(
        "button => [getComputedStyle(button).color, getComputedStyle(button).backgroundColor]"
    )

    assert contrast(colour, ground) >= 4.5
