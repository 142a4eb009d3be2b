"""What is left of sums whose terms cancel: 0 where it is rounding, and what it is where it is not."""

from __future__ import annotations

import numpy as np
import pytest

from explainer.layers import convolution, pooling, transposed
from explainer.layers.convolution import Convolution
from explainer.layers.pooling import Pooling

FLOATS = [np.float32, np.float64]
CANCELLING = np.array([[[[0.1, 0.2, -0.3]]]])  # of sum 0, but for rounding


@pytest.mark.parametrize("kind", FLOATS)
@pytest.mark.parametrize("settings", [Convolution(), Convolution(mean=True), Convolution(activation="relu")])
def test_a_convolution_whose_terms_cancel_gives_0(kind: type, settings: Convolution) -> None:
    inputs = np.full((1, 4, 9), 127, kind)
    assert (convolution.output(inputs, CANCELLING, settings) == 0).all()
    biased = convolution.output(inputs, CANCELLING, settings, np.array([0.25]))
    np.testing.assert_allclose(biased, 0.25, rtol=1e-4)
    bias = np.array([-12.7])
    assert (convolution.output(inputs, np.array([[[[0.1]]]]), Convolution(), bias) == 0).all()


def test_what_is_small_beside_others_stays() -> None:
    """Each sum by its own terms, not by the largest of the map."""
    inputs = np.array([[[1e6, 1e6, 1e6, 1e-12, 0, 0]]])
    assert convolution.output(inputs, np.array([[[[1.0, 1.0, 1.0]]]]))[0, 0, -1] == 1e-12
    assert transposed.output(inputs, np.array([[[1.0]]]))[0, 3] == 1e-12
    means = pooling.output(inputs, Pooling("average", (1, 1), (1, 1)))
    assert means[0, 0, 3] == 1e-12


def test_weights_that_all_but_cancel_leave_their_sum() -> None:
    made = convolution.output(np.full((1, 3, 8), 127.0), np.array([[[[1e6, -999_999.0]]]]))
    assert (made == 127).all()


@pytest.mark.parametrize("kind", FLOATS)
def test_stamps_that_cancel_give_0(kind: type) -> None:
    made = transposed.output(np.array([[[3, 3, 3, 3]]], kind), np.array([[[0.1, 0.2, -0.3]]]))
    assert (made[0, 2:4] == 0).all()
    assert (made[0, :2] != 0).all()


@pytest.mark.parametrize("kind", FLOATS)
@pytest.mark.parametrize("settings", [Pooling("average", (1, 3), (1, 3)), Pooling("average", bins=(1, 2))])
def test_means_that_cancel_are_0(kind: type, settings: Pooling) -> None:
    inputs = np.array([[[0.1, 0.2, -0.3, 1, 2, 3]]], kind)
    np.testing.assert_allclose(pooling.output(inputs, settings), [[[0, 2]]], rtol=1e-6)
