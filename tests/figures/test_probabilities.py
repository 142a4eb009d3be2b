from __future__ import annotations

import numpy as np
import pytest

from explainer.figures import theme
from explainer.figures.probabilities import probability_bars


def test_bars_are_the_probabilities_in_percent() -> None:
    (bars,) = probability_bars(np.array([0.125, 0.75, 0.125]), ["a", "b", "c"], dark=False).data
    assert bars.orientation == "h"
    assert bars.x.tolist() == [12.5, 75.0, 12.5]
    assert bars.text == ("12.5 %", "<b>75.0 %</b>", "12.5 %")
    assert bars.marker.color == (theme.LIGHT.quiet, theme.QUALITATIVE[0], theme.LIGHT.quiet)
    assert bars.customdata == ("a", "b", "c")
    assert bars.hovertemplate == "%{customdata}: %{x:.4f} %<extra></extra>"


def test_the_first_class_is_on_top_of_a_fixed_axis() -> None:
    layout = probability_bars(np.array([0.5, 0.5]), ["T-shirt", "Bag"], dark=True).layout
    assert layout.yaxis.autorange == "reversed"
    assert layout.yaxis.ticktext == ("T-shirt", "Bag")
    assert layout.xaxis.range == (0, 100)


@pytest.mark.parametrize(
    ("probability", "text"),
    [(0.0, "&lt; 0.1 %"), (1e-9, "&lt; 0.1 %"), (0.00049, "&lt; 0.1 %"), (0.001, "0.1 %"), (0.4996, "50.0 %")],
)
def test_nothing_that_is_not_certain_looks_certain(probability: float, text: str) -> None:
    (bars,) = probability_bars(np.array([1 - probability, probability]), ["a", "b"], dark=False).data
    assert bars.text[1] == text
    certain = {0.0: "<b>&gt; 99.9 %</b>", 1e-9: "<b>&gt; 99.9 %</b>"}
    if probability in certain:
        assert bars.text[0] == certain[probability]
