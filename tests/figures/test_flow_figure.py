"""The drawing of activations and gradients over layers."""

from __future__ import annotations

import numpy as np
import pytest

from explainer.figures.flow import Curve, flow_curves, layer_histograms, neuron_weights

FORWARD = [Curve("x", np.array([1.0, 0.1, 0.01]), np.array([1.0, 0.2, 0.04]))]
BACKWARD = [Curve("gradient", np.array([1e-9, 1e-6, 1e-3])), Curve("weights", np.array([0.0, np.inf, np.nan]))]


@pytest.mark.parametrize("dark", [False, True])
def test_measured_and_expected_lie_on_logarithmic_axes(dark: bool) -> None:
    figure = flow_curves(FORWARD, BACKWARD, ("forward", "back"), dark)
    assert list(figure.data[0].x) == [1, 2, 3]
    assert list(figure.data[0].y) == [1.0, 0.1, 0.01]
    assert list(figure.data[1].y) == [1.0, 0.2, 0.04] and figure.data[1].line.dash == "dash"
    assert figure.data[2].xaxis == "x2" and figure.layout.yaxis2.type == "log"
    low, high = figure.layout.yaxis2.range
    assert low < -9 and high > -3
    assert {note.text for note in figure.layout.annotations} == {"forward", "back"}


def test_what_cannot_be_drawn_is_left_out_and_said() -> None:
    figure = flow_curves(FORWARD, BACKWARD[1:], ("forward", "back"), False)
    assert np.isnan(figure.data[2].y).all()
    assert any("NaN" in note.text for note in figure.layout.annotations)


def test_histograms_count_what_is_finite() -> None:
    values = [np.array([0.0, 0.0, 1.0, np.inf]), np.full(5, 2.0), np.array([np.nan])]
    figure = layer_histograms([1, 2, 3], values, False)
    assert sum(figure.data[0].y) == pytest.approx(100)
    assert figure.data[0].y[0] == pytest.approx(200 / 3)
    assert max(figure.data[1].y) == pytest.approx(100)
    assert not any(figure.data[2].y)


def test_neurons_stand_side_by_side() -> None:
    weights = np.arange(2 * 784, dtype=float).reshape(2, 784)
    figure = neuron_weights([("a", weights), ("b", -weights)], False)
    sheet = np.array(figure.data[0].z)
    assert sheet.shape == (28, 60)
    np.testing.assert_array_equal(sheet[:, 30:58], weights[1].reshape(28, 28))
    assert np.isnan(sheet[:, 28:30]).all()
    assert figure.data[1].zmax == 2 * 784 - 1
