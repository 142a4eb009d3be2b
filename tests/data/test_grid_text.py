"""Grids as people type and paste them: read as they are meant, or as is said; errors count rows and columns from 0."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from explainer.data.grid_text import GridError, format_grid, meanings, parse_grid, parse_numbers

MOST = (8, 8)
SHAPES = array_shapes(min_dims=2, max_dims=2, max_side=8)
GRIDS = arrays(np.float64, SHAPES, elements=st.floats(-1e6, 1e6).map(lambda value: float(f"{value:.6g}")))


@pytest.mark.parametrize(
    "text",
    [
        *("1 2\n3 -4.5", "1,2\n3,-4.5", "1\t2\r\n\n3\t−4.5\n", " 1; 2 \n 3 ;-4.5 ", "1, 2,\n3, -4.5,"),
        *("1\u00a02\n3\u2009−4.5", "1\u202f2\n3 –4.5", "\ufeff1 2\n3 9/-2", "1. 2.\n3. -4.5", "1;2\n3;-4,5"),
        *("[1 2; 3 -4.5]", "A = [1, 2; 3, -4.5];", "1 2; 3 -4.5", "1, 2; 3, -4.5", "1 2;\n3 -4.5;", "[1 2\n 3 -4.5]"),
        *("[[1, 2], [3, -4.5]]", "((1, 2), (3, -4.5))", "[1, 2]\n[3, -4.5]", "[[ 1.   2. ]\n [ 3.  -4.5]]"),
        "kernel = np.array([[1., 2.],\n       [3., -4.5]], dtype=float32)",
        "tensor([[ 1.0000,  2.0000],\n        [ 3.0000, -4.5000]], device='cuda:0', dtype=torch.float64)",
    ],
)
def test_a_grid_is_read_as_people_type_and_paste_it(text: str) -> None:
    assert parse_grid(text, MOST).tolist() == [[1, 2], [3, -4.5]]


@pytest.mark.parametrize(
    ("text", "grid", "said"),
    [
        ("1,5 2,5 3,5", [[1.5, 2.5, 3.5]], "1,5 was read as the one number 1.5"),
        ("1,5;-2,5", [[1.5, -2.5]], "1,5 was read as the one number 1.5"),
        ("1,5\t2\n3\t4,25", [[1.5, 2], [3, 4.25]], "1,5 was read as the one number 1.5"),
        ("1 0,5; 3 4", [[1, 0.5], [3, 4]], "0,5 was read as the one number 0.5"),
        ("1,5", [[1, 5]], "1,5 was read as the two numbers 1 and 5"),
        ("1,5\n2,5", [[1, 5], [2, 5]], "1,5 was read as the two numbers 1 and 5"),
        ("1,5, 2,5", [[1, 5, 2, 5]], "1,5 was read as the two numbers 1 and 5"),
        ("1,5 2.5", [[1, 5, 2.5]], "1,5 was read as the two numbers 1 and 5"),
        ("1; 2; 3", [[1, 2, 3]], "semicolons were read as one row"),
        ("1 2; 3 4", [[1, 2], [3, 4]], "Each semicolon was read as the end of a row"),
    ],
)
def test_of_what_has_two_meanings_is_said_which_was_taken(text: str, grid: list[list[float]], said: str) -> None:
    assert parse_grid(text, MOST).tolist() == grid
    assert said in " ".join(map(str, meanings(text)))


@pytest.mark.parametrize("text", ["1 2", "1, 5", "1,2,3", "1.5,2.5", "1, 5 2, 5", "1;2\n3;4", "[1,5]", "1 2;", "[1,"])
def test_of_what_has_one_meaning_nothing_is_said(text: str) -> None:
    assert meanings(text) == ()


def test_the_other_meaning_is_written_as_is_said() -> None:
    assert "put a space after the comma: 1, 5." in str(meanings("1,5 2,5")[0])
    assert parse_grid("1, 5 2, 5", MOST).tolist() == [[1, 5, 2, 5]]
    assert "type a point: 1.5." in str(meanings("1,5")[0])
    assert parse_grid("1.5", MOST).tolist() == [[1.5]]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("  \n", "The grid is empty"),
        ("[]", "The grid is empty"),
        ("1 2\n3", "Row 1 has 1 number, but row 0 has 2"),
        ("[[1, 2], []]", "Row 1 has 0 numbers, but row 0 has 2"),
        ("1 two", "“two” in row 0, column 1 is not a number"),
        ("nan", "“nan” in row 0, column 0 is not a number"),
        ("1 1/0", "“1/0” in row 0, column 1 is not a number"),
        ("1_0", "“1_0” in row 0, column 0 is not a number"),
        ("1e999", "1e999 in row 0, column 0 is too large"),
        ("-inf", "-inf in row 0, column 0 is too large"),
        ("1 2 3 4 5 6 7 8 9", "1 × 9 cells: type at most 8 × 8"),
        ("\n".join("123456789"), "9 × 1 cells: type at most 8 × 8"),
        ("=SUM(A1)", "“=SUM(A1)” in row 0, column 0 is not a number"),
        ("1\t\t3", "The cell in row 0, column 1 is empty"),
        ("1\t2\n\t4", "The cell in row 1, column 0 is empty"),
        ("1\t2\n3\t", "The cell in row 1, column 1 is empty"),
        ("1;;3", "The cell in row 0, column 1 is empty"),
        ("[[1, , 2]]", "The cell in row 0, column 1 is empty"),
        ("[[1, 2], [3, 4]", "The brackets do not fit together"),
        ("[1, 2] 3", "The brackets do not fit together"),
        ("[[1, 2], 3]", "The brackets do not fit together"),
        ("1 + [2]", "The brackets do not fit together"),
        ("1 2]", "“2]” in row 0, column 1 is not a number"),
    ],
)
def test_what_is_no_grid_gets_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(GridError) as told:
        parse_grid(text, MOST)
    assert sentence in str(told.value)
    assert str(told.value).endswith(".")


def test_numbers_stand_in_rows_of_any_lengths() -> None:
    assert parse_numbers("1 2\n3", 3).tolist() == [1, 2, 3]
    assert parse_numbers("1,5; 2", 3).tolist() == [1.5, 2]
    with pytest.raises(GridError, match="1 × 4 cells: type at most 1 × 3"):
        parse_numbers("1 2; 3 4", 3)


def rows(between: str, after: str, before: str = "", end: str = "") -> Callable[[np.ndarray], str]:
    """A format: ``between`` numbers, ``after`` rows, and around all of it."""
    return lambda grid: before + after.join(between.join(map(repr, row)) for row in grid.tolist()) + end


def with_decimal_commas(between: str) -> Callable[[np.ndarray], str]:
    return lambda grid: rows(between, "\n")(grid).replace(".", ",")


FORMATS = {
    "the app": format_grid,
    "a spreadsheet": rows("\t", "\n"),
    "semicolons": rows(";", "\n"),
    "commas": rows(",", "\r\n"),
    "commas and spaces": rows(", ", ",\n"),
    "Python": lambda grid: repr(grid.tolist()),
    "NumPy": lambda grid: np.array2string(grid, threshold=1_000, floatmode="unique", max_line_width=30),
    "NumPy's repr": lambda grid: np.array_repr(grid, max_line_width=30),
    "MATLAB": rows(" ", "; ", "[", "]"),
    "MATLAB's commas": rows(", ", ";\n", "A = [", "];"),
    "thin spaces": rows("\u2009", "\n"),
    "true minus signs": lambda grid: format_grid(grid).replace("-", "−"),
}
COMMAS = {"tabs": "\t", "semicolons": ";", "spaces": " ", "non-breaking spaces": "\u00a0"}


@pytest.mark.parametrize("name", FORMATS)
@given(grid=GRIDS)
@example(grid=np.array([[1.0, -2.5], [1e-7, 1e6]]))
def test_every_format_of_a_grid_is_read_back_as_that_grid(name: str, grid: np.ndarray) -> None:
    with np.printoptions(precision=17):
        text = FORMATS[name](grid)
    np.testing.assert_array_equal(parse_grid(text, MOST), grid)


@pytest.mark.parametrize("name", COMMAS)
@given(grid=GRIDS)
def test_decimal_commas_are_read_back_where_something_stands_between_numbers(name: str, grid: np.ndarray) -> None:
    text = with_decimal_commas(COMMAS[name])(grid)
    assume(grid.shape[1] > 1 and "," in text)
    np.testing.assert_array_equal(parse_grid(text, MOST), grid)
    assert [said.key for said in meanings(text)][-1:] == ["grids.decimal_comma"]


@given(arrays(np.float64, SHAPES, elements=st.floats(-1e6, 1e6)))
def test_what_is_written_is_read_back_to_six_digits_and_then_exactly(values: np.ndarray) -> None:
    once = parse_grid(format_grid(values), MOST)
    np.testing.assert_allclose(once, values, rtol=1e-5, atol=0)
    np.testing.assert_array_equal(parse_grid(format_grid(once), MOST), once)


@given(st.text(alphabet="0123456789.,;/-+e[]() \t\n\u00a0\u2212axn=", max_size=60))
def test_any_text_is_a_grid_or_gets_a_sentence(text: str) -> None:
    meanings(text)
    try:
        assert parse_grid(text, MOST).ndim == 2
    except GridError as problem:
        assert str(problem).endswith(".")


def test_a_negative_zero_is_written_as_zero() -> None:
    assert format_grid(np.array([[-0.0, 2.0]])) == "0 2"
