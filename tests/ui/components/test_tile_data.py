"""What the browser gets of a row of tiles."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from explainer.ui.components.tiles import Scale, Tile, TileRow, encode


def row(*pixels: object, scale: Scale = "sequential", limit: float | None = None, size: int = 56) -> TileRow:
    return TileRow("row", tuple(Tile(np.array(each, np.float32)) for each in pixels), scale, limit, size)


def decoded(data: dict[str, Any]) -> np.ndarray:
    """The bytes of a row (n, height, width)."""
    codes = np.frombuffer(base64.b64decode(data["pixels"]), np.uint8)
    return codes.reshape(-1, data["height"], data["width"])


def values(data: dict[str, Any]) -> np.ndarray:
    """What the browser takes the bytes for."""
    steps = (decoded(data).astype(np.float64) - data["base"]) / (255 - data["base"])
    return data["low"] + steps * (data["high"] - data["low"])


def test_tiles_are_sent_one_after_the_other_with_row_0_first() -> None:
    data = encode(row([[0, 51, 102]], [[153, 204, 255]]))
    assert decoded(data).tolist() == [[[0, 51, 102]], [[153, 204, 255]]]
    assert (data["height"], data["width"], data["low"], data["high"], data["base"]) == (1, 3, 0, 255, 0)
    assert (data["title"], data["scale"], data["size"]) == ("row", "sequential", 56)


def test_zero_is_the_exact_middle_of_a_diverging_scale() -> None:
    data = encode(row([[-2.0, -1.0, 0.0, 1.0, 2.0]], scale="diverging"))
    assert decoded(data).tolist() == [[[1, 65, 128, 191, 255]]]  # 63.5 steps off the middle, rounded to 63
    assert (data["low"], data["high"], data["base"]) == (-2, 2, 1)
    assert values(data)[0, 0, 2] == 0


def test_the_smaller_side_of_a_diverging_scale_does_not_fill_it() -> None:
    data = encode(row([[-0.5, 2.0]], scale="diverging"))
    assert (data["low"], data["high"]) == (-2, 2)
    assert decoded(data).tolist() == [[[96, 255]]]  # 1 + 1.5 / 4 * 254 = 96.25


def test_digits_are_sent_exactly() -> None:
    grey = np.arange(256, dtype=np.uint8).reshape(16, 16)
    data = encode(row(grey / 255, scale="grey", limit=1.0))
    np.testing.assert_array_equal(decoded(data)[0], grey)


def test_pictures_in_colour_are_three_bytes_a_pixel() -> None:
    red_and_grey = [[[255, 0, 0], [51, 51, 51]]]
    data = encode(row(red_and_grey, scale="colour", limit=255.0))
    assert list(base64.b64decode(data["pixels"])) == [255, 0, 0, 51, 51, 51]
    assert (data["height"], data["width"], data["low"], data["high"], data["base"]) == (1, 2, 0, 255, 0)
    signed = encode(row([[[-2.0, 0.0, 2.0]]], scale="signed-colour"))
    assert list(base64.b64decode(signed["pixels"])) == [0, 128, 255]  # 127.5 is rounded to even
    assert (signed["low"], signed["high"], signed["base"]) == (-2, 2, 0)


def test_what_is_not_finite_is_byte_0_and_nothing_else_is() -> None:
    data = encode(row([[0, np.nan], [np.inf, 4]]))
    assert decoded(data).tolist() == [[[1, 0], [0, 255]]]
    assert (data["base"], data["high"]) == (1, 4)


def test_a_limit_clips() -> None:
    assert decoded(encode(row([[-1, 0.5, 7]], limit=1.0))).tolist() == [[[0, 128, 255]]]
    assert decoded(encode(row([[-3, 3]], scale="diverging", limit=1.0))).tolist() == [[[1, 255]]]


@pytest.mark.parametrize("pixels", [[[0.0, 0.0]], [[np.nan, np.nan]]])
def test_without_a_largest_magnitude_the_scale_ends_at_1(pixels: list[list[float]]) -> None:
    assert encode(row(pixels))["high"] == 1
    assert encode(row())["high"] == 1
    assert encode(row())["pixels"] == ""


def test_captions_go_as_they_are() -> None:
    tile = Tile(np.zeros((2, 2), np.float32), "4 → 9\n97 %", "<b>true 4</b>", "strong")
    assert encode(TileRow("row", (tile,)))["tiles"] == [
        {"caption": "4 → 9\n97 %", "detail": "<b>true 4</b>", "emphasis": "strong"}
    ]


@given(
    pixels=arrays(np.float32, (2, 3, 4), elements=st.floats(-1e6, 1e6, width=32)),
    scale=st.sampled_from(["sequential", "diverging"]),
)
def test_a_value_is_off_by_half_a_step_at_most(pixels: np.ndarray, scale: Scale) -> None:
    sent = np.abs(pixels) if scale == "sequential" else pixels
    data = encode(row(*sent, scale=scale))
    step = (data["high"] - data["low"]) / (255 - data["base"])
    assert np.abs(values(data) - sent).max() <= step / 2 * (1 + 1e-9)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (row([[1]], [[1, 2]]), r"one size \(height, width\), not \[\(1, 1\), \(1, 2\)\] \(row\)"),
        (row([[[1, 2, 3]]]), r"one size \(height, width\), not \[\(1, 1, 3\)\]"),
        (row([[1]], scale="colour"), r"not \[\(1, 1\)\]"),
        (row([1, 2]), r"one size \(height, width\), not \[\(2,\)\]"),
        (row(np.zeros((0, 3))), r"not \[\(0, 3\)\]"),
        (row([[1]], limit=0.0), r"ends above 0, not at 0\.0 \(row\)"),
        (row([[1]], limit=float("nan")), "not at nan"),
        (row([[1]], limit=float("inf")), "not at inf"),
        (row([[1]], size=15), "16 to 256 pixels large, not 15"),
        (row([[1]], size=257), "not 257"),
    ],
)
def test_impossible_rows_are_refused(wrong: TileRow, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        encode(wrong)
