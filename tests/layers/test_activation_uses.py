from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from explainer.layers.activation import activation
from explainer.layers.activation_kinds import KINDS
from explainer.layers.activation_uses import FLAT, chain, neuron, sample, saturated_zones, zero_share


def test_the_logistic_saturates_where_its_slope_says() -> None:
    """s (1 - s) = 0.05 at x = ln(s / (1 - s)) with s the larger root."""
    root = (1 + math.sqrt(1 - 4 * FLAT)) / 2
    edge = math.log(root / (1 - root))
    (left, right), limit = saturated_zones(activation("logistic").function, 5), 5
    assert left == (-limit, pytest.approx(-edge, abs=limit / 1000))
    assert right == (pytest.approx(edge, abs=limit / 1000), limit)


@pytest.mark.parametrize(
    ("name", "zones"),
    [
        ("identity", ()),
        ("heaviside", ((-4, 4),)),
        ("relu", ((-4, 0),)),
        ("absolute", ()),
        ("hard-sigmoid", ((-4, -3), (3, 4))),
        ("silu", ()),  # its least value is no saturation
    ],
)
def test_zones_reach_to_the_ends(name: str, zones: tuple[tuple[float, float], ...]) -> None:
    assert saturated_zones(activation(name).function, 4) == zones


def test_samples_are_even_and_have_all_that_must_be_read() -> None:
    functions = [activation("hard-swish").function, activation("relu").function]
    samples = sample(functions, 3.0, [0.1234])
    assert samples.x[[0, -1]].tolist() == [-3, 3] and (np.diff(samples.x) > 0).all()
    assert {-3.0, 0.0, 0.1234, 3.0} <= set(samples.x.tolist())
    assert samples.values.shape == samples.slopes.shape == (2, len(samples.x))
    assert samples.x[np.isnan(samples.slopes[0])].tolist() == [-3, 3]


@pytest.mark.parametrize("name", [name for name in KINDS if name != "heaviside"])
def test_a_neuron_and_its_gradients_are_torchs(name: str) -> None:
    from torch.nn import functional as F  # noqa: N812

    chosen = activation(name)
    inputs, weights = np.array([0.7, -1.2, 2.0]), np.array([0.5, 1.0, -0.3])
    one = neuron(chosen.function, inputs, weights, 0.2)
    tensor = torch.tensor(weights, requires_grad=True)
    x = tensor @ torch.tensor(inputs) + 0.2
    output = eval(chosen.code, {"torch": torch, "F": F, "x": x})
    (want,) = torch.autograd.grad(output, tensor)
    assert one.total == pytest.approx(x.item(), abs=1e-12)
    assert one.output == pytest.approx(output.item(), abs=1e-12)
    atol = 1e-7 if name == "hard-sigmoid" else 1e-12  # torch has its 1/6 in single precision
    np.testing.assert_allclose(one.weight_gradients, want.numpy(), rtol=0, atol=atol)


def test_a_sum_of_tenths_meets_the_kink() -> None:
    one = neuron(activation("relu").function, np.array([0.1, 0.2, 1.0]), np.ones(3), -1.3)
    assert one.total == 0 and math.isnan(one.slope)


@pytest.mark.parametrize(("name", "weight"), [("logistic", 1.5), ("tanh", -0.7), ("gelu", 2.0), ("elu", -1.1)])
def test_the_product_of_slopes_is_the_gradient(name: str, weight: float) -> None:
    from torch.nn import functional as F  # noqa: N812

    chosen = activation(name)
    run = chain(chosen.function, 0.8, weight, 12)
    start = torch.tensor(0.8, dtype=torch.float64, requires_grad=True)
    output = start
    for layer in range(12):
        output = eval(chosen.code, {"torch": torch, "F": F, "x": weight * output})
        (want,) = torch.autograd.grad(output, start, retain_graph=True)
        assert run.outputs[layer] == pytest.approx(output.item(), rel=1e-9)
        assert run.gradients[layer] == pytest.approx(want.item(), rel=1e-9)


def test_relu_keeps_the_gradient_and_the_logistic_loses_it() -> None:
    relu, logistic = (chain(activation(name).function, 1.0, 1.0, 50).gradients for name in ("relu", "logistic"))
    assert (relu == 1).all()
    assert (logistic <= 0.25 ** np.arange(1, 51)).all() and logistic[-1] > 0
    assert (chain(activation("relu").function, -1.0, 1.0, 1).gradients == 0).all()


def test_from_a_slope_that_is_not_there_on_there_is_no_product() -> None:
    assert np.isnan(chain(activation("relu").function, 0.0, 1.0, 3).gradients).all()


def test_behind_a_layer_that_does_not_move_nothing_moves() -> None:
    """The second sum is exactly 0, where ReLU has no slope; but it is 0 for all inputs near by as well."""
    run = chain(activation("relu").function, -1.0, 1.0, 3)
    assert np.isnan(run.slopes[1:]).all() and run.gradients.tolist() == [0, 0, 0]
    assert (chain(activation("relu").function, 1.0, 0.0, 3).gradients == 0).all()


def test_the_share_of_zeros() -> None:
    assert zero_share(np.array([[0.0, 1.0], [0.0, -2.0]])) == 0.5
