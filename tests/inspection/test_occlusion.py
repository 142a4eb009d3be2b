"""Occlusion: literal drops, a plain loop, and what it may ask of a machine."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from explainer.data.digits import load
from explainer.inspection.baselines import filled
from explainer.inspection.occlusion import MOST_POSITIONS, Occlusion, least_stride, occlusion, starts
from explainer.inspection.target import Target
from explainer.networks import zoo
from explainer.networks.description import Transform
from explainer.networks.graph import Network, logits, trace
from explainer.networks.reading import to_input

DIGIT = to_input(zoo.DIGITS, load("mnist").test_images[:1].copy()).numpy()


def linear() -> Network:
    """The logit of class 0 is the sum of all nine pixels times 1 to 9."""
    layer = nn.Linear(9, 2)
    with torch.no_grad():
        layer.weight.copy_(torch.stack([torch.arange(1.0, 10), torch.zeros(9)]))
        layer.bias.zero_()
    return trace(nn.Sequential(nn.Flatten(), layer), "linear", "Linear", ("a", "b"), Transform(3, 3, (0.0,), (1.0,)))


ONES = np.ones((1, 1, 3, 3), np.float32)


def test_drops_by_hand() -> None:
    *_, found = occlusion(linear(), ONES, 0 * ONES, patch=1, stride=1)
    assert found.drops(Target(0)).tolist() == [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    assert found.heat(Target(0)).tolist() == [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    assert not found.drops(Target(1)).any()
    *_, wide = occlusion(linear(), ONES, 0 * ONES, patch=2, stride=1)
    assert wide.drops(Target(0)).tolist() == [[12, 16], [24, 28]]
    assert wide.heat(Target(0)).tolist() == [[12, 14, 16], [18, 20, 22], [24, 26, 28]]  # means over what covered it
    shares = wide.scores(Target(0, "probability"))
    np.testing.assert_allclose(shares, 1 / (1 + np.exp(-(45 - np.array([[12, 16], [24, 28]])))), rtol=1e-6)


def test_what_batches_round_differently_is_no_finding() -> None:
    """Black laid on a digit's black corner changes nothing."""
    black = filled(zoo.DIGITS, DIGIT, "black")
    for batch in (1, 7, 64):
        *_, found = occlusion(zoo.load("digits"), DIGIT, black, patch=3, stride=1, batch=batch)
        covered = np.array([[np.array_equal(_laid(top, left), DIGIT) for left in found.starts] for top in found.starts])
        assert covered.sum() > 100
        for target in (Target(7), Target(2), Target(7, "probability"), Target(2, "probability")):
            assert not found.drops(target)[covered].any()
            assert found.drops(target).any()


def _laid(top: int, left: int) -> np.ndarray:
    laid = DIGIT.copy()
    laid[..., top : top + 3, left : left + 3] = filled(zoo.DIGITS, DIGIT, "black")[..., :3, :3]
    return laid


def test_a_probability_near_1_falls_by_what_the_others_gain() -> None:
    logits = np.array([[[20.0, 0], [19, 0]]], np.float32)
    found = Occlusion(2, 1, (0, 1), np.array([22.0, 0], np.float32), logits)
    want = np.exp([[-20.0, -19]]) - np.exp(-22.0)
    np.testing.assert_allclose(found.drops(Target(0, "probability")), want, rtol=1e-6)


def test_it_fills_in_row_by_row() -> None:
    steps = list(occlusion(linear(), ONES, 0 * ONES, patch=1, stride=1, batch=2))
    assert [step.done for step in steps] == [2, 4, 6, 8, 9]
    assert steps[1].positions == 9
    assert np.isfinite(steps[1].heat(Target(0))).tolist() == [[True] * 3, [True, False, False], [False] * 3]
    assert steps[0].done == 2  # what was yielded does not change


def test_against_a_plain_loop() -> None:
    network = zoo.load("digits")
    fill = filled(zoo.DIGITS, DIGIT, "blurred")
    *_, found = occlusion(network, DIGIT, fill, patch=9, stride=6)
    assert found.starts == (0, 6, 12, 18, 19)
    for row, top in enumerate(found.starts):
        for column, left in enumerate(found.starts):
            image = DIGIT.copy()
            image[..., top : top + 9, left : left + 9] = fill[..., top : top + 9, left : left + 9]
            want = logits(network, torch.tensor(image))[0].numpy()
            np.testing.assert_allclose(found.logits[row, column], want, rtol=0, atol=1e-4)


@settings(max_examples=60)
@given(st.integers(2, 300), st.integers(1, 300), st.integers(1, 300))
def test_patches_cover_every_pixel_and_are_bounded(size: int, patch: int, stride: int) -> None:
    patch = min(patch, size)
    least = least_stride(size, patch)
    places = starts(size, patch, max(min(stride, patch), least))
    assert places[0] == 0 and places[-1] == size - patch and len(set(places)) == len(places)
    assert len(places) ** 2 <= MOST_POSITIONS
    if least <= patch:
        assert all(b - a <= patch for a, b in itertools.pairwise(places))


@pytest.mark.parametrize(("patch", "stride"), [(0, 1), (4, 1), (1, 0)])
def test_what_does_not_fit_is_refused(patch: int, stride: int) -> None:
    with pytest.raises(ValueError, match="patch"):
        next(occlusion(linear(), ONES, ONES, patch=patch, stride=stride))
