"""The sliding window in a real browser: positions, what a visitor points at, and that nothing asks the server."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from sliding_window_hand import APP, MARKS, color, data, frames, open_case, point, position, press, text

from explainer.figures import theme

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

# The output of the case "grid": the sharpening kernel over the 7x7 grid.
OUTPUT = np.array(
    [
        [3, 21, 3, 0, -3],
        [21, -40, 21, 2, 3],
        [3, 21, 3, 0, -3],
        [0, 2, 0, -7, 13],
        [-3, 3, -1, 8, 0],
    ]
)


@pytest.fixture
def show(serve: Callable[..., Any], visit: Callable[..., Page]) -> Callable[..., Page]:
    return lambda case, **options: open_case(visit, serve(APP).url, case, **options)


def test_keys_step_forward_back_and_to_the_ends(show: Callable[..., Page]) -> None:
    page = show("grid")
    assert position(page) == (0, 0, 3)
    for keys, row, column in (
        (("ArrowRight",), 0, 1),
        (("ArrowDown",), 1, 1),
        (("ArrowLeft",), 1, 0),
        (("ArrowLeft",), 0, 4),  # the row before
        (("ArrowRight",), 1, 0),
        (("ArrowUp", "ArrowUp"), 0, 0),  # the border holds
        (("ArrowLeft",), 0, 0),
        (("End",), 4, 4),
        (("ArrowRight",), 4, 4),
        (("ArrowDown",), 4, 4),
        (("Home",), 0, 0),
    ):
        press(page, *keys)
        assert position(page) == (row, column, OUTPUT[row, column])


def test_buttons_and_the_scrubber_step(show: Callable[..., Page]) -> None:
    page = show("grid")
    page.get_by_role("button", name="One step forward").click()
    page.keyboard.press("ArrowDown")  # the keys obey after a click on a button, too
    frames(page)
    assert position(page) == (1, 1, -40)
    page.get_by_role("button", name="One step back").click()
    page.get_by_role("slider", name="Position").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    frames(page)
    assert position(page) == (1, 2, 21)
    scrubber = page.get_by_role("slider", name="Position")
    assert (scrubber.input_value(), scrubber.get_attribute("aria-valuetext")) == ("7", "Row 1, column 2")
    page.get_by_role("button", name="To the end").click()
    frames(page)
    assert position(page) == (4, 4, 0)


def test_keys_elsewhere_are_left_alone(show: Callable[..., Page]) -> None:
    page = show("grid")
    field = page.get_by_role("textbox", name="Name")
    field.click()
    page.keyboard.press("End")
    page.keyboard.type(" b c")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("-")
    assert field.input_value() == "a- b c"
    frames(page)
    assert position(page)[:2] == (0, 0)
    assert data(page, "playing") == "false"


def test_an_output_cell_tells_where_it_came_from(show: Callable[..., Page]) -> None:
    page = show("mean")
    point(page, "output", 3, 0)
    assert text(page, ".arithmetic .head") == "Output row 3, column 0"
    factors = page.locator(".table span").all_inner_texts()
    assert factors == ["1 × (−1)", "3 × 0", "5 × 1", "0 × (−2)", "1 × 0", "2 × 2", "−1 × (−1)", "0 × 0", "1 × 1"]
    assert page.locator(".table b").all_inner_texts() == ["−1", "0", "5", "0", "0", "4", "1", "0", "1"]
    steps = [" ".join(step.split()) for step in page.locator(".steps p").all_inner_texts()]
    assert steps == [
        "−1 + 0 + 5 + 0 + 0 + 4 + 1 + 0 + 1 = 10",
        "10 ÷ 9 = 1.111",
        "1.111 + 0.25 (bias) = 1.361",
        "ReLU(1.361) = 1.361",
    ]
    assert position(page)[:2] == (0, 0)  # a glance
    assert data(page, "looked") == "gather 3 0"
    page.mouse.move(1, 1)
    frames(page)
    assert text(page, ".arithmetic .head") == "Output row 0, column 0"
    point(page, "output", 3, 0)
    page.mouse.down()
    page.mouse.up()
    page.mouse.move(1, 1)
    frames(page)
    assert position(page)[:2] == (3, 0)  # a click stays


def test_the_window_lights_only_what_dilation_leaves(show: Callable[..., Page]) -> None:
    page = show("dilated")
    lit = [[color(page, MARKS, "input", y, x) is not None for x in range(7)] for y in range(7)]
    expected = np.zeros((7, 7), bool)
    expected[:5:2, :5:2] = True
    np.testing.assert_array_equal(lit, expected)


def test_an_input_cell_lights_every_output_that_reads_it(show: Callable[..., Page]) -> None:
    page = show("grid")
    point(page, "input", 2, 1)
    assert text(page, ".head") == "Input row 2, column 1: 5 · read by 6 output cells"
    # Output (r, c) reads it with the kernel's weight (2 - r, 1 - c), on that weight's colour.
    colors = {5: theme.DIVERGING_LIGHT[10], -1: theme.DIVERGING_LIGHT[4], 0: theme.DIVERGING_LIGHT[5]}
    kernel = [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]
    for row in range(5):
        for column in range(5):
            read = row <= 2 and column <= 1
            expected = colors[kernel[2 - row][1 - column]] if read else None
            assert color(page, MARKS, "output", row, column) == expected


def test_a_weight_lights_all_that_it_touches(show: Callable[..., Page]) -> None:
    page = show("grid")
    press(page, "ArrowRight")
    point(page, "kernel", 1, 2)
    head = text(page, ".head")
    assert head == (
        "Weight −1 at kernel row 1, column 2 · It is multiplied with 25 cells of the input"
        " · at this position: 3 × (−1) = −3"
    )
    lit = [[color(page, MARKS, "input", y, x) is not None for x in range(7)] for y in range(7)]
    expected = np.zeros((7, 7), bool)
    expected[1:6, 2:] = True
    np.testing.assert_array_equal(lit, expected)


def test_pixels_that_no_window_reads_are_marked(show: Callable[..., Page]) -> None:
    page = show("unread")
    assert text(page, ".legend") == "never read"
    point(page, "input", 5, 1)
    assert text(page, ".head") == "Input row 5, column 1: 0 · never read: the window does not reach it"
    point(page, "input", 4, 4)
    assert "read by 1 output cells" not in text(page, ".head")
    assert "read by 1 output cell" in text(page, ".head")


def test_padding_says_what_it_copies(show: Callable[..., Page]) -> None:
    page = show("reflect")
    assert text(page, ".legend") == "padding: copies of the input"
    point(page, "input", 0, 2)  # copies row 1, column 1
    assert text(page, ".head") == "Padding: 3 · read by 3 output cells"
    point(page, "input", 2, 2)  # the pixel itself: with its copies, every output within reach reads it
    assert text(page, ".head") == "Input row 1, column 1: 3 · read by 9 output cells"
    assert color(page, MARKS, "output", 0, 1) == theme.DIVERGING_LIGHT[3]  # −1 of the row below and of the copy above


def test_nothing_asks_the_server(show: Callable[..., Page]) -> None:
    page = show("digit")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate(
        """() => {
            window.sent = 0;
            const send = WebSocket.prototype.send;
            WebSocket.prototype.send = function (...data) { window.sent += 1; return send.apply(this, data); };
        }"""
    )
    for row in range(0, 28, 5):
        point(page, "output", row, row)
        point(page, "input", row, 3)
    point(page, "kernel", 1, 1)
    press(page, "ArrowRight", "ArrowLeft", "End", "Home")
    page.get_by_role("slider", name="Speed").press("ArrowRight")
    page.get_by_role("button", name="Output so far").click()
    page.get_by_role("button", name="Play").click()
    page.wait_for_timeout(700)
    page.get_by_role("button", name="Pause").click()
    assert position(page)[:2] > (0, 5)
    assert (asked, page.evaluate("window.sent")) == ([], 0)
    page.get_by_role("button", name="Change").click()  # and this is what asking looks like
    page.wait_for_function("window.sent > 0")
