"""Bands and gradients as charts: what is drawn is what was measured."""

from __future__ import annotations

import numpy as np

from explainer.figures.spread import Bands, Titles, band_charts, gradient_chart

TITLES = Titles("W", "b", "epochs", "median", "norm")
EPOCHS = [0.0, 0.5, 1.0]


def test_four_bands_and_the_median_for_weights_and_biases() -> None:
    rng = np.random.default_rng(0)
    weights, biases = (np.sort(rng.normal(size=(3, 9)).astype(np.float32), axis=1) for _ in range(2))
    none = np.full((3, 9), np.nan, np.float32)
    figure = band_charts(EPOCHS, [Bands("one", weights, biases), Bands("two", biases, none)], TITLES, dark=False)
    assert len(figure.data) == 3 * 9  # a layer without biases has none
    drawn = np.array([trace.y for trace in figure.data[:9]]).T
    np.testing.assert_array_equal(np.sort(drawn, axis=1), weights)
    np.testing.assert_array_equal(drawn[:, 8], weights[:, 4])
    filled = [trace for trace in figure.data[:9] if trace.fill == "tonexty"]
    np.testing.assert_array_equal(filled[0].y, weights[:, 8])
    np.testing.assert_array_equal(filled[3].y, weights[:, 5])
    assert {note.text for note in figure.layout.annotations} == {"W", "b", "<b>one</b>", "<b>two</b>"}


def test_gradients_stand_on_a_logarithmic_axis_without_zeros() -> None:
    norms = [("one", np.array([np.nan, 0.0, 2.0], np.float32)), ("two", np.array([np.nan, 1.0, 3.0], np.float32))]
    figure = gradient_chart(EPOCHS, norms, TITLES, dark=True)
    assert figure.layout.yaxis.type == "log"
    np.testing.assert_array_equal(figure.data[0].y, [np.nan, np.nan, 2.0])
    np.testing.assert_array_equal(figure.data[1].y, [np.nan, 1.0, 3.0])
