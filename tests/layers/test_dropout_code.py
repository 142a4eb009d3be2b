"""The page's code computes what the page shows, and its formulas end with the backend's numbers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from explainer.layers import dropout
from explainer.layers.dropout_code import (
    alpha_code,
    alpha_formula,
    connected_code,
    connected_formula,
    deviation_formula,
    masks_code,
    masks_formula,
    spatial_code,
    spatial_formula,
    spread_code,
    spread_formula,
)
from explainer.networks import hidden_digits

LAYER = hidden_digits.last_layer()
HIDDEN = hidden_digits.hidden(7)
CASES = pytest.mark.parametrize(("rate", "seed"), [(0.0, 0), (0.5, 3), (0.95, 12)])


@pytest.fixture(autouse=True)
def at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """The code reads files of the repository."""
    monkeypatch.chdir(Path(__file__).parents[2])


def run(code: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(code, names)
    return names


def results(latex: str) -> list[float]:
    """The last number of every line of a formula."""
    lines = latex.removesuffix(r"\end{aligned}").split(r"\\ ")
    return [float(re.findall(r"-?\d+\.?\d*", line.split("=")[-1])[0]) for line in lines]


def next_inputs(rate: float, seed: int) -> dropout.NextInputs:
    keep = dropout.masks(100, (48,), rate, seed)
    return dropout.next_inputs(HIDDEN, LAYER.weights[7], float(LAYER.bias[7]), keep, rate)


@CASES
def test_the_code_of_the_masks(rate: float, seed: int) -> None:
    names, want = run(masks_code(7, 7, 100, rate, seed)), next_inputs(rate, seed)
    for name in ("inverted", "plain", "full", "scaled"):
        np.testing.assert_allclose(names[name].numpy(), getattr(want, name), rtol=0, atol=1e-9)


@CASES
def test_the_code_of_the_spread(rate: float, seed: int) -> None:
    keep = dropout.masks(100, (48,), rate, seed)
    want = dropout.spread(HIDDEN, LAYER.weights, LAYER.bias, keep, rate)
    names = run(spread_code(7, 100, rate, seed))
    np.testing.assert_allclose(names["mean"].numpy(), want.mean, rtol=0, atol=1e-9)
    np.testing.assert_allclose(names["deviation"].numpy(), want.deviation, rtol=0, atol=1e-9)


@CASES
def test_the_code_of_the_other_kinds(rate: float, seed: int) -> None:
    keep = dropout.masks(20, (10, 48), rate, seed)
    want = dropout.connected_logits(HIDDEN, LAYER.weights, LAYER.bias, keep, rate)
    np.testing.assert_allclose(run(connected_code(7, 20, rate, seed))["logits"].numpy(), want, rtol=0, atol=1e-9)

    maps, channels = hidden_digits.maps(7), dropout.masks(100, (8,), rate, seed)[4]
    output = run(spatial_code(7, 4, rate, seed))["output"].numpy()
    np.testing.assert_allclose(output, dropout.spatial(maps, channels, rate), rtol=0, atol=1e-9)

    want = dropout.alpha(dropout.selu_values(1000, seed), dropout.masks(1, (1000,), rate, seed + 1)[0], rate)
    names = run(alpha_code(1000, rate, seed))
    np.testing.assert_allclose(names["output"].numpy(), want, rtol=0, atol=1e-6)  # torch's SELU has single constants
    assert names["mean"].item() == pytest.approx(want.mean(), abs=1e-6)
    assert names["variance"].item() == pytest.approx(want.var(), abs=1e-6)


@CASES
@pytest.mark.parametrize("chosen", [0, 99])
def test_the_formula_of_a_pass_and_of_the_test(rate: float, seed: int, chosen: int) -> None:
    found = next_inputs(rate, seed)
    want = [found.inverted[chosen], found.full, found.plain[chosen], found.scaled]
    written = r" \\ ".join(masks_formula(found, chosen, rate, float(LAYER.bias[7])))
    assert results(written) == pytest.approx(want, rel=1e-4)


@CASES
def test_the_formula_of_the_deviation(rate: float, seed: int) -> None:
    latex = deviation_formula(HIDDEN, LAYER.weights[7], rate)
    inputs = next_inputs(rate, seed).inverted
    assert results(latex) == pytest.approx([dropout.input_deviation(HIDDEN, LAYER.weights[7], rate)], rel=1e-4)
    assert results(latex)[0] == pytest.approx(inputs.std(), rel=0.35, abs=1e-9)  # measured on 100 masks


@CASES
def test_the_formula_of_the_spread(rate: float, seed: int) -> None:
    found = dropout.spread(HIDDEN, LAYER.weights, LAYER.bias, dropout.masks(100, (48,), rate, seed), rate)
    want = [found.mean[7], found.deviation[7]]
    assert results(spread_formula(found, 7)) == pytest.approx(want, rel=1e-4, abs=1e-9)


@CASES
def test_the_formulas_of_the_other_kinds(rate: float, seed: int) -> None:
    keep = dropout.masks(1, (10, 48), rate, seed)
    want = dropout.connected_logits(HIDDEN, LAYER.weights, LAYER.bias, keep, rate)[0, 7]
    latex = connected_formula(HIDDEN, LAYER.weights[7], float(LAYER.bias[7]), keep[0, 7], rate)
    assert results(latex) == pytest.approx([want], rel=1e-4)
    scale = dropout.alpha_scale(rate)
    assert results(alpha_formula(rate)) == pytest.approx([dropout.FLOOR, scale.a, scale.b], rel=1e-4)


def test_the_formula_of_spatial_dropout_shows_a_map_that_stays_and_one_that_goes() -> None:
    maps, keep = hidden_digits.maps(7), np.array([False, True, True, False] * 2)
    latex = spatial_formula(maps, keep, 0.5)
    stays, goes = (float(re.findall(r"= (-?[\d.]+)", part)[-1]) for part in latex.split(r"\qquad")[1:])
    assert stays == pytest.approx(2 * maps[1].max(), rel=1e-4)
    assert goes == 0
    assert spatial_formula(maps, np.ones(8, bool), 0.0).count("map") == 1
