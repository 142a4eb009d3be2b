"""The code that the page shows makes the same pictures, and the formula holds its numbers."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from explainer.inspection.maximization import Settings, Snapshot, Target, ascend
from explainer.inspection.maximization_code import formula, pytorch_code
from explainer.inspection.parameterization import Parameterization
from explainer.inspection.transformations import Transformations
from explainer.networks import zoo

ALL = Settings(6, 0.05, 7, Parameterization(), Transformations(2, 0.1, 10.0), blur=0.5, l2=0.1, variation=1.0)
CASES = [
    ("digits", Target("convolution_3", (0, 5), 28, middle=True), Settings(6)),
    ("digits", Target("convolution_3", (3,), 28), ALL),
    ("digits-bn", Target("logits", (3, 8), 28), Settings(6, 0.1, 1, Parameterization(False), blur=0.7)),
    (
        "digits",
        Target("fully_connected_1", (100,), 28),
        Settings(6, 0.02, 2, Parameterization(False, False, False), l2=1.0),
    ),
    ("squeezenet", Target("features_3_squeeze", (1, 2), 64), ALL),
    ("squeezenet", Target("features_0", (1,), 64), Settings(5, transformations=Transformations(0, 0.2, 0.0))),
    ("squeezenet", Target("features_0", (1,), 64), Settings(5, transformations=Transformations(0, 0.0, 20.0))),
]


def last(name: str, target: Target, settings: Settings, scale: float) -> Snapshot:
    *_, found = ascend(zoo.load(name), target, settings, scale)
    return found


@pytest.mark.parametrize(("name", "target", "settings"), CASES)
def test_the_code_makes_the_same_pictures(name: str, target: Target, settings: Settings) -> None:
    code = pytorch_code(name, zoo.load(name).description.transform, target, settings, 2.5)
    names: dict[str, Any] = {}
    exec(compile(code, "shown", "exec"), names)
    found = last(name, target, settings, 2.5)
    pictures = names["pictures"].detach().permute(0, 2, 3, 1).clamp(0, 1).numpy()
    np.testing.assert_allclose(pictures, found.pictures, rtol=0, atol=2e-3)
    np.testing.assert_allclose(names["activations"].numpy(), found.reached, rtol=1e-2, atol=1e-2)


def test_weights_of_ones_own_are_read_from_a_file() -> None:
    transform = zoo.load("digits").description.transform
    code = pytorch_code("", transform, Target("logits", (0,), 28), Settings(), 1.0)
    assert 'zoo.trained(open("network.safetensors", "rb").read(), "Mine")' in code
    compile(code, "shown", "exec")


def test_the_formula_holds_what_was_reached() -> None:
    target, settings = (
        Target("logits", (3,), 28),
        Settings(5, transformations=Transformations(2), l2=0.2, variation=2.0),
    )
    found = last("digits", target, settings, 4.0)
    latex = formula(target, settings, 4.0, found)
    assert r"a_{3}(T(x))" in latex
    assert found.reached is not None and found.l2 is not None and found.variation is not None
    total = found.reached[0] / 4 - 0.2 * found.l2[0] - 2 * found.variation[0]
    assert float(latex.rsplit("=", 1)[1]) == pytest.approx(float(total), rel=1e-2)
    terms = re.findall(r"([\d.]+) \\cdot ([\d.e-]+)", latex)
    assert [float(each) for pair in terms for each in pair] == pytest.approx(
        [0.2, float(found.l2[0]), 2.0, float(found.variation[0])], rel=1e-2
    )


def test_a_formula_without_penalties_or_moves_is_the_activation_alone() -> None:
    assert formula(Target("x", (7,), 8), Settings(), 1.0, None) == r"\max_x \; J(x) = \frac{a_{7}(x)}{1}"
