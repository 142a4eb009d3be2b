"""The page "Initialization and gradient flow" says what was measured."""

from __future__ import annotations

import re

import numpy as np
import pytest

from explainer.training.flow import Flow, run
from explainer.training.flow_theory import expected
from explainer.training.symmetry import train
from pages.training.initialization.page import words_of_symmetry
from pages.training.initialization.words import formulas, notice, per_layer, readable


def said(flow: Flow) -> list[str]:
    measured = run(flow)
    return formulas(flow, measured, expected(flow, measured))


def numbers(latex: str) -> list[float]:
    """The numbers of a formula's last line, powers of ten resolved."""
    line = re.sub(r" \\cdot 10\^\{(-?\d+)\}", r"e\1", latex.rsplit("&=", maxsplit=1)[-1])
    return [float(found) for found in re.findall(r"(?<![\w_{])-?\d+\.?\d*(?:e-?\d+)?", line)]


def test_the_forward_formula_is_the_backends() -> None:
    flow = Flow(depth=6, width=64)
    measured = run(flow)
    inputs, variance, square, product, found = numbers(said(flow)[0])
    assert (inputs, variance) == pytest.approx((64, 2 / 64), rel=0.01)
    assert square == pytest.approx(measured.squares[5], rel=0.01)
    assert product == pytest.approx(2 * measured.squares[5], rel=0.01)
    assert found == pytest.approx(measured.sums[5] ** 2, rel=0.01)


@pytest.mark.parametrize("shortcut", [0, 1, 2])
def test_the_backward_formula_is_the_backends(shortcut: int) -> None:
    flow = Flow("xavier-normal", depth=5, width=64, shortcut=shortcut)
    measured = run(flow)
    *passed, factor, after, total, found = numbers(said(flow)[1])
    assert factor == pytest.approx(0.5, rel=0.01)  # 64 * 1/64 * E[f'^2]
    assert after == pytest.approx(measured.gradients[1] ** 2, rel=0.01)
    end = [measured.gradients[shortcut] ** 2] if shortcut else []
    assert passed == pytest.approx(end, rel=0.01)
    assert total == pytest.approx(sum(end) + 0.5 * measured.gradients[1] ** 2, rel=0.01)
    assert found == pytest.approx(measured.gradients[0] ** 2, rel=0.01)


def test_the_product_through_all_layers_is_the_backends() -> None:
    flow = Flow("xavier", "logistic", depth=9, width=64)
    gradients = run(flow).gradients
    latex = said(flow)[2]
    assert numbers(latex)[-1] == pytest.approx(gradients[0] / gradients[8], rel=0.01)
    assert f"{per_layer(gradients[::-1]):.4g}" in latex and "^{8}" in latex
    assert per_layer(np.array([1.0, 2.0, 4.0])) == pytest.approx(2)


def test_two_layer_shortcuts_are_judged_where_they_end() -> None:
    """Between them the branch lies, whose outputs are smaller than those of the whole."""
    flow = Flow(depth=6, width=64, shortcut=2)
    gradients = run(flow).gradients
    latex = said(flow)[2]
    assert r"\partial x_{5}" in latex and "^{4}" in latex
    assert numbers(latex)[-1] == pytest.approx(gradients[0] / gradients[4], rel=0.01)


def test_clipping_by_norm_is_written_with_its_factor() -> None:
    flow = Flow("own", gain=4.0, depth=5, width=32, clipping="norm", threshold=0.1)
    norm = run(flow).norm
    assert numbers(said(flow)[-1].replace(":", "&="))[0] == pytest.approx(0.1 / norm, rel=0.01)
    assert "their ratio stays" in notice(flow, run(flow))


@pytest.mark.parametrize(
    ("flow", "sentence"),
    [
        (Flow("zeros", depth=3, width=8), "no gradient gets through"),
        (Flow("constant", depth=3, width=8), "all neurons of a layer are equal"),
        (Flow("normal-1", depth=50, width=512), "In layer 32 numbers exceed"),
        (Flow("xavier", "logistic"), "the gradient shrinks by ×0.2"),
        (Flow(depth=10, width=512), "Activations keep their size"),
        (Flow("own", gain=5.0, depth=10), "Activations grow"),
        (Flow("normal-0.01", "logistic", depth=50, width=8), "too small for float32"),
        (Flow(depth=1), "Make the network deeper"),
        (Flow(depth=5, clipping="norm", threshold=1e9), "Nothing is clipped"),
        (Flow("own", gain=4.0, depth=5, clipping="value", threshold=1e-6), "in 5 of 5 layers"),
    ],
)
def test_what_is_noticed(flow: Flow, sentence: str) -> None:
    assert sentence in notice(flow, run(flow))


def test_the_sentence_about_symmetry() -> None:
    equal, random = train("constant", "relu", 50), train("xavier", "relu", 50)
    sentence = words_of_symmetry(equal, random, 50)
    assert "is **0**" in sentence and f"{random.difference:.2g}" in sentence


def test_numbers_for_people() -> None:
    assert [readable(value) for value in (0.5, 1.5e-12, 3e20)] == ["0.5", "1.5 · 10⁻¹²", "3 · 10²⁰"]
