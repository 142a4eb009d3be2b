"""The code on the page "Activation functions" computes what the page shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from explainer.data import forward_pass
from explainer.layers.activation import activation
from explainer.layers.activation_code import chain_code, curve_code, neuron_code, picture_code
from explainer.layers.activation_kinds import KINDS
from explainer.layers.activation_uses import chain, neuron, zero_share
from explainer.layers.maxout import PRESETS
from explainer.networks.sums import convolution_sums

ROOT = Path(__file__).parents[2]
SLOPE = 1e-8  # torch's hard sigmoid has 1/6 in single precision
WITH_GRADIENT = [name for name in KINDS if name != "heaviside"]


def run(code: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(code, names)
    return names


@pytest.mark.parametrize("name", WITH_GRADIENT)
def test_the_curve(name: str) -> None:
    chosen = activation(name, lines=PRESETS["bowl"])
    found = run(curve_code(chosen, -1.3))
    assert found["output"].item() == pytest.approx(float(chosen.function.value(np.array(-1.3))), abs=1e-12)
    assert found["slope"].item() == pytest.approx(float(chosen.function.slope(np.array(-1.3))), abs=SLOPE)


def test_a_function_without_gradient_has_only_its_value() -> None:
    found = run(curve_code(activation("heaviside"), 0.0))
    assert found["output"].item() == 1
    assert "slope" not in found


@pytest.mark.parametrize("name", ["logistic", "prelu", "maxout"])
def test_the_neuron(name: str) -> None:
    chosen = activation(name, lines=PRESETS["absolute"])
    inputs, weights, bias = [1.0, -0.5, 2.0], [0.5, 1.0, 0.6], -4.0
    found, want = (
        run(neuron_code(chosen, inputs, weights, bias)),
        neuron(chosen.function, np.array(inputs), np.array(weights), bias),
    )
    assert found["output"].item() == pytest.approx(want.output, abs=1e-12)
    np.testing.assert_allclose(found["gradients"].numpy(), want.weight_gradients, rtol=0, atol=1e-12)


def test_the_layers() -> None:
    chosen = activation("logistic")
    found = run(chain_code(chosen, 1.0, 1.0, 30))
    want = chain(chosen.function, 1.0, 1.0, 30)
    assert found["output"].item() == pytest.approx(want.outputs[-1], rel=1e-12)
    assert found["gradient"].item() == pytest.approx(want.gradients[-1], rel=1e-9)


@pytest.mark.parametrize(("name", "layer", "channel"), [("relu", 0, 1), ("gelu", 1, 5)])
def test_the_picture(name: str, layer: int, channel: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    chosen = activation(name)
    found = run(picture_code(chosen, forward_pass.load().test_index[4], layer + 1, channel))
    want = chosen.function.value(convolution_sums()[layer][4, channel].astype(np.float64))
    np.testing.assert_allclose(found["output"].numpy(), want, rtol=0, atol=1e-5)  # float32 sums
    assert found["zeros"].item() == pytest.approx(zero_share(want), abs=1e-12)
