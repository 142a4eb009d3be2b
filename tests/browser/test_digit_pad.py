"""What a visitor draws with mouse, finger or keys reaches Python, live and whole."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from drawing_hand import (
    Point,
    draw,
    draw_by_touch,
    expect_drawing,
    expect_strokes,
    inked_part,
    mnist_ink,
    on_screen,
    open_pad,
    reported,
)

from explainer.data.drawing import rasterize, validate_strokes

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


def test_drawing_undoing_and_clearing_with_the_mouse(open_app: Open) -> None:
    page = open_app()
    assert mnist_ink(page) == 0

    draw(page, SEVEN)
    expect_drawing(page, [SEVEN])
    assert mnist_ink(page) > 10_000
    seven_alone = inked_part(page)
    strokes = validate_strokes(reported(page))  # what is seen is what is read
    assert seven_alone == pytest.approx(rasterize(strokes).mean() / 255, rel=0.01)

    draw(page, DASH)
    expect_drawing(page, [SEVEN, DASH])
    assert inked_part(page) > seven_alone

    page.get_by_role("button", name="Undo").click()
    expect_strokes(page, 1)
    assert inked_part(page) == seven_alone

    page.get_by_role("button", name="Clear").click()
    expect_strokes(page, 0)
    assert inked_part(page) == 0
    assert mnist_ink(page) == 0


def test_undo_brings_back_what_was_cleared(open_app: Open) -> None:
    page = open_app()
    draw(page, SEVEN)
    draw(page, DASH)
    expect_strokes(page, 2)
    page.get_by_role("button", name="Clear").click()
    expect_strokes(page, 0)

    page.get_by_role("button", name="Undo").click()

    expect_drawing(page, [SEVEN, DASH])


def test_python_sees_the_stroke_while_it_is_drawn(open_app: Open) -> None:
    page = open_app()
    page.mouse.move(*on_screen(page, (0.2, 0.5)))
    page.mouse.down()
    page.mouse.move(*on_screen(page, (0.5, 0.5)), steps=5)

    expect_strokes(page, 1)
    early = mnist_ink(page)
    page.mouse.move(*on_screen(page, (0.5, 0.9)), steps=5)
    page.wait_for_function("early => !document.body.textContent.includes(`ink: ${early}`)", arg=early)

    page.mouse.up()
    expect_drawing(page, [[(0.2, 0.5), (0.5, 0.5), (0.5, 0.9)]])


def test_a_tap_is_a_dot(open_app: Open) -> None:
    page = open_app(**PHONE)

    page.touchscreen.tap(*on_screen(page, (0.5, 0.5)))

    expect_strokes(page, 1)
    assert len(reported(page)[0]) == 1
    assert inked_part(page) == pytest.approx(math.pi * 0.045**2, rel=0.05)


def test_drawing_with_a_finger_on_a_phone(open_app: Open) -> None:
    page = open_app(**PHONE)
    scrolled = page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop")

    draw_by_touch(page, SEVEN)
    draw_by_touch(page, DASH)

    expect_drawing(page, [SEVEN, DASH])
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == scrolled


def test_a_second_finger_draws_nothing(open_app: Open) -> None:
    page = open_app(**PHONE)
    session = page.context.new_cdp_session(page)

    def touch(kind: str, *points: Point) -> None:
        places = [dict(zip("xy", on_screen(page, point), strict=True), id=n) for n, point in enumerate(points)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    touch("touchStart", (0.2, 0.2))
    touch("touchMove", (0.2, 0.4))
    touch("touchStart", (0.2, 0.4), (0.8, 0.8))
    touch("touchMove", (0.2, 0.6), (0.8, 0.4))
    touch("touchEnd")

    expect_drawing(page, [[(0.2, 0.2), (0.2, 0.6)]])


def test_the_pen_lifts_at_the_border_and_begins_anew_where_it_comes_back(open_app: Open) -> None:
    page = open_app()

    draw(page, [(0.5, 0.5), (1.3, 0.5), (1.3, 0.7), (0.5, 0.7)], steps=8)

    expect_drawing(page, [[(0.5, 0.5), (1.0, 0.5)], [(1.0, 0.7), (0.5, 0.7)]])


def test_other_mouse_buttons_do_not_draw(open_app: Open) -> None:
    page = open_app()
    page.mouse.move(*on_screen(page, (0.3, 0.3)))
    page.mouse.down(button="right")
    page.mouse.move(*on_screen(page, (0.6, 0.6)))
    page.mouse.up(button="right")

    draw(page, DASH)

    expect_drawing(page, [DASH])


def test_a_curve_is_sent_with_few_points(open_app: Open) -> None:
    circle = [(0.5 + 0.3 * math.sin(n / 32), 0.5 - 0.3 * math.cos(n / 32)) for n in range(200)]
    page = open_app()

    draw(page, circle, steps=1)

    expect_drawing(page, [circle])
    assert len(reported(page)[0]) < 140  # of 200: what the browser rounds to pixels is no straight line


def test_a_full_pad_says_so_and_takes_no_more(open_app: Open) -> None:
    page = open_app()
    for n in range(100):
        page.mouse.click(*on_screen(page, (0.05 + n % 10 / 11, 0.05 + n // 10 / 11)))
    expect_strokes(page, 100)
    notice = page.get_by_text("The pad is full")
    assert notice.is_visible()

    draw(page, [(0.5, 0.5), (1.2, 0.5), (0.5, 0.5)])
    page.get_by_role("button", name="Undo").click()

    expect_strokes(page, 99)
    assert notice.is_hidden()


# --- the keyboard ---


def test_drawing_with_the_keyboard_alone(open_app: Open) -> None:
    page = open_app()
    pad = page.get_by_role("application", name="Drawing pad")
    pad.focus()

    for key in [*["ArrowUp"] * 7, " ", *["ArrowDown"] * 14, " ", *["ArrowLeft"] * 4, "ArrowRight"]:
        page.keyboard.press(key)

    expect_drawing(page, [[(0.5, 0.25), (0.5, 0.75)]])


def test_keys_undo_and_clear(open_app: Open) -> None:
    page = open_app()
    for stroke in (SEVEN, DASH, SEVEN, DASH):
        draw(page, stroke)
    expect_strokes(page, 4)

    page.keyboard.press("Control+z")
    expect_strokes(page, 3)
    page.keyboard.press("Backspace")
    expect_strokes(page, 2)
    page.keyboard.press("Escape")
    expect_strokes(page, 0)
    page.keyboard.press("Meta+z")
    expect_strokes(page, 2)
    page.keyboard.press("Delete")
    expect_strokes(page, 0)


def test_the_buttons_work_by_keyboard_and_keep_the_focus(open_app: Open) -> None:
    page = open_app()
    draw(page, SEVEN)
    expect_strokes(page, 1)

    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect_strokes(page, 0)
    clear = page.get_by_role("button", name="Clear")
    assert clear.evaluate("button => button.getRootNode().activeElement === button")
    assert clear.get_attribute("aria-disabled") == "true"


def test_the_brush_makes_all_strokes_as_wide(open_app: Open) -> None:
    page = open_app()
    draw(page, SEVEN)
    expect_drawing(page, [SEVEN])
    before = mnist_ink(page)
    brush = page.get_by_role("slider", name="Brush")
    brush.press("End")
    page.wait_for_function("ink => !document.body.textContent.includes(`ink: ${ink}`)", arg=before)
    strokes = validate_strokes(reported(page))
    assert inked_part(page) == pytest.approx(rasterize(strokes, width=0.18).mean() / 255, rel=0.02)
