"""Whatever the controls of a page hold, its picture and its formula stay: settings that cannot be are shown and said.

What is no setting, such as a file that was not given yet, is no part of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from opening import opened
from streamlit.testing.v1 import AppTest

PICTURES = {
    **dict.fromkeys(("layers/convolution", "layers/channels", "layers/pooling", "layers/transposed"), "sliding_window"),
    "layers/normalization": "statistics_grid",
    "layers/softmax": "weighted_sum",
    "networks/receptive_field": "field_picture",
}
TYPED = {"layers/normalization": {"n_gamma": "1 2 3 4", "n_beta": "1 2 3 4"}}  # for the first number of channels


def pictures(at: AppTest) -> set[str]:
    """The components that the page draws."""
    return {each.proto.component_name.rsplit(".", 1)[-1] for each in at.main if each.type == "bidi_component"}


def with_range(at: AppTest) -> list[Any]:
    kinds = ("slider", "number_input")
    return [each for kind in kinds for each in getattr(at, kind) if each.key and not each.disabled]


def ends(at: AppTest) -> Iterator[dict[str, str]]:
    """Addresses: every number at its least and at its most, each alone and all together."""
    numbers = [each for each in with_range(at) if each.min is not None and each.max is not None]
    low, high = ({each.key: f"{getattr(each, end):g}" for each in numbers} for end in ("min", "max"))
    yield from ({key: value} for values in (low, high) for key, value in values.items())
    yield low
    yield high


@pytest.mark.parametrize("name", PICTURES)
def test_the_picture_and_a_formula_are_drawn_with_every_number_at_both_ends(name: str) -> None:
    typed = TYPED.get(name, {})
    for query in ({}, *ends(opened(name, typed))):
        at = opened(name, {**typed, **query})
        assert not at.exception, (query, [box.message for box in at.exception])
        assert PICTURES[name] in pictures(at), (query, [box.value for box in at.warning])
        assert at.latex, query


@pytest.mark.parametrize("page", ["convolution", "transposed"])
@pytest.mark.parametrize(
    ("kernel", "height", "width", "drawn"),
    [
        ("sharpen", 2, 2, "3 × 3"),
        ("laplacian", 3, 2, "3 × 3"),
        ("diagonal", 1, 5, "2 × 5"),
        ("sobel-x", 3, 1, "3 × 2"),
        ("sobel-y", 1, 3, "2 × 3"),
    ],
)
def test_a_kernel_of_a_size_that_it_cannot_have_is_drawn_in_the_nearest(
    page: str, kernel: str, height: int, width: int, drawn: str
) -> None:
    at = opened(f"layers/{page}", {"kernel": kernel, "kh": str(height), "kw": str(width)})
    assert not at.exception
    assert "sliding_window" in pictures(at) and at.latex
    assert at.warning[0].value.replace("\u00a0", " ").endswith(f"the nearest size that it can have, {drawn}.")
    assert (at.slider("kh").value, at.slider("kw").value) == (height, width)


@pytest.mark.parametrize("groups", ["3", "6"])
def test_groups_that_do_not_divide_the_channels_are_drawn_as_far_as_they_go(groups: str) -> None:
    at = opened("layers/normalization", {"n_kind": "group", "n_groups": groups})
    assert not at.exception
    assert "statistics_grid" in pictures(at)
    assert at.latex[0].value.strip("$\n ") == rf"\frac{{C}}{{G}} = \frac{{4}}{{{groups}}} \notin \mathbb{{N}}"
    assert at.warning[0].value.startswith(f"4 channels cannot be shared out among {groups} groups")


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"n_gamma": "1 2 3 4", "n_c": "6"}, "γ has 4 numbers"),
        ({"n_beta": "1 2"}, "β has 2 numbers"),
        ({"n_gamma": "", "n_beta": "two"}, "γ is empty"),
    ],
)
def test_scales_that_are_not_one_for_each_channel_leave_the_tensor(query: dict[str, str], says: str) -> None:
    at = opened("layers/normalization", query)
    assert not at.exception
    assert "statistics_grid" in pictures(at) and at.latex
    assert at.warning[0].value.startswith(says)


@pytest.mark.parametrize(
    ("query", "says", "formula"),
    [
        (
            {"stack": "p8,p8"},
            "The window of layer 2",
            r"n_{2} = \left\lfloor \frac{4 + 0 + 0 - 1 \cdot (8 - 1) - 1}{8}",
        ),
        ({"stack": "c31,p2", "rf_size": "8"}, "The window of layer 1", r"n_{1} = \left\lfloor \frac{8 + 0 + 0"),
        ({"stack": "c3,x3"}, "Layer 2, “x3”, cannot be read", r"r_{1} = r_{0}"),
        ({"stack": ""}, "Write at least one layer", ""),
    ],
)
def test_a_stack_is_drawn_up_to_where_it_fails(query: dict[str, str], says: str, formula: str) -> None:
    at = opened("networks/receptive_field", query)
    assert not at.exception
    assert "field_picture" in pictures(at)
    assert at.warning[0].value.startswith(says)
    assert at.latex[0].value.strip("$\n ").startswith(formula) if formula else not at.latex
