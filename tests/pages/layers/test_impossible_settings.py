"""Settings that no layer can have: the picture stays and shows where they fail, with the formula and what to change."""

from __future__ import annotations

import json
from typing import Any

import pytest
from opening import opened
from streamlit.testing.v1 import AppTest

CONVOLUTION, POOLING, TRANSPOSED, CHANNELS = (
    f"layers/{name}" for name in ("convolution", "pooling", "transposed", "channels")
)
LARGE_KERNEL = {"kernel": "box", "kh": "8", "kw": "8"}  # on the 7 x 7 cells of the first input
LARGE_WINDOW = {"p_wh": "5", "p_ww": "7"}  # on 4 x 6


def header(at: AppTest) -> dict[str, Any]:
    """What the sliding window was given, but its numbers."""
    (found,) = (each.proto for each in at.main if "sliding_window" in getattr(each.proto, "component_name", ""))
    length = int.from_bytes(found.bytes[:4], "little")
    told: dict[str, Any] = json.loads(found.bytes[4 : 4 + length])
    return told


@pytest.mark.parametrize(
    ("name", "query", "results", "says"),
    [
        (CONVOLUTION, LARGE_KERNEL, ["0 < 1", "0 < 1"], "choose a kernel of at most 7"),
        (CONVOLUTION, {"dy": "4"}, ["-1 < 1", "5"], "smaller kernel or dilation"),
        (CONVOLUTION, {"sy": "2", "dy": "4"}, ["0 < 1", "5"], "smaller kernel or dilation"),
        (CONVOLUTION, {"padding": "numbers", "mode": "reflect", "pt": "7"}, ["13", "7"], "padding of at most 6"),
        (CONVOLUTION, {"padding": "numbers", "mode": "circular", "pl": "8"}, ["7", "14"], "choose at most 7"),
        (POOLING, LARGE_WINDOW, ["0 < 1", "0 < 1"], "choose a smaller window"),
        (POOLING, {"p_py": "2"}, ["4", "3"], "padding of at most 1"),
        (TRANSPOSED, {"t_oy": "2"}, ["9", "7"], "output padding of at most 1"),
        (TRANSPOSED, {"t_py": "4"}, ["-1 < 1", "7"], "padding of at most 3"),
        (CHANNELS, {"side": "5"}, ["-1 < 1", "2"], "choose a kernel of at most 3"),
        (CHANNELS, {"side": "5", "kind": "depthwise"}, ["-1 < 1", "2"], "choose a kernel of at most 3"),
        (CHANNELS, {"side": "5", "kind": "depthwise-separable"}, ["-1 < 1", "2"], "choose a kernel of at most 3"),
    ],
)
def test_picture_and_formula_stay_and_a_sentence_says_what_to_change(
    name: str, query: dict[str, str], results: list[str], says: str
) -> None:
    at = opened(name, query)
    assert not at.exception
    assert not header(at)["fits"]
    assert says in at.warning[0].value
    formulas = [each.value.replace(r" \end{aligned}", "").strip("$\n ") for each in at.latex]
    assert [each.rsplit("= ", 1)[1].strip() for each in formulas[: len(results)]] == results
    assert len(formulas) >= len(results)


@pytest.mark.parametrize("name", [CONVOLUTION, POOLING, TRANSPOSED, CHANNELS])
def test_possible_settings_fit(name: str) -> None:
    assert header(opened(name))["fits"]
