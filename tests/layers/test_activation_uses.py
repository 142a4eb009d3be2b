from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from explainer.layers.activation import activation
from explainer.layers.activation_kinds import KINDS, MAXOUT
from explainer.layers.activation_uses import FLAT, chain, neuron, sample, saturated_zones, zero_share
from explainer.layers.maxout import PRESETS, Lines


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
    assert neuron(activation("logistic").function, np.array([0.1, 0.2, 1.0]), np.ones(3), -1.3).total == 0


@pytest.mark.parametrize(("tiny", "slope"), [(1e-13, 1.0), (-1e-13, 0.0), (1e-300, 1.0)])
def test_a_sum_that_is_tiny_since_its_terms_are_is_not_0(tiny: float, slope: float) -> None:
    one = neuron(activation("relu").function, np.array([tiny]), np.ones(1), 0.0)
    assert (one.total, one.slope) == (tiny, slope)


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


@pytest.mark.parametrize(
    ("name", "lines"),
    [(MAXOUT, PRESETS["bowl"]), *((name, ((0.01, 0), (1, 0))) for name in KINDS if name != "heaviside")],
)
def test_the_product_is_torchs_for_all_starts_and_weights_unless_a_sum_meets_a_kink(name: str, lines: Lines) -> None:
    from torch.nn import functional as F  # noqa: N812

    chosen, depth = activation(name, lines=lines), 50
    pairs = [(start / 10, weight / 10) for start in range(-50, 51, 7) for weight in range(-30, 31, 4)]
    runs = [chain(chosen.function, *pair, depth) for pair in pairs]
    starts, weights = torch.tensor(pairs, dtype=torch.float64).T
    starts = starts.clone().requires_grad_()
    output, rel = starts, 1e-5 if name == "hard-sigmoid" else 1e-7  # torch has its 1/6 in single precision
    for layer in range(depth):
        x = weights * output
        output = eval(chosen.code, {"torch": torch, "F": F, "x": x})
        (wanted,) = torch.autograd.grad(output.sum(), starts, retain_graph=True)
        for run, total, want in zip(runs, x.tolist(), wanted.tolist(), strict=True):
            if np.isnan(run.slopes[layer]):
                assert any(total == pytest.approx(kink, rel=1e-9, abs=0) for kink in chosen.function.undefined)
            so_far = np.abs(run.slopes[: layer + 1])
            is_exact = not ((so_far > 0) & (so_far < 1e-6)).any()  # torch has 1 - tanh² by subtraction
            if is_exact and not np.isnan(run.gradients[layer]):
                assert run.gradients[layer] == pytest.approx(want, rel=rel, abs=0)


@pytest.mark.parametrize("name", ["leaky-relu", "prelu", "absolute", "elu", "selu", "relu", "maxout"])
@pytest.mark.parametrize("weight", [0.1, -0.1, 0.5])
def test_a_chain_that_decays_never_meets_the_kink_at_0(name: str, weight: float) -> None:
    chosen = activation(name, 0.5 if name == "elu" else None, lines=((0.1, 0), (1, 0)))
    for start in (-1.0, 1.0):
        run = chain(chosen.function, start, weight, 50)
        moving = np.cumsum(run.slopes == 0) == 0
        assert np.isfinite(run.gradients).all() and (run.gradients[moving] != 0).all()


def test_leaky_relu_shrinks_a_negative_input_tenfold_in_each_layer() -> None:
    run = chain(activation("leaky-relu", 0.1).function, -1.0, 1.0, 20)
    np.testing.assert_allclose(run.gradients, 0.1 ** np.arange(1, 21), rtol=1e-12, atol=0)


@pytest.mark.parametrize(
    ("lines", "start", "weight", "layer"),
    [
        (((1, 0), (2, -0.3)), 3.0, 0.1, 0),  # 3 * 0.1 is 0.30000000000000004
        (((0, -0.3), (1, -0.3)), 3.0, 0.1, 1),  # and 0.3 less is 0, where the kink is
        (((1, 0.7), (5, 0.66)), -6.0, 0.1, 1),  # 0.7 - 0.6 is 0.09999999999999998, and a tenth of 0.1 the kink
    ],
)
def test_a_sum_of_tenths_meets_the_kink_of_a_chain(lines: Lines, start: float, weight: float, layer: int) -> None:
    run = chain(activation(MAXOUT, lines=lines).function, start, weight, 3)
    assert np.isnan(run.slopes[layer]) and np.isfinite(run.slopes[:layer]).all()


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
