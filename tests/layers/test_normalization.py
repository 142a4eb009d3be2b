"""Our normalization against torch's modules, closed forms, and what normalization promises."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional

from explainer.data.activations import EQUAL, NAMES, activations
from explainer.layers.geometry import GeometryError
from explainer.layers.normalization import (
    KINDS,
    Affine,
    Kind,
    evaluate,
    fold,
    fold_factor,
    histograms,
    is_refused,
    membership,
    normalize,
    running,
)

EPS = 1e-5


def drawn(shape: tuple[int, ...], seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(2, 3, shape)


def affine_of(channels: int, seed: int = 1) -> Affine:
    rng = np.random.default_rng(seed)
    return Affine(rng.normal(1, 0.5, channels), rng.normal(0, 1, channels))


def with_torch(inputs: np.ndarray, kind: Kind, affine: Affine, groups: int, eps: float) -> np.ndarray:
    x, gamma, beta = (torch.from_numpy(part) for part in (inputs, affine.gamma, affine.beta))
    return {
        "none": lambda: x,
        "batch": lambda: functional.batch_norm(x, None, None, gamma, beta, training=True, eps=eps),
        "layer": lambda: functional.group_norm(x, 1, gamma, beta, eps),
        "instance": lambda: functional.instance_norm(x, weight=gamma, bias=beta, eps=eps),
        "group": lambda: functional.group_norm(x, groups, gamma, beta, eps),
    }[kind]().numpy()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("eps", [1e-5, 0.1, 10.0])
def test_agrees_with_torch(kind: Kind, eps: float) -> None:
    inputs, affine = drawn((3, 6, 4, 5)), affine_of(6)
    got = normalize(inputs, kind, affine, groups=3, eps=eps).output
    np.testing.assert_allclose(got, with_torch(inputs, kind, affine, 3, eps), rtol=0, atol=1e-12)


def test_layer_normalization_is_that_of_torchs_module() -> None:
    inputs = drawn((3, 4, 2, 5))
    want = nn.LayerNorm((4, 2, 5), dtype=torch.float64)(torch.from_numpy(inputs)).detach().numpy()
    np.testing.assert_allclose(normalize(inputs, "layer").output, want, rtol=0, atol=1e-12)


def test_by_hand() -> None:
    inputs = np.array([1.0, 3.0, 10.0, 10.0]).reshape(1, 2, 1, 2)  # channel 0: 1 and 3; channel 1: 10 and 10
    got = normalize(inputs, "batch", Affine(np.array([2.0, 2.0]), np.array([1.0, 5.0])), eps=3.0)
    assert got.mean.tolist() == [2, 10]
    assert got.variance.tolist() == [1, 0]
    assert got.normalized.ravel().tolist() == [-0.5, 0.5, 0, 0]  # divided by sqrt(1 + 3)
    assert got.output.ravel().tolist() == [0, 2, 5, 5]
    assert got.count == 2


@settings(max_examples=40, deadline=None)
@given(
    st.tuples(st.integers(1, 4), st.integers(1, 6), st.integers(1, 3), st.integers(1, 3)),
    st.sampled_from([kind for kind in KINDS if kind != "none"]),
    st.integers(0, 99),
)
def test_every_set_has_mean_0_and_the_variance_that_epsilon_leaves(
    shape: tuple[int, int, int, int], kind: Kind, seed: int
) -> None:
    groups = max(count for count in (1, 2, 3) if shape[1] % count == 0)
    got = normalize(drawn(shape, seed), kind, groups=groups, eps=EPS)
    for number, variance in enumerate(got.variance):
        members = got.normalized[got.sets == number]
        assert len(members) == got.count
        assert members.mean() == pytest.approx(0, abs=1e-9)
        assert members.var() == pytest.approx(variance / (variance + EPS), abs=1e-9)


def test_the_sets() -> None:
    def first_cells(kind: Kind, groups: int = 1) -> list[list[int]]:
        return membership((2, 4, 2, 2), kind, groups)[:, :, 0, 0].tolist()

    assert first_cells("batch") == [[0, 1, 2, 3], [0, 1, 2, 3]]
    assert first_cells("layer") == [[0, 0, 0, 0], [1, 1, 1, 1]]
    assert first_cells("instance") == [[0, 1, 2, 3], [4, 5, 6, 7]]
    assert first_cells("group", 2) == [[0, 0, 1, 1], [2, 2, 3, 3]]
    assert first_cells("none") == [[-1] * 4] * 2


def test_group_normalization_lies_between_layer_and_instance() -> None:
    shape = (3, 6, 2, 2)
    assert np.array_equal(membership(shape, "group", 1), membership(shape, "layer"))
    assert np.array_equal(membership(shape, "group", 6), membership(shape, "instance"))


def test_only_batch_normalization_lets_one_picture_depend_on_another() -> None:
    inputs = drawn((3, 4, 2, 2))
    changed = inputs.copy()
    changed[1] *= 5
    for kind in KINDS:
        same = np.allclose(normalize(inputs, kind, groups=2).output[0], normalize(changed, kind, groups=2).output[0])
        assert same == (kind != "batch"), kind


def test_gamma_and_beta_can_undo_it() -> None:
    inputs = drawn((2, 3, 4, 4))
    plain = normalize(inputs, "batch")
    undone = normalize(inputs, "batch", Affine(np.sqrt(plain.variance + EPS), plain.mean))
    np.testing.assert_allclose(undone.output, inputs, rtol=0, atol=1e-12)


def test_a_set_of_one_number_becomes_beta_whatever_it_was() -> None:
    for seed in range(3):
        got = normalize(drawn((1, 3, 1, 1), seed), "batch", Affine(np.ones(3), np.array([4.0, 5.0, 6.0])))
        assert got.output.ravel().tolist() == [4, 5, 6]


def test_without_variance_and_epsilon_there_is_no_number() -> None:
    equal = activations("equal", (2, 2, 2, 2))
    assert np.isnan(normalize(equal, "batch", eps=0.0).output).all()
    assert not normalize(equal, "batch").output.any()


@pytest.mark.parametrize(("channels", "groups", "choice"), [(4, 3, "1, 2 or 4"), (5, 2, "1 or 5"), (1, 2, "choose 1")])
def test_groups_that_do_not_divide(channels: int, groups: int, choice: str) -> None:
    with pytest.raises(GeometryError, match=choice):
        normalize(drawn((1, channels, 2, 2)), "group", groups=groups)


def test_running_averages_are_torchs() -> None:
    module, momentum = nn.BatchNorm2d(3, momentum=0.3, dtype=torch.float64), 0.3
    batches = [drawn((4, 3, 2, 5), seed) for seed in range(6)]
    means, variances = [np.zeros(3)], [np.ones(3)]
    for batch in batches:
        module(torch.from_numpy(batch))
        means.append(module.running_mean.numpy().copy())
        variances.append(module.running_var.numpy().copy())
    own = [np.moveaxis(batch, 1, 0).reshape(3, -1) for batch in batches]
    got = running(np.array([x.mean(1) for x in own]), np.array([x.var(1, ddof=1) for x in own]), momentum)
    np.testing.assert_allclose(got.mean, means, rtol=0, atol=1e-12)
    np.testing.assert_allclose(got.variance, variances, rtol=0, atol=1e-12)


def test_evaluation_is_torchs() -> None:
    inputs, affine, (mean, variance) = drawn((4, 3, 2, 5)), affine_of(3), (drawn((3,)), np.array([0.5, 2.0, 9.0]))
    x, *rest = (torch.from_numpy(part) for part in (inputs, mean, variance, affine.gamma, affine.beta))
    want = functional.batch_norm(x, *rest, training=False, eps=EPS).numpy()
    np.testing.assert_allclose(evaluate(inputs, mean, variance, affine, EPS), want, rtol=0, atol=1e-12)


def test_the_fold_is_torchs_and_computes_the_same() -> None:
    torch.manual_seed(0)
    convolution = nn.Conv2d(2, 3, 3, dtype=torch.float64)
    norm = nn.BatchNorm2d(3, dtype=torch.float64)
    x = torch.randn(8, 2, 7, 7, dtype=torch.float64)
    with torch.no_grad():
        norm.weight.normal_()
        norm.bias.normal_()
        for _ in range(5):
            norm(convolution(x))
    pair = nn.Sequential(convolution, norm).eval()
    arrays = [part.detach().numpy() for part in (convolution.weight, convolution.bias, norm.running_mean)]
    affine = Affine(norm.weight.detach().numpy(), norm.bias.detach().numpy())
    weights, bias = fold(*arrays, norm.running_var.numpy(), affine, eps=norm.eps)
    got = functional.conv2d(x, torch.from_numpy(weights), torch.from_numpy(bias))
    torch.testing.assert_close(got, pair(x), rtol=0, atol=1e-12)
    theirs = torch.nn.utils.fusion.fuse_conv_bn_eval(pair[0], pair[1])
    np.testing.assert_allclose(weights, theirs.weight.detach().numpy(), rtol=0, atol=1e-12)
    np.testing.assert_allclose(bias, theirs.bias.detach().numpy(), rtol=0, atol=1e-12)
    assert fold_factor(np.array([3.0]), Affine(np.array([4.0]), np.zeros(1)), eps=1.0).tolist() == [2]


def test_histograms_count_every_channel_for_itself() -> None:
    values = np.concatenate([np.full((2, 1, 2, 2), -1.0), np.full((2, 1, 2, 2), 3.0)], axis=1)
    got = histograms(values, bins=4, outside=0.0)
    assert got.edges.tolist() == [-1, 0, 1, 2, 3]
    assert got.shares.tolist() == [[1, 0, 0, 0], [0, 0, 0, 1]]
    assert got.mean.tolist() == [-1, 3]
    assert not got.deviation.any()
    assert histograms(np.zeros((1, 1, 1, 1))).shares.sum() == 1  # one value alone


def test_the_small_tensors_show_what_they_are_called() -> None:
    shape = (2, 3, 2, 2)
    plain, loud, bright, equal = (activations(name, shape) for name in NAMES)
    assert np.array_equal(loud[:, 1], 10 * plain[:, 1])
    assert np.array_equal(loud[:, [0, 2]], plain[:, [0, 2]])
    assert np.array_equal(bright[0], plain[0] + 20)
    assert np.array_equal(bright[1], plain[1])
    assert (equal == EQUAL).all()
    assert activations("loud-channel", (1, 1, 1, 1)).shape == (1, 1, 1, 1)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "none"])
@pytest.mark.parametrize("shape", [*itertools.product((1, 2), (1, 2, 4), (1, 2), (1, 3))])
def test_what_torch_refuses(kind: Kind, shape: tuple[int, int, int, int]) -> None:
    values = torch.randn(shape)
    for groups in (each for each in (1, 2, 4) if shape[1] % each == 0):
        normal = {
            "batch": lambda: functional.batch_norm(values, None, None, training=True),
            "layer": lambda: functional.layer_norm(values, values.shape[1:]),
            "instance": lambda: functional.instance_norm(values),
            "group": lambda groups=groups: functional.group_norm(values, groups),
        }[kind]
        if is_refused(shape, kind, groups):
            with pytest.raises(ValueError, match="Expected more than 1"):
                normal()
        else:
            assert normal().shape == shape
