"""The sliding window in a real browser: every kind of layer, with the arithmetic of one of its positions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from sliding_window_hand import APP, BASE, color, data, frames, grids, open_case, place, point, position, press, text

from explainer.figures import theme

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@pytest.fixture
def show(serve: Callable[..., Any], visit: Callable[..., Page]) -> Callable[..., Page]:
    return lambda case, **options: open_case(visit, serve(APP).url, case, **options)


@pytest.mark.parametrize(
    ("case", "keys", "steps"),
    [
        ("max", ["ArrowRight", "ArrowRight"], ["max of 1.2, 0.3, 0.1, 0.4 = 1.2"]),
        ("average", [], ["0.2 − 0.1 + 0.3 + 0.7 = 1.1", "1.1 ÷ 4 = 0.275"]),
        ("l2", [], ["√(0.2² + (−0.1)² + 0.3² + 0.7²) = 0.794"]),  # root of 0.63
        ("one", ["ArrowRight"], ["0 − 1 + 0 − 1 + 15 − 5 + 0 − 5 + 0 = 3"]),
        ("signal", ["ArrowRight"], ["−0.5 + 1.4 − 1.25 = −0.35"]),
        ("extreme", [], ["1e−8 = 1e−8"]),
        ("extreme", ["ArrowRight"], ["0 = 0"]),  # of minus zero
        ("extreme", ["ArrowDown"], ["1e6 = 1e6"]),
        ("rgb", [], ["0.25 − 0.05 − 0.35 = −0.15", "−0.15 + 0.5 (bias) = 0.35", "ReLU(0.35) = 0.35"]),
    ],
)
def test_the_arithmetic_is_written_out(show: Callable[..., Page], case: str, keys: list[str], steps: list[str]) -> None:
    page = show(case)
    press(page, *keys)
    assert [" ".join(step.split()) for step in page.locator(".steps p").all_inner_texts()] == steps
    last = steps[-1].rsplit("= ", 1)[1].replace("−", "-")
    assert position(page)[2] == pytest.approx(float(last), abs=6e-4)


def test_pooling_has_no_kernel_and_marks_the_largest(show: Callable[..., Page]) -> None:
    page = show("max")
    assert grids(page, "kernel") == []
    assert page.locator(".table .best b").all_inner_texts() == ["0.7"]
    point(page, "input", 1, 1)
    assert text(page, ".head") == "Input row 1, column 1: 0.7 · read by 1 output cell"


def test_a_large_kernel_is_abbreviated_to_the_sums_of_its_rows(show: Callable[..., Page]) -> None:
    page = show("large_kernel")
    point(page, "output", 9, 9)
    first = page.locator(".steps p").first.inner_text()
    assert first.startswith("rows: ")
    *sums, total = (
        float(number.replace(" ", ""))
        for number in first[6:].replace("−", "-").replace("+", ",").replace("=", ",").split(",")
    )
    assert len(sums) == 11
    assert sum(sums) == pytest.approx(total, abs=11 * 6e-4)
    size = page.locator(".plane canvas").evaluate("canvas => [canvas.width, canvas.height]")
    assert size == [11, 11]  # a colour each


def test_a_global_window_counts_its_values(show: Callable[..., Page]) -> None:
    page = show("global")
    steps = page.locator(".steps p").all_inner_texts()
    assert "784 values" in steps[0]
    assert "÷ 784" in steps[1]
    for name in ("To the end", "One step forward"):
        button = page.get_by_role("button", name=name)
        assert button.get_attribute("aria-disabled") == "true"


def test_planes_have_partial_maps_that_lead_to_the_output(show: Callable[..., Page]) -> None:
    page = show("rgb")
    assert [len(grids(page, name)) for name in ("input", "kernel", "partial", "output")] == [3, 3, 3, 1]
    assert page.locator(".plane > p").all_inner_texts() == ["Red: 0.25", "Green: −0.05", "Blue: −0.35"]
    point(page, "partial", 2, 4, plane=1)
    assert text(page, ".head") == "Output row 2, column 4"
    assert page.locator(".plane > p").all_inner_texts() == ["Red: −0.8", "Green: 0.75", "Blue: 0"]
    point(page, "input", 1, 1, plane=2)  # the first pixel of blue, reached with padding 1
    assert "read by 4 output cells" in text(page, ".head")


def test_partial_maps_have_cells_for_their_numbers(show: Callable[..., Page]) -> None:
    page = show("rgb")
    inputs, partials = grids(page, "input"), grids(page, "partial")
    assert all(grid["numbers"] for grid in partials)
    assert partials[0]["cell"] >= 28 > inputs[0]["cell"]
    bottoms = [each["y"] + each["tall"] * rows for each, rows in ((inputs[0], 7), (partials[0], 5))]
    assert bottoms[1] <= bottoms[0]
    assert place(page, "partial", 0, 5)[0] < place(page, "output", 0, -1)[0]


@pytest.mark.parametrize(
    ("case", "left", "noted"), [("grid", "kernel", False), ("mean", "kernel", True), ("max", "input", True)]
)
def test_what_else_leads_to_the_output_stands_below_the_sign(
    show: Callable[..., Page], case: str, left: str, noted: bool
) -> None:
    page = show(case)  # "mean" divides, adds a bias and has an activation; "max" is a kind of pooling
    columns = {"kernel": 3, "input": 6}[left]
    (before,), (output,) = grids(page, left), grids(page, "output")
    right = before["x"] + before["cell"] * columns + 3
    middle = page.locator(".stage").evaluate("stage => (stage.clientHeight - 6 + 30) / 2")
    drawn = page.locator(".stage canvas").first.evaluate(
        """(canvas, box) => {
            const dots = canvas.width / canvas.clientWidth;
            const { data } = canvas.getContext("2d").getImageData(...box.map((each) => dots * each));
            return data.some((value, i) => i % 4 === 3 && value > 0);
        }""",
        [right, middle + 23, output["x"] - 3 - right, 14],
    )
    assert drawn is noted


def test_a_stamp_is_added_into_the_output(show: Callable[..., Page]) -> None:
    page = show("stamps")
    press(page, "ArrowRight")
    assert text(page, ".head") == "Input row 0, column 1: 2 × kernel"
    assert page.locator(".table b").all_inner_texts() == ["1", "2", "3", "2", "4", "6", "3", "6", "9"]
    assert position(page) == (0, 1, 2)
    assert color(page, BASE, "output", 6, 6) == theme.DIVERGING_LIGHT[5]  # the last stamp is to come
    point(page, "output", 2, 2)
    assert page.locator(".steps p").first.inner_text().split("\n")[0] == "4.5 + 3 − 1.5 + 1.5"
    page.mouse.move(1, 1)
    page.get_by_role("button", name="Output so far").click()
    frames(page)
    assert color(page, BASE, "output", 6, 6) != theme.DIVERGING_LIGHT[5]
    point(page, "kernel", 2, 2)
    assert text(page, ".head") == "Weight 4.5 at kernel row 2, column 2 · It lands on 9 cells of the output"


def test_an_output_cell_that_no_stamp_reaches_says_so(show: Callable[..., Page]) -> None:
    page = show("gaps")  # stride 3, kernel 2
    point(page, "output", 2, 1)
    assert text(page, ".steps") == "Nothing reaches this cell = 0"
    point(page, "output", 3, 1)
    assert text(page, ".steps p") == "−1 = −1"  # pixel (1, 0) of −1 times weight 1


def test_a_photograph_has_a_lens(show: Callable[..., Page]) -> None:
    page = show("photo")
    assert not page.locator(".lens").is_visible()
    point(page, "output", 100, 200)
    assert page.locator(".lens").is_visible()
    row, column = (int(part) for part in data(page, "looked").split()[1:])
    assert (abs(row - 100), abs(column - 200)) <= (2, 2)
    shown = page.locator(".lens p").inner_text()
    assert shown == " ".join(page.locator(".steps .final b").inner_text().split())
    point(page, "input", 300, 300)
    assert page.locator(".lens canvas").evaluate("canvas => canvas.width") > 5 * 40  # it and its neighbours
    point(page, "kernel", 1, 1)
    assert not page.locator(".lens").is_visible()  # its numbers are large enough
