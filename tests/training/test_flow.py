"""The flow through a deep network: against plain modules of torch, against theory, and at its ends."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from explainer.data import digits
from explainer.lru import Lru
from explainer.training import flow
from explainer.training.flow import Flow, batch, outputs, run
from explainer.training.flow_code import flow_code
from explainer.training.flow_theory import expected, moments

SETTINGS: list[dict[str, Any]] = [
    {},
    {"start": "xavier", "activation": "tanh"},
    {"start": "lsuv", "activation": "selu"},
    {"start": "own", "gain": 1.5, "activation": "logistic", "seed": 5},
    {"start": "he-fan-out", "batch_norm": True},
    {"start": "normal-0.01", "shortcut": 1, "activation": "identity"},
    {"start": "xavier-normal", "shortcut": 2, "depth": 6, "batch_norm": True, "activation": "tanh"},
    {"start": "constant"},
    {"start": "zeros"},
    {"start": "orthonormal", "clipping": "norm", "threshold": 0.01},
    {"start": "normal-1", "clipping": "value", "threshold": 0.1},
    {"depth": 1},
]


class Mnist:
    """What the code asks of torchvision's data set."""

    def __init__(self, _folder: str, download: bool) -> None:
        mnist = digits.load("mnist")
        self.data = torch.from_numpy(mnist.train_images[:200].copy())
        self.targets = torch.from_numpy(mnist.train_labels[:200].astype(np.int64))


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_the_code_computes_what_is_shown(settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torchvision.datasets.MNIST", Mnist)
    flow = Flow(**{"depth": 5, "width": 32, **settings})
    names: dict[str, Any] = {}
    exec(flow_code(flow), names)
    measured = run(flow)
    for name, values in (
        ("outputs", measured.outputs),
        ("gradients", measured.gradients),
        ("weight_gradients", measured.clipped),
    ):
        np.testing.assert_allclose(torch.stack(names[name]).numpy(), values, rtol=1e-3, atol=1e-12, err_msg=name)


def test_a_plain_network_of_modules_measures_the_same() -> None:
    """With hooks instead of our own loop, and the gradient of the sums as autograd leaves it."""
    flow = Flow("xavier", "tanh", depth=3, width=16, seed=7)
    layers = [nn.Linear(784, 16, bias=False), nn.Linear(16, 16, bias=False), nn.Linear(16, 16, bias=False)]
    layers.append(nn.Linear(16, 10, bias=False))
    chance = torch.Generator().manual_seed(7)
    for layer in layers:
        nn.init.xavier_uniform_(layer.weight, generator=chance)
    network = nn.Sequential(layers[0], nn.Tanh(), layers[1], nn.Tanh(), layers[2], nn.Tanh(), layers[3])
    kept: list[torch.Tensor] = []
    for module in network[1::2]:
        module.register_forward_hook(lambda _module, _inputs, output: (output.retain_grad(), kept.append(output))[0])
    pixels, labels = batch()
    loss = functional.cross_entropy(network(torch.from_numpy(pixels.copy())), torch.from_numpy(labels.copy()))
    loss.backward()
    measured = run(flow)
    assert measured.loss == pytest.approx(loss.item(), rel=1e-5)
    for layer in range(3):
        assert measured.outputs[layer] == pytest.approx(kept[layer].std(correction=0).item(), rel=1e-4)
        assert measured.gradients[layer] == pytest.approx(kept[layer].grad.std(correction=0).item(), rel=1e-4)
        weights = layers[layer].weight.grad
        assert measured.weight_gradients[layer] == pytest.approx(weights.std(correction=0).item(), rel=1e-4)
    norm = nn.utils.clip_grad_norm_([layer.weight for layer in layers], 1.0)
    assert measured.norm == pytest.approx(norm.item(), rel=1e-4)


def test_every_digit_has_a_mean_square_of_1() -> None:
    pixels, labels = batch()
    np.testing.assert_allclose((pixels.astype(np.float64) ** 2).mean(1), 1, rtol=1e-5)
    assert labels[:5].tolist() == [5, 0, 4, 1, 9]
    assert run(Flow(depth=1, width=8)).squares[0] == pytest.approx(1, rel=1e-5)


@pytest.mark.parametrize("variance", [0.1, 1.0, 30.0])
def test_moments_against_a_million_draws(variance: float) -> None:
    sums = torch.randn(1_000_000, generator=torch.Generator().manual_seed(0), dtype=torch.float64) * variance**0.5
    sums.requires_grad_()
    for name, function in (
        ("tanh", torch.tanh),
        ("logistic", torch.sigmoid),
        ("relu", torch.relu),
        ("selu", functional.selu),
    ):
        values = function(sums)
        slopes = torch.autograd.grad(values.sum(), sums)[0]
        found = moments(name, variance)
        assert found.mean == pytest.approx(values.mean().item(), abs=0.01 * max(variance, 1) ** 0.5)
        assert found.square == pytest.approx((values**2).mean().item(), rel=0.01)
        assert found.slope_square == pytest.approx((slopes**2).mean().item(), rel=0.01)


def test_selu_keeps_mean_0_and_variance_1() -> None:
    """The fixed point that SELU was made for (Klambauer et al. 2017)."""
    found = moments("selu", 1.0)
    assert (found.mean, found.square) == pytest.approx((0, 1), abs=1e-5)


def test_batch_normalization_lets_the_gradient_of_relu_grow_by_pi_over_pi_minus_1() -> None:
    """Yang et al. 2019: the factor of its variance in every layer."""
    flow = Flow(batch_norm=True, depth=8, width=256)
    theory = expected(flow, run(flow))
    assert theory is not None
    assert theory.backward[3:] == pytest.approx(np.pi / (np.pi - 1), rel=1e-4)


@pytest.mark.parametrize("gain", [1.0, 2.0, 4.0])
def test_relu_multiplies_the_variance_by_half_of_n_var_w(gain: float) -> None:
    flow = Flow("own", "relu", depth=10, width=64, gain=gain)
    theory = expected(flow, run(flow))
    assert theory is not None
    np.testing.assert_allclose(theory.sums**2, gain * (gain / 2) ** np.arange(10), rtol=1e-5)
    np.testing.assert_allclose(theory.backward[1:], gain / 2)


@pytest.mark.parametrize(
    "settings, tolerance",
    [
        ({"start": "he"}, 0.2),
        ({"start": "xavier-normal"}, 0.2),
        ({"start": "he", "activation": "tanh"}, 0.1),
        ({"start": "xavier", "activation": "logistic"}, 0.2),
        ({"start": "own", "gain": 1.0, "activation": "selu"}, 0.1),
        ({"start": "lsuv", "activation": "tanh"}, 0.1),
        ({"start": "normal-1", "activation": "relu"}, 0.2),
        ({"start": "normal-0.01", "shortcut": 1}, 0.1),
        ({"start": "he", "shortcut": 2}, 0.25),
        ({"start": "he", "batch_norm": True}, 0.2),
        ({"start": "he", "batch_norm": True, "activation": "tanh"}, 0.25),
        ({"start": "he", "batch_norm": True, "shortcut": 2}, 0.2),
    ],
    ids=str,
)
def test_the_theory_is_near_what_is_measured(settings: dict[str, Any], tolerance: float) -> None:
    """A wide network of 10 layers, where finite width is worth a few percent."""
    flow = Flow(**{"depth": 10, "width": 512, **settings})
    measured = run(flow)
    theory = expected(flow, measured)
    assert theory is not None
    np.testing.assert_allclose(measured.sums, theory.sums, rtol=tolerance)
    np.testing.assert_allclose(measured.outputs, theory.outputs, rtol=tolerance)
    np.testing.assert_allclose(measured.gradients, theory.gradients, rtol=tolerance)


def test_lsuv_makes_every_variance_1() -> None:
    np.testing.assert_allclose(run(Flow("lsuv", "relu", depth=12, width=48)).sums, 1, rtol=1e-4)


def test_what_is_kept_of_orthonormal_weights_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Lru[tuple[torch.Tensor, torch.Tensor]](200_000, lambda each: each[0].numel())
    monkeypatch.setattr(flow, "_KEPT", kept)
    for depth, width in ((3, 100), (2, 120), (5, 110), (3, 100)):
        run(Flow(depth=depth, width=width, start="lsuv"))
        assert width * width < kept.taken <= 200_000


def test_lsuv_gives_the_same_again_and_at_another_depth() -> None:
    """Its orthonormal weights are kept from run to run."""
    first, deeper, again = (run(Flow("lsuv", "tanh", depth=depth, width=24, seed=9)) for depth in (4, 6, 4))
    np.testing.assert_array_equal(first.gradients, again.gradients)
    np.testing.assert_array_equal(first.outputs, deeper.outputs[:4])
    other = run(Flow("lsuv", "tanh", depth=4, width=24, seed=10))
    assert not np.array_equal(first.outputs, other.outputs)


def test_zeros_and_equal_weights_have_no_theory_and_zeros_no_gradient() -> None:
    zeros = run(Flow("zeros", depth=4, width=8))
    assert not zeros.outputs.any() and not zeros.gradients.any()
    for start in ("zeros", "constant"):
        assert expected(Flow(start), run(Flow(start))) is None


def test_too_large_weights_leave_float32() -> None:
    measured = run(Flow("normal-1", "relu", depth=50, width=128))
    broken = np.flatnonzero(~np.isfinite(measured.outputs))
    assert 35 <= broken[0] <= 48
    assert np.isinf(measured.outputs[broken[0]]) or np.isnan(measured.outputs[broken[0]])
    assert np.isnan(measured.gradients).all()
    assert measured.outputs[broken[0] - 1] > 1e30


def test_a_shortcut_adds_what_it_skips() -> None:
    """With zero weights nothing but the shortcuts is left: every layer gives out what the first one does."""
    flow = Flow("zeros", "logistic", depth=5, width=8, shortcut=2)
    first, second, third, _, fifth = outputs(flow, (1, 2, 3, 4, 5))
    assert np.all(first == 0.5) and np.all(second == 0.5)
    assert np.all(third == 1.0) and np.all(fifth == 1.5)


def test_the_number_of_threads_is_restored() -> None:
    before = torch.get_num_threads()
    run(Flow(depth=2, width=8))
    assert torch.get_num_threads() == before


@pytest.mark.parametrize("settings", [{"depth": 0}, {"width": 0}, {"shortcut": 3}, {"start": "best"}])
def test_impossible_settings_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        Flow(**settings)
