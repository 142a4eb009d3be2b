from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from explainer.data.grid_text import GridError, format_grid, parse_grid

MOST = (8, 8)


@pytest.mark.parametrize("text", ["1 2\n3 -4.5", "1,2\n3,-4.5", "1\t2\r\n\n3\t−4.5\n", " 1; 2 \n 3 ;-4.5 "])
def test_rows_are_lines_and_numbers_are_set_apart_by_what_people_type(text: str) -> None:
    assert parse_grid(text, MOST).tolist() == [[1, 2], [3, -4.5]]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("  \n", "The grid is empty"),
        ("1 2\n3", "Row 2 has 1 numbers, but row 1 has 2"),
        ("1 two", "“two” in row 1, column 2 is no number"),
        ("nan", "nan in row 1, column 1 is too large"),
        ("1e999", "1e999 in row 1, column 1 is too large"),
        ("1 2 3 4 5 6 7 8 9", "1 x 9 cells: type at most 8 x 8"),
        ("\n".join("123456789"), "9 x 1 cells: type at most 8 x 8"),
        ("=SUM(A1)", "“=SUM(A1)” in row 1, column 1 is no number"),
    ],
)
def test_what_is_no_grid_gets_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(GridError) as told:
        parse_grid(text, MOST)
    assert sentence in str(told.value)
    assert str(told.value).endswith(".")


@given(arrays(np.float64, array_shapes(min_dims=2, max_dims=2, max_side=8), elements=st.floats(-1e6, 1e6)))
def test_what_is_written_is_read_back_to_six_digits(values: np.ndarray) -> None:
    np.testing.assert_allclose(parse_grid(format_grid(values), MOST), values, rtol=1e-5, atol=0)


def test_a_negative_zero_is_written_as_zero() -> None:
    assert format_grid(np.array([[-0.0, 2.0]])) == "0 2"
