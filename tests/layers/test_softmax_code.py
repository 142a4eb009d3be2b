"""The code of the page computes what it shows, and its formulas carry the numbers of the backend."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from explainer.layers.fully_connected import FullyConnected, picture_weights, weighted_sum
from explainer.layers.softmax import cross_entropy, softmax
from explainer.layers.softmax_code import (
    connected_code,
    connected_formula,
    logit_code,
    logit_formula,
    loss_code,
    loss_formula,
    maps_formula,
    number,
    places_formula,
    shares,
    softmax_code,
    softmax_formula,
)

RNG = np.random.default_rng(0)
LAYER = FullyConnected(RNG.normal(size=(3, 24)), RNG.normal(size=3), (6, 2, 2))
MAPS = RNG.normal(size=(6, 2, 2))


def run(code: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(code, names)
    return names


def decimals(formula: str) -> list[float]:
    return [float(each) for each in re.findall(r"-?\d+\.\d+", formula)]


def last(formula: str, line: str) -> float:
    """The last number of the line of ``formula`` that holds ``line``."""
    found = next(each for each in formula.split(r"\\") if line in each)
    return float(re.findall(r"-?[\d.]+(?:e-?\d+)?", found.replace("{,}", "").replace(r"\end{aligned}", ""))[-1])


def test_the_logit() -> None:
    given = weighted_sum(LAYER, MAPS, 1)
    assert run(logit_code(given))["output"].item() == pytest.approx(given.result, abs=1e-12)
    assert decimals(logit_formula(given, 1)) == pytest.approx([given.per_map.sum(), given.bias, given.result], rel=1e-3)
    assert decimals(maps_formula(given)) == pytest.approx(list(given.per_map), rel=1e-3)


@pytest.mark.parametrize("temperature", [1.0, 0.3, 5.0])
@pytest.mark.parametrize("logits", [[2, 1, 0.1], [1000, 1001, 1002], list(range(10))])
def test_softmax_and_loss(logits: list[float], temperature: float) -> None:
    given = softmax(np.array(logits, np.float64), temperature)
    np.testing.assert_allclose(run(softmax_code(given))["output"], given.probabilities, rtol=0, atol=1e-15)
    loss = cross_entropy(given, 1)
    names = run(loss_code(given, 1))
    np.testing.assert_allclose(names["output"], loss.gradient, rtol=0, atol=1e-14)
    assert names["loss"].item() == pytest.approx(loss.loss, abs=1e-12)


@pytest.mark.parametrize("temperature", [1.0, 2.5])
def test_the_formulas_of_softmax_and_loss(temperature: float) -> None:
    given = softmax(np.array([2.0, 1.0, 0.1]), temperature)
    assert last(softmax_formula(given, 0), r"\max") == pytest.approx(2 / temperature)
    assert last(softmax_formula(given, 0), r"\frac{1}") == pytest.approx(given.probabilities[0], rel=1e-3)
    loss = cross_entropy(given, 1)
    formula = loss_formula(given, loss)
    assert last(formula, "L &=") == pytest.approx(loss.loss, rel=1e-3)
    assert last(formula, " - 1") == pytest.approx(loss.gradient[1], rel=1e-3)


def test_the_logarithm_is_of_the_sum_alone() -> None:
    given = softmax(np.array([9.0, 0.0]))
    assert r"= \log(1) - (-9) \approx 9" in loss_formula(given, cross_entropy(given, 1))


def test_the_counts() -> None:
    connected, convolution = run(connected_code(512, 512, 5, 3))["output"]
    assert (connected, convolution) == (picture_weights(512, 512), 75)
    formula = connected_formula(512, 512, 5, 3)
    assert last(formula, "connected") == 134_217_728
    assert last(formula, "convolution") == 75
    places = places_formula((40, 160), 28, 4)
    assert (last(places, "rows"), last(places, "columns")) == (4, 34)


def test_numbers_are_short_and_never_wrong_in_four_digits() -> None:
    assert [number(value) for value in (0.0, -0.0, 1.0, -2.625, 0.00012345, 1002)] == [
        *("0", "0", "1", "-2.625", "0.0001234", "1002"),
    ]
    assert number(1.234e-9) == r"1.234 \cdot 10^{-9}"


def test_no_share_looks_certain_that_is_not() -> None:
    told = shares(np.array([0.0, 1e-9, 0.5, 1 - 1e-9, 1.0]))
    assert [each.replace("\u00a0", " ") for each in told] == ["< 0.1 %", "< 0.1 %", "50.0 %", "> 99.9 %", "> 99.9 %"]
