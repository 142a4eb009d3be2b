"""The page's code computes what the page shows, and its formulas end with the backend's numbers."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from explainer.data.activations import activations
from explainer.layers.normalization import KINDS, Affine, Kind, fold, normalize, running
from explainer.layers.normalization_code import (
    fold_code,
    fold_formula,
    normalization_code,
    normalization_formula,
    number,
    running_code,
    running_formula,
    said,
    term,
)

AFFINE = Affine(np.array([1.5, -0.5, 2.0, 1.0]), np.array([0.25, 0.0, -3.0, 1.0]))


def run(code: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(code, names)
    return names


def results(latex: str) -> list[float]:
    """The last number of every line of a formula."""
    lines = latex.removesuffix(r"\end{aligned}").split(r"\\")
    return [float(re.findall(r"-?\d+\.?\d*", line.split("=")[-1])[0]) for line in lines]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", [(2, 4, 2, 2), (1, 4, 1, 1), (4, 4, 3, 3)])
@pytest.mark.parametrize("eps", [0.0, 1e-5, 0.1])
def test_the_code_normalizes_as_the_page_does(kind: Kind, shape: tuple[int, int, int, int], eps: float) -> None:
    inputs = activations("loud-channel", shape)
    want = normalize(inputs, kind, AFFINE, groups=2, eps=eps)
    code = normalization_code(inputs, kind, AFFINE, 2, eps)
    np.testing.assert_allclose(run(code)["output"].numpy(), want.output, rtol=0, atol=1e-12)


@pytest.mark.parametrize("kind", ["batch", "layer", "group"])
def test_one_number_alone_in_every_set(kind: Kind) -> None:
    inputs = activations("random", (1, 1, 1, 1))
    affine = Affine(np.array([2.0]), np.array([0.5]))
    code = normalization_code(inputs, kind, affine, 1, 1e-5)
    assert run(code)["output"].item() == normalize(inputs, kind, affine).output.item() == 0.5


def test_the_code_averages_as_the_page_does() -> None:
    rng = np.random.default_rng(0)
    kept = running(rng.normal(size=(20, 3)), rng.uniform(0.5, 2, (20, 3)), 0.07)
    names = run(running_code(kept, 2, 0.07))
    np.testing.assert_allclose(names["mean"].numpy(), kept.mean[:, 2], rtol=0, atol=1e-12)
    np.testing.assert_allclose(names["variance"].numpy(), kept.variance[:, 2], rtol=0, atol=1e-12)


def test_the_code_folds_as_the_page_does() -> None:
    rng = np.random.default_rng(0)
    weights, mean, variance = rng.normal(size=(4, 2, 3, 3)), rng.normal(size=4), rng.uniform(0.1, 3, 4)
    folded, bias = fold(weights, np.zeros(4), mean, variance, AFFINE)
    code = fold_code(
        weights[1], (float(mean[1]), float(variance[1])), (float(AFFINE.gamma[1]), float(AFFINE.beta[1])), 1e-5
    )
    names = run(code)
    np.testing.assert_allclose(names["folded"].numpy(), folded[1], rtol=0, atol=1e-12)
    assert names["bias"] == pytest.approx(bias[1], abs=1e-12)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "none"])
def test_the_formula_of_a_number(kind: Kind) -> None:
    inputs = activations("bright-picture", (2, 4, 2, 2))
    got = normalize(inputs, kind, AFFINE, groups=2)
    latex = normalization_formula(inputs, got, AFFINE, 1e-5)
    mean, variance, y = (float(part.flat[0]) for part in (got.mean, got.variance, got.output))
    written = results(latex)
    assert [written[0], written[1], written[-1]] == pytest.approx([mean, variance, y], rel=1e-4)
    assert rf"\sqrt{{{number(variance)} + 0.00001}}" in latex


def test_the_formula_where_nothing_is_normalized_and_where_there_is_no_number() -> None:
    inputs = activations("equal", (1, 1, 2, 2))
    one = Affine(np.ones(1), np.zeros(1))
    assert normalization_formula(inputs, normalize(inputs, "none"), one, 1e-5) == "y = x = 3"
    assert r"\tfrac{0}{0}" in normalization_formula(inputs, normalize(inputs, "batch", one, eps=0.0), one, 0.0)


def test_the_formula_of_the_running_averages() -> None:
    rng = np.random.default_rng(3)
    kept = running(rng.normal(size=(9, 2)), rng.uniform(0.5, 2, (9, 2)), 0.2)
    written = results(running_formula(kept, 1, 0.2))[1::2]
    assert written == pytest.approx([kept.mean[-1, 1], kept.variance[-1, 1]], rel=1e-4)


def test_the_formula_of_the_fold() -> None:
    mean, variance = np.array([0.5, -1.0, 2.0, 0.0]), np.array([4.0, 0.25, 1.0, 9.0])
    weights, bias = fold(np.ones((4, 1, 1, 1)), np.zeros(4), mean, variance, AFFINE)
    for chosen in range(4):
        got = results(fold_formula(mean, variance, AFFINE, 1e-5, chosen))
        assert got == pytest.approx([weights[chosen, 0, 0, 0], bias[chosen]], rel=1e-4, abs=1e-4)


def test_numbers_in_formulas_and_sentences() -> None:
    assert [number(value) for value in (1e-5, -0.0, 123456.0, 2.5, 1e13)] == [
        "0.00001",
        "0",
        "123456",
        "2.5",
        r"1 \cdot 10^{13}",
    ]
    assert term(-2.5) == "(-2.5)"
    assert [said(value) for value in (-1.23456, 3e-7)] == ["−1.235", "3e−7"]
