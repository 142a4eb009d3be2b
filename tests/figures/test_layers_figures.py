from __future__ import annotations

import numpy as np
import pytest

from explainer.figures import theme
from explainer.figures.grid_map import grid_map
from explainer.figures.layers import parameters_over_channels, shift_curves

NAN = np.nan
CHANNELS = np.array([1, 4, 32, 512, 1024])
# 3x3 kernels with biases: C (9 C + 1), and C (9 + 1) + C (C + 1) by hand.
STANDARD = np.array([10, 148, 9_248, 2_359_808, 9_438_208])
SEPARABLE = np.array([12, 60, 1_376, 267_776, 1_059_840])
CHANGES = np.array([[0.0, 0.25, 0.5], [0.0, 0.125, 0.25]])


def annotations(figure: object) -> list[str]:
    return [each.text for each in figure.layout.annotations]  # type: ignore[attr-defined]


def test_both_kinds_of_convolution_are_drawn_over_the_channels() -> None:
    figure = parameters_over_channels(CHANNELS, STANDARD, SEPARABLE, 512, dark=False)
    standard, separable, *_ = figure.data
    np.testing.assert_array_equal(standard.x, CHANNELS)
    np.testing.assert_array_equal(standard.y, STANDARD)
    np.testing.assert_array_equal(separable.y, SEPARABLE)
    assert (figure.layout.xaxis.type, figure.layout.yaxis.type) == ("log", "log")
    assert (figure.layout.xaxis.title.text, figure.layout.yaxis.title.text) == ("channels C, in and out", "parameters")
    assert standard.hovertemplate == "%{customdata}, C = %{x:,}<br>%{y:,} parameters<extra></extra>"
    assert separable.customdata[3] == "depthwise separable"


def test_the_chosen_channels_are_marked_with_both_counts() -> None:
    figure = parameters_over_channels(CHANNELS, STANDARD, SEPARABLE, 512, dark=True)
    standard, separable, between, marks = figure.data
    assert standard.name == "standard: <b>2,359,808</b>"
    assert separable.name == "depthwise separable: <b>267,776 (÷ 8.8)</b>"
    assert [(mark.x, mark.y) for mark in (between, marks)] == [((512, 512), (2_359_808, 267_776))] * 2
    assert annotations(figure) == ["<b>2.36 M</b>", "<b>268 k</b>"]
    above, below = figure.layout.annotations
    # A logarithmic axis places annotations by their exponents.
    assert (10**above.x, 10**above.y, 10**below.y) == pytest.approx((512, 2_359_808, 267_776))
    assert (above.xanchor, above.yshift > 0, below.xanchor, below.yshift < 0) == ("right", True, "left", True)


def test_where_the_separable_convolution_is_the_larger_one_its_number_stands_above() -> None:
    figure = parameters_over_channels(CHANNELS, STANDARD, SEPARABLE, 1, dark=False)
    assert annotations(figure) == ["<b>12</b>", "<b>10</b>"]
    assert figure.data[1].name == "depthwise separable: <b>12</b>"
    assert figure.layout.annotations[0].xanchor == "center"  # no room on its left


@pytest.mark.parametrize(
    ("count", "text"),
    [(28, "28"), (9_999, "9,999"), (10_000, "10 k"), (999_499, "999 k"), (999_500, "1 M"), (26_420_628, "26.4 M")],
)
def test_counts_are_written_in_three_digits(count: int, text: str) -> None:
    figure = parameters_over_channels(np.array([7]), np.array([count]), np.array([7]), 7, dark=False)
    assert annotations(figure) == [f"<b>{text}</b>", "<b>7</b>"]


def test_the_marks_and_their_numbers_lie_on_the_axes() -> None:
    layout = parameters_over_channels(CHANNELS, STANDARD, SEPARABLE, 1024, dark=False).layout
    (low, high), (bottom, top) = layout.xaxis.range, layout.yaxis.range
    assert low < 0 and np.log10(1024) < high
    assert bottom < 1 - 0.5 and np.log10(9_438_208) + 0.5 < top  # half a decade for the numbers
    assert all(low <= np.log10(tick) <= high for tick in layout.xaxis.tickvals)
    assert layout.xaxis.ticktext == ("1", "10", "100", "1,000")


def test_channels_that_are_not_there_cannot_be_chosen() -> None:
    with pytest.raises(ValueError, match=r"^5 is not among the numbers of channels"):
        parameters_over_channels(CHANNELS, STANDARD, SEPARABLE, 5, dark=False)


def test_changes_are_drawn_in_percent_over_the_shift() -> None:
    figure = shift_curves(np.arange(3), CHANGES, ["max", "average"], dark=False)
    largest, average = figure.data
    np.testing.assert_array_equal(largest.x, [0, 1, 2])
    np.testing.assert_array_equal(largest.y, [0.0, 25.0, 50.0])
    np.testing.assert_array_equal(average.y, [0.0, 12.5, 25.0])
    assert largest.line.dash != average.line.dash
    assert largest.marker.symbol != average.marker.symbol
    assert figure.layout.xaxis.tickvals == (0, 1, 2)
    assert figure.layout.yaxis.range == (-1.5, 53.0)
    assert (figure.layout.yaxis.ticksuffix, figure.layout.yaxis.tickvals) == ("\u00a0%", None)
    assert figure.layout.xaxis.title.text == "shift of the input (pixels)"
    assert largest.hovertemplate == "%{y:.2f} %"


def test_curves_are_named_at_their_ends_and_names_do_not_overlap() -> None:
    changes = np.array([[0.0, 0.5], [0.0, 0.498], [0.0, 0.1]])
    figure = shift_curves(np.array([0, 8]), changes, ["max", "L2", "average"], dark=True, height=390)
    marks = ("●", "■", "◆")
    names = ["max", "L2", "average"]
    assert annotations(figure) == [
        f'<span style="color:{color}">{mark}</span> {name}'
        for color, mark, name in zip(theme.QUALITATIVE, marks, names, strict=False)
    ]
    first, second, third = figure.layout.annotations
    assert (first.x, first.y, third.y) == (8, 50.0, pytest.approx(10.0))
    pixels = 300 / (figure.layout.yaxis.range[1] - figure.layout.yaxis.range[0])  # of a percent: 390 less 90
    assert (first.y * pixels + first.yshift) - (second.y * pixels + second.yshift) == pytest.approx(22)
    assert third.yshift == 0


def test_changes_that_are_not_finite_are_gaps() -> None:
    changes = np.array([[0.0, np.inf, 0.5], [0.0, 0.1, NAN], [NAN, NAN, NAN]])
    figure = shift_curves(np.arange(3), changes, ["max", "average", "L2"], dark=False)
    np.testing.assert_array_equal(figure.data[0].y, [0.0, NAN, 50.0])
    np.testing.assert_array_equal(figure.data[1].y, [0.0, 10.0, NAN])
    assert [each.connectgaps for each in figure.data] == [None] * 3  # Plotly leaves gaps open
    assert figure.layout.annotations[1].y == 10.0
    assert annotations(figure)[2].endswith(" L2 (no value)")


def test_no_change_at_all_still_has_an_axis() -> None:
    assert shift_curves(np.arange(2), np.zeros((1, 2)), ["none"], dark=False).layout.yaxis.range == (-0.03, 1.06)
    assert shift_curves(np.array([0]), np.zeros((1, 1)), ["none"], dark=False).layout.xaxis.range == (-0.02, 1.0)


def test_a_map_has_its_numbers_in_its_cells() -> None:
    values = np.array([[0.5, -1.0, 0.0], [0.25, NAN, 1.0]])
    cells, numbers = grid_map(values, dark=False, name="gradient").data
    np.testing.assert_array_equal(cells.z, values)
    assert (cells.zmin, cells.zmax) == (-1.0, 1.0)
    assert [color for _, color in cells.colorscale] == list(theme.DIVERGING_LIGHT)
    assert list(numbers.text) == ["0.5", "−1", "0", "0.25", "", "1"]
    np.testing.assert_array_equal(numbers.x, [0, 1, 2, 0, 1, 2])
    np.testing.assert_array_equal(numbers.y, [0, 0, 0, 1, 1, 1])
    assert cells.hovertemplate == "row %{customdata[0]}, column %{customdata[1]}<br>gradient %{z:.6~g}<extra></extra>"
    assert (numbers.hoverinfo, cells.showscale) == ("skip", False)


@pytest.mark.parametrize(
    ("dark", "inks"), [(False, ["#10171f", "#10171f", "#ffffff"]), (True, ["#ffffff", "#ffffff", "#10171f"])]
)
def test_numbers_are_dark_on_light_colours_and_light_on_dark_ones(dark: bool, inks: list[str]) -> None:
    _, numbers = grid_map(np.array([[0.0, 0.1, 1.0]]), dark).data
    assert list(numbers.textfont.color) == inks


def test_a_map_of_magnitudes_begins_at_zero() -> None:
    cells, numbers = grid_map(np.array([[1, 2], [2, 4]]), dark=True, scale="sequential", name="stamps").data
    assert (cells.zmin, cells.zmax) == (0.0, 4.0)
    assert [color for _, color in cells.colorscale] == list(theme.SEQUENTIAL[::-1])
    assert list(numbers.text) == ["1", "2", "2", "4"]


def test_maps_that_are_compared_share_a_limit() -> None:
    cells, _ = grid_map(np.array([[0.25, 0.25]]), dark=False, limit=5.0).data
    assert (cells.zmin, cells.zmax) == (-5.0, 5.0)


def test_where_no_numbers_fit_the_colours_are_explained() -> None:
    (cells,) = grid_map(np.ones((29, 29)), dark=False, scale="sequential", name="stamps").data
    assert cells.showscale
    assert cells.colorbar.title.text == "stamps"
    (long,) = grid_map(np.full((9, 9), 0.123), dark=False, decimals=6).data  # 33 pixels for 5 characters
    assert long.showscale


def test_nothing_but_zeros_and_gaps_has_a_scale() -> None:
    cells, numbers = grid_map(np.array([[0.0, -0.0], [np.inf, NAN]]), dark=False).data
    assert (cells.zmin, cells.zmax) == (-1.0, 1.0)
    assert list(numbers.text) == ["0", "0", "", ""]
    (empty,) = grid_map(np.full((2, 2), NAN), dark=False).data
    assert empty.showscale


def test_a_map_may_count_from_one_in_other_words_with_a_framed_cell() -> None:
    figure = grid_map(
        np.full((7, 7), -0.25), False, first=1, words=("a", "b"), marked=(2, 4), height=440, narrowest=340
    )
    cells, numbers = figure.data
    assert cells.customdata[2, 4].tolist() == [3, 5] and cells.hovertemplate.startswith("a %{customdata[0]}, b %{cus")
    assert figure.layout.yaxis.ticktext == figure.layout.xaxis.ticktext == tuple("1234567")
    assert (figure.layout.yaxis.title.text, figure.layout.xaxis.title.text) == ("a", "b")
    (frame,) = figure.layout.shapes
    assert (frame.x0, frame.x1, frame.y0, frame.y1) == (3.5, 4.5, 1.5, 2.5)
    assert numbers.textfont.size == 15 and numbers.text[0] == "−0.25"


def test_cells_are_square_with_row_0_on_top() -> None:
    layout = grid_map(np.zeros((4, 6)), dark=True, title="Gradient").layout
    assert (layout.yaxis.scaleanchor, layout.yaxis.scaleratio) == ("x", None)
    assert layout.yaxis.range == (3.5, -0.5)
    assert layout.xaxis.range == (-0.5, 5.5)
    assert (layout.yaxis.title.text, layout.xaxis.title.text) == ("row", "column")
    assert layout.xaxis.tickvals == (0, 1, 2, 3, 4, 5)
    assert layout.title.text == "Gradient"
