"""What the page "Channels and filters" shows and says, and that its code computes the same."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from explainer.data.planes import PLANES, split_planes
from explainer.layers.code import literal
from explainer.layers.filters import filters, mixtures
from explainer.layers.geometry import PaddingName
from explainer.ui.controls.inputs import Input
from pages.layers.channels.view import DEPTHWISE, KINDS, SEPARABLE, STANDARD, View
from pages.layers.channels.words import learned, notice, parameters, strongest


def view(kind: str, count: int = 4, side: int = 2, number: int = 0, padding: PaddingName = "valid") -> View:
    planes = split_planes(np.array(PLANES, np.float64))
    kernels = filters(count, side) if kind == STANDARD else filters(1, side)[0][:, None]
    given = Input(planes, is_picture=False, code=literal("inputs", planes[None]))
    return View(given, kind, kernels, mixtures(count), number, "a name", 1.0, padding)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("count", "side", "padding"), [(4, 2, "valid"), (10, 5, "same"), (1, 1, "valid")])
def test_the_code_computes_the_maps(kind: str, count: int, side: int, padding: PaddingName) -> None:
    shown = view(kind, count, side, padding=padding)
    names: dict[str, Any] = {}
    exec(shown.code, names)
    np.testing.assert_allclose(names["output"][0].numpy(), shown.maps, rtol=0, atol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_partial_maps_and_the_bias_add_up_to_the_map(kind: str) -> None:
    for number in range(3):
        shown = view(kind, number=number)
        np.testing.assert_allclose(shown.partials.sum(axis=0) + 1.0, shown.maps[number], rtol=0, atol=1e-12)


def test_the_first_cell_by_hand() -> None:
    shown = view(STANDARD)
    # red [0 9; 0 9] by [-1 1; -1 1], green [0 9; 2 9] by [-1 -1; 1 1], blue [8 0; 6 0] by [1 -1; -1 1]
    assert shown.partials[:, 0, 0].tolist() == [18, 2, 2]
    assert shown.maps[0, 0, 0] == 23
    assert view(DEPTHWISE).maps[:, 0, 0].tolist() == [19, 3, 3]


def test_a_mixture_with_equal_weights_is_the_standard_filter_of_the_same_kernels() -> None:
    np.testing.assert_allclose(view(SEPARABLE).maps[0], view(STANDARD).maps[0], rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (view(STANDARD, 1, 3), 28),
        (view(STANDARD, 10, 5, padding="same"), 760),
        (view(DEPTHWISE, side=3), 30),
        (view(SEPARABLE, 4, 3), 3 * 9 + 4 * 4),
    ],
)
def test_parameters_as_the_formula_has_them(shown: View, expected: int) -> None:
    assert parameters(shown) == expected
    assert learned(shown).endswith(f"= {expected}")


def test_the_strongest_cell_is_written_as_its_sum() -> None:
    assert strongest(view(STANDARD)) == (
        r"y_{1,3} = \underbrace{16}_{\text{red}} + \underbrace{5}_{\text{green}} + \underbrace{6}_{\text{blue}}"
        r" + \underbrace{1}_{\text{bias}} = 28"
    )


def test_the_notice_counts_and_compares() -> None:
    brings = np.abs(view(STANDARD).partials).sum(axis=(1, 2))
    assert f"Red moves that map most: {100 * brings[0] / brings.sum():.0f} %" in notice(view(STANDARD))
    assert "12 weights make 3 maps; standard filters need 36" in notice(view(DEPTHWISE))
    assert "12 + 12 = 24 weights make 4 maps; standard filters need 48" in notice(view(SEPARABLE))


def test_a_filter_that_answers_nowhere_is_said_so() -> None:
    planes = np.zeros((3, 4, 4))
    given = Input(planes, is_picture=False, code=literal("inputs", planes[None]))
    silent = View(given, STANDARD, filters(1, 3), mixtures(1), 0, "a name", 1.0, "valid")
    assert notice(silent).startswith("The filter “a name” answers nowhere here")
    assert strongest(silent).endswith("= 1")
