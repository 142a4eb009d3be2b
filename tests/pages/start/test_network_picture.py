from __future__ import annotations

import base64
import re
from pathlib import Path

import numpy as np
import pytest

from explainer.data import forward_pass
from explainer.data.forward_pass import Part
from pages.start.welcome import network_picture
from pages.start.welcome.network_picture import LEVELS, picture, receptive_fields

DATA = picture("en")
RECORDED = forward_pass.load().parts


def map_part(kernel: int, stride: int = 1, padding: int = 0) -> Part:
    return Part(f"{kernel} {stride}", np.zeros((10, 1, 9, 9), np.float32), kernel, stride, padding)


def test_receptive_fields_of_the_picture() -> None:
    """By hand: 5; one more pixel; 4 more steps of 2 pixels; one more of 2; then everything."""
    assert receptive_fields(RECORDED) == {
        "input": 1,
        "convolution_1": 5,
        "pooling_1": 6,
        "convolution_2": 14,
        "pooling_2": 16,
        "fully_connected": 0,
        "probabilities": 0,
    }


@pytest.mark.parametrize("windows", [[(3, 1)], [(3, 2), (3, 2)], [(5, 2), (2, 2), (4, 3)], [(1, 1), (7, 1)]])
def test_receptive_fields_count_the_pixels_that_matter(windows: list[tuple[int, int]]) -> None:
    """Against following every window back, pixel by pixel."""
    needed = {0}
    for kernel, stride in reversed(windows):
        needed = {position * stride + offset for position in needed for offset in range(kernel)}
    parts = tuple(map_part(kernel, stride) for kernel, stride in windows)
    assert receptive_fields(parts)[parts[-1].name] == len(needed)


@pytest.mark.parametrize("order", range(7))
def test_the_browser_gets_the_recorded_values(order: int) -> None:
    part, sent = RECORDED[order], DATA["parts"][order]
    assert sent["name"] == part.name
    for digit in range(10):
        levels = np.frombuffer(base64.b64decode(sent["values"][digit]), "<u2")
        decoded = levels.reshape(part.values.shape[1:]) / LEVELS * sent["largest"]
        np.testing.assert_allclose(decoded, part.values[digit], atol=sent["largest"] / LEVELS)


def test_words_are_filled_in() -> None:
    assert "20,266 parameters" in DATA["intro"] and "98.7 %" in DATA["intro"]
    assert [part["detail"] for part in DATA["parts"]] == [
        "28 × 28 pixels",
        "4 maps 28 × 28",
        "4 maps 14 × 14",
        "8 maps 14 × 14",
        "8 maps 7 × 7",
        "48 neurons",
        "10 probabilities",
    ]
    assert "16 × 16 pixels" in DATA["parts"][4]["story"]
    for part in DATA["parts"]:
        assert not re.search(r"[{}]", part["story"])


def test_readouts_name_only_what_the_browser_fills_in() -> None:
    filled = {"map", "label", "row", "column", "value", *DATA["parts"][0]}
    for part in DATA["parts"]:
        assert set(re.findall(r"\{(\w+)\}", part["readout"])) <= filled


def test_nothing_is_fetched_from_elsewhere() -> None:
    folder = Path(network_picture.__file__).parent
    for name in ("index.html", "index.js", "drawing.js", "style.css"):
        text = (folder / name).read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://|//cdn|@import|innerHTML", text), name
