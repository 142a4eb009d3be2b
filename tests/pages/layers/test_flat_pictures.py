"""What Convolution says of a picture of one grey is what its arithmetic gives."""

from __future__ import annotations

import numpy as np
import pytest
from opening import opened, turn

from explainer.data.images import picture_from_rgb
from explainer.layers.kernels import NAMES, kernel
from explainer.words.numbers import decimal

CANCELLING = "1000000 -999999"  # in single precision 127 * 1,000,000 - 127 * 999,999 is 128


def said_of(grey: int, link: dict[str, str]) -> str:
    """The page's sentence on an uploaded picture of one grey."""
    at = opened("layers/convolution", {"input": "upload", **link})
    at.session_state["_upload_picture"] = picture_from_rgb(np.full((40, 30, 3), grey, np.uint8))
    turn(at, "layers/convolution").run()
    assert not at.exception
    return next(text.value for text in at.markdown if "visibility" in text.value)


@pytest.mark.parametrize("grey", [127, 128])
def test_weights_that_all_but_cancel(grey: int) -> None:
    said = said_of(grey, {"kernel": "own", "kh": "1", "kw": "2", "weights": CANCELLING})
    assert f"40 × 30 becomes 40 × 29, and every cell is {grey}:" in said


@pytest.mark.parametrize("name", NAMES)
def test_every_named_kernel(name: str) -> None:
    total = np.rint(10 * kernel(name).sum()) / 10  # of whole numbers, of tenths, or 1
    for grey in (1, 127, 128, 255):
        assert f"every cell is {decimal(grey * total + 0.0, ',.4g')}:" in said_of(grey, {"kernel": name})


def test_weights_of_sum_0_leave_no_rounding() -> None:
    said = said_of(127, {"kernel": "own", "kh": "1", "kw": "3", "weights": "0.1 0.2 -0.3"})
    assert "every cell is 0:" in said


def test_padding_that_darkens_the_border_leaves_a_strongest_cell() -> None:
    assert "most strongly in row 1, column 1: 127." in said_of(127, {"kernel": "box", "padding": "same"})
