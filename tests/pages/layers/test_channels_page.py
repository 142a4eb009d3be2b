"""What a course begins with on the page "Channels and filters": strides, groups, own weights, more channels."""

from __future__ import annotations

import numpy as np
import pytest
from opening import opened
from streamlit.testing.v1 import AppTest


def formulas(at: AppTest) -> str:
    assert not at.exception
    assert not at.warning
    return " ".join(each.value for each in at.latex)


def sizes(at: AppTest) -> str:
    return next(text.value for text in at.markdown if "MACs" in text.value)


@pytest.mark.parametrize(
    ("query", "formula", "cells"),
    [
        ({"c_stride": "2"}, r"4 \cdot (3 \cdot 2 \cdot 2 + 1) = 52", "1 × 3"),
        ({"c_dilation": "2"}, r"4 \cdot (3 \cdot 2 \cdot 2 + 1) = 52", "1 × 4"),
        ({"filters": "3", "c_groups": "3"}, r"3 \cdot (1 \cdot 2 \cdot 2 + 1) = 15", "2 × 5"),
        ({"input": "feature-maps", "side": "3"}, r"4 \cdot (8 \cdot 3 \cdot 3 + 1) = 292", "12 × 12"),
        ({"input": "feature-maps", "c_layer": "convolution-1"}, r"4 \cdot (4 \cdot 2 \cdot 2 + 1) = 68", "27 × 27"),
        ({"input": "feature-maps", "c_layer": "pooling-1"}, r"4 \cdot (4 \cdot 2 \cdot 2 + 1) = 68", "13 × 13"),
        ({"input": "feature-maps", "c_layer": "pooling-2"}, r"4 \cdot (8 \cdot 2 \cdot 2 + 1) = 132", "6 × 6"),
        ({"input": "feature-maps", "c_groups": "4"}, r"4 \cdot (2 \cdot 2 \cdot 2 + 1) = 36", "13 × 13"),
        ({"input": "feature-maps", "kind": "depthwise", "channel": "8"}, r"8 \cdot (2 \cdot 2 + 1) = 40", "13 × 13"),
        ({"input": "feature-maps", "kind": "depthwise-separable"}, r"4 \cdot (8 + 1) = 68", "13 × 13"),
    ],
)
def test_the_numbers_follow(query: dict[str, str], formula: str, cells: str) -> None:
    at = opened("layers/channels", query)
    assert formula in formulas(at)
    assert f"each of the {cells} cells" in sizes(at).replace("\u00a0", " ")


def test_own_weights_are_those_of_the_filter_and_give_the_kernel_its_size() -> None:
    rows = np.zeros((9, 3), int)
    rows[4] = (0, 7, 0)  # green, the middle
    typed = "\n".join(" ".join(map(str, row)) for row in rows)
    at = opened("layers/channels", {"c_own": "true", "c_weights": typed, "bias": "0"})
    said = formulas(at)
    assert r"(3 \cdot 3 \cdot 3 + 1)" in said
    assert r"\underbrace{63}_{\text{green}}" in said  # 7 times the 9 in the middle of green


def test_weights_that_are_no_square_kernels_are_said_so() -> None:
    at = opened("layers/channels", {"c_own": "true", "c_weights": "1 2\n3 4"})
    assert "type 6 rows" in at.warning[0].value


def test_own_weights_begin_with_those_of_the_filter() -> None:
    assert formulas(opened("layers/channels", {"c_own": "true"})) == formulas(opened("layers/channels"))


def test_another_layer_has_other_channels_and_what_does_not_divide_them_is_one_group() -> None:
    at = opened("layers/channels", {"input": "feature-maps", "filters": "8", "c_groups": "8"})
    assert r"8 \cdot (1 \cdot 2 \cdot 2 + 1) = 40" in formulas(at)
    at.selectbox(key="c_layer").set_value("pooling-1").run()
    assert r"8 \cdot (4 \cdot 2 \cdot 2 + 1) = 136" in formulas(at)


def test_filters_that_the_groups_do_not_divide_any_more_are_one_group() -> None:
    at = opened("layers/channels", {"filters": "3", "c_groups": "3"})
    at.slider(key="filters").set_value(4).run()
    assert r"4 \cdot (3 \cdot 2 \cdot 2 + 1) = 52" in formulas(at)


def test_a_filter_that_reads_one_channel_has_no_other_to_compare_it_with() -> None:
    at = opened("layers/channels", {"filters": "3", "c_groups": "3", "filter": "vertical-edges"})
    assert any("filter 2 reads one channel alone, Green" in each.value for each in at.markdown)
