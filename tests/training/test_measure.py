"""Test results, mistakes and views against computations written out here."""

from __future__ import annotations

from itertools import accumulate

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from explainer.data.digits import load
from explainer.networks.build import build, normalize
from explainer.networks.config import Block, NetworkConfig, Pool, Skips
from explainer.training import measure

CONFIG = NetworkConfig(
    (Block(3, 5, 2), Block(4, 3, pool=Pool())), hidden=(12,), batch_norm=True, dropout=0.5, spatial_dropout=0.5
)


def _network(config: NetworkConfig = CONFIG) -> nn.Sequential:
    torch.manual_seed(2)
    network = build(config)
    with torch.no_grad():
        network(torch.randn(16, 1, 28, 28))  # statistics of its own
    return network


def _digits(count: int) -> tuple[Tensor, Tensor]:
    mnist = load("mnist")
    return torch.tensor(mnist.test_images[:count]).unsqueeze(1), torch.tensor(mnist.test_labels[:count]).long()


def _result(network: nn.Module, images: Tensor, labels: Tensor) -> measure.TestResult:
    result = list(measure.test(network, images, labels))[-1]
    assert result is not None
    return result


def test_results_in_chunks_are_those_of_the_whole() -> None:
    network, (images, labels) = _network(), _digits(1_203)
    parts = list(measure.test(network, images, labels))
    assert [part is None for part in parts] == [True, True, True, False]
    network.eval()
    with torch.no_grad():
        logits = network(normalize(images)).double()
    result = parts[-1]
    assert result is not None
    assert result.loss == pytest.approx(functional.cross_entropy(logits, labels).item(), abs=1e-6)
    assert result.accuracy == pytest.approx((logits.argmax(1) == labels).double().mean().item(), abs=1e-7)
    assert np.array_equal(result.predicted, logits.argmax(1).numpy())
    assert result.confidence == pytest.approx(logits.softmax(1).max(1).values.numpy(), abs=1e-6)
    assert (result.predicted.dtype, result.confidence.dtype) == (np.uint8, np.float32)


@pytest.mark.parametrize("training", [True, False])
def test_the_mode_is_put_back_before_every_pause(training: bool) -> None:
    network, (images, labels) = _network().train(training), _digits(600)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    for _ in measure.test(network, images, labels):
        assert network.training == training
        assert all(module.training == training for module in network.modules())
    measure.views(network, images[:1], 0)
    assert all(module.training == training for module in network.modules())
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())


def test_the_mode_is_put_back_after_an_error() -> None:
    network = _network()
    with pytest.raises(RuntimeError):
        list(measure.test(network, torch.zeros(2, 3, 28, 28), torch.zeros(2).long()))
    assert network.training


def test_mistakes_are_sorted_by_confidence_and_consistent_with_the_confusion_matrix() -> None:
    images, labels = _digits(400)
    result = _result(_network(), images, labels)
    mistakes = measure.mistakes(result, labels.numpy().astype(np.uint8))
    assert len(mistakes.index) == round((1 - result.accuracy) * 400) > 50
    assert (np.diff(mistakes.confidence) <= 0).all()
    assert np.array_equal(mistakes.predicted, result.predicted[mistakes.index])
    assert np.array_equal(mistakes.confidence, result.confidence[mistakes.index])
    assert (mistakes.predicted != labels.numpy()[mistakes.index]).all()
    confusion = np.zeros((10, 10), int)
    for true, read in zip(labels.tolist(), result.predicted.tolist(), strict=True):
        confusion[true][read] += 1
    assert np.array_equal(mistakes.confusion, confusion)
    assert mistakes.confusion.sum() - mistakes.confusion.trace() == len(mistakes.index)
    assert mistakes.confusion.sum(1).tolist() == np.bincount(labels, minlength=10).tolist()


def test_mistakes_by_hand() -> None:
    result = measure.TestResult(
        0.5,
        0.4,
        np.array([3, 1, 9, 9, 0], np.uint8),
        np.array([0.6, 0.9, 0.7, 0.7, 0.8], np.float32),
    )
    mistakes = measure.mistakes(result, np.array([3, 7, 4, 4, 0], np.uint8))
    assert mistakes.index.tolist() == [1, 2, 3]
    assert mistakes.predicted.tolist() == [1, 9, 9]
    assert np.argwhere(mistakes.confusion).tolist() == [[0, 0], [3, 3], [4, 9], [7, 1]]
    assert mistakes.confusion[4, 9] == 2


def test_no_mistakes() -> None:
    result = measure.TestResult(0.0, 1.0, np.array([3, 1], np.uint8), np.ones(2, np.float32))
    mistakes = measure.mistakes(result, np.array([3, 1], np.uint8))
    assert mistakes.index.tolist() == mistakes.predicted.tolist() == mistakes.confidence.tolist() == []


def test_feature_maps_are_the_outputs_after_each_activation() -> None:
    network, (images, _) = _network().eval(), _digits(1)
    with torch.no_grad():
        x, state = normalize(images), network.state_dict()
        expected = []
        for number, (padding, stride) in enumerate([((1, 2, 1, 2), 2), ((1, 1, 1, 1), 1)], 1):
            x = functional.conv2d(functional.pad(x, padding), state[f"convolution_{number}.weight"], stride=stride)
            mean, var = state[f"batch_norm_{number}.running_mean"], state[f"batch_norm_{number}.running_var"]
            gamma, beta = state[f"batch_norm_{number}.weight"], state[f"batch_norm_{number}.bias"]
            x = ((x - mean[:, None, None]) / (var[:, None, None] + 1e-5).sqrt() * gamma[:, None, None]) + beta[
                :, None, None
            ]
            x = x.relu()
            expected.append(x[0].numpy())
    views = measure.views(network.train(), images, 17)
    assert views.probe == 17
    assert [maps.shape for maps in views.feature_maps] == [(3, 14, 14), (4, 14, 14)]
    for maps, wanted in zip(views.feature_maps, expected, strict=True):
        np.testing.assert_allclose(maps, wanted, atol=1e-5)
    assert np.array_equal(views.filters, state["convolution_1.weight"][:, 0].numpy())


@pytest.mark.parametrize("skips, after", [("plain", 1), ("residual", 1), ("pre-activation", 3)])
def test_of_building_blocks_the_maps_at_their_ends_are_shown(skips: Skips, after: int) -> None:
    config = NetworkConfig((Block(3, stride=2, pairs=2, pool=Pool()), Block(4)), batch_norm=True, skips=skips)
    network, (images, _) = _network(config).eval(), _digits(1)
    views = measure.views(network, images, 0)
    assert views.convolutions == (after, *((3, 5) if after == 1 else (5, 5)), 6)
    with torch.no_grad():
        ends = list(accumulate([normalize(images), *network.children()], lambda values, layer: layer(values)))[1:]
    names = [name for name, _ in network.named_children()]
    for maps, name in zip(views.feature_maps, (n for n in names if n.startswith(("activation", "block"))), strict=True):
        assert np.array_equal(maps, ends[names.index(name)][0].numpy())


def test_views_keep_their_numbers_while_the_run_goes_on() -> None:
    network, (images, _) = _network(), _digits(1)
    for config in (CONFIG, NetworkConfig(())):
        network = _network(config)
        views = measure.views(network, images, 0)
        before = views.filters.copy()
        with torch.no_grad():
            for parameter in network.parameters():
                parameter.zero_()
        assert before.any()
        assert np.array_equal(views.filters, before)


@pytest.mark.parametrize("size", [28, 32])
def test_softmax_regression_shows_its_weights_as_pictures(size: int) -> None:
    network, (images, _) = _network(NetworkConfig((), input_size=size)), _digits(1)
    views = measure.views(network, images, 0)
    assert views.feature_maps == ()
    weight = network.get_parameter("logits.weight").detach().numpy()
    assert np.array_equal(views.filters, weight.reshape(10, size, size))


@pytest.mark.parametrize(
    "layer, value, what, named",
    [
        ("convolution_1", float("nan"), "gradient", "convolution_1"),
        ("fully_connected_1", float("inf"), "gradient", "fully_connected_1"),
        ("convolution_2", 3e38, "activation", "convolution_2"),
        ("block_1.convolution_4", float("nan"), "gradient", "convolution_4"),
        ("block_1.convolution_3", 3e38, "activation", "convolution_3"),
    ],
)
def test_find_divergence(layer: str, value: float, what: str, named: str) -> None:
    config = NetworkConfig((Block(3, 5, 2), Block(4, 3, pairs=1)), (12,))
    network, (images, _) = _network(config), _digits(4)
    with torch.no_grad():
        network.get_parameter(f"{layer}.weight").fill_(value)
    found = measure.find_divergence(network, normalize(images), 42)
    assert (found.step, found.layer, found.what) == (42, named, what)


def test_a_loss_that_breaks_alone_is_reported_at_the_logits() -> None:
    network, (images, _) = _network(NetworkConfig(())), _digits(4)
    found = measure.find_divergence(network, normalize(images), 1)
    assert (found.layer, found.what) == ("logits", "loss")
