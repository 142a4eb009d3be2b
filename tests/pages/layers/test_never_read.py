"""What Convolution and Pooling say of pixels that no window reads: left over at the end, or jumped over."""

from __future__ import annotations

import pytest
from opening import opened
from streamlit.testing.v1 import AppTest

BETWEEN, FLOOR, OTHERS = "lie between those that the window reads", "the floor in the formula", "leaves out the others"
CEIL = "Ceil mode would add"


def notice(at: AppTest) -> str:
    assert not at.exception
    return next(text.value for text in at.markdown if "visibility" in text.value)


@pytest.mark.parametrize(
    ("query", "says", "not_said"),
    [
        (
            {"kernel": "box", "kh": "1", "kw": "1", "sy": "2", "sx": "2"},
            f"33 of 49 pixels are never read: they {BETWEEN}",
            FLOOR,
        ),
        ({"sy": "2", "sx": "2", "dy": "2", "dx": "2"}, f"33 of 49 pixels are never read: they {BETWEEN}", FLOOR),
        ({"sy": "3", "sx": "3"}, FLOOR, BETWEEN),
        ({"kernel": "box", "kh": "2", "kw": "2", "sy": "3", "sx": "3"}, OTHERS, "whole strides only"),
    ],
)
def test_convolution(query: dict[str, str], says: str, not_said: str) -> None:
    said = notice(opened("layers/convolution", query))
    assert says in said
    assert not_said not in said


def pooling(window: tuple[int, int], stride: tuple[int, int]) -> dict[str, str]:
    """A link to windows over the page's first input, of 4 x 6."""
    return dict(zip(("p_wh", "p_ww", "p_sy", "p_sx"), map(str, window + stride), strict=True))


@pytest.mark.parametrize(
    ("query", "says", "not_said"),
    [
        (pooling(window=(1, 1), stride=(3, 5)), f"they {BETWEEN}", "no whole window"),
        (
            pooling(window=(2, 1), stride=(3, 5)),
            f"over 8, and no whole window fits on the others. {CEIL} 2 windows.",
            BETWEEN,
        ),
        (pooling(window=(2, 2), stride=(4, 4)), "over 4, and no whole window fits on the others.", CEIL),
        (pooling(window=(4, 4), stride=(4, 4)), f"no whole window fits on them. {CEIL} one window.", "pass over"),
        ({**pooling(window=(4, 4), stride=(4, 4)), "p_ceil": "true"}, "The largest number", "never read"),
    ],
)
def test_pooling(query: dict[str, str], says: str, not_said: str) -> None:
    said = notice(opened("layers/pooling", query))
    assert says in said
    assert not_said not in said


@pytest.mark.parametrize(
    ("query", "says"),
    [
        (pooling((4, 6), (2, 2)), "Only one window fits, and the largest number in it stays: 1.2."),
        ({**pooling((4, 6), (2, 2)), "p_kind": "average"}, "Only one window fits, and of all numbers in it one mean"),
        (pooling((4, 3), (2, 1)), "Windows beside each other overlap, since the stride is smaller than the window: "
         "neighbours share 2 columns."),
        (pooling((2, 6), (1, 3)), "Windows one below the other overlap, since the stride is smaller than the window: "
         "neighbours share 1 row."),
        (pooling((3, 3), (1, 1)), "neighbours share 2 rows or 2 columns."),
        (pooling((3, 3), (3, 3)), f"6 pixels are never read: no whole window fits on them. {CEIL} 2 windows."),
        (pooling((1, 1), (1, 1)), "holds a single number: each stays as it is."),
        ({**pooling((1, 1), (1, 1)), "p_kind": "l2"}, "its norm is the number without its sign."),
        ({"p_kind": "average", "grid": "3 3; 3 3; 3 3; 3 3"}, "as large as the largest number of the input, 3:"),
        ({"p_kind": "average", "grid": "1 2; 3 4; 0 0; 0 0"}, "the largest of the input is 4, the largest mean 2.5."),
    ],
)  # fmt: skip
def test_pooling_says_what_is_true_of_these_windows(query: dict[str, str], says: str) -> None:
    assert says in notice(opened("layers/pooling", query))
