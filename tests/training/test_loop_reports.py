"""What the training loop reports, when, and that it reports it of every network."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import torch
from torch.nn import functional
from training_runs import CPU, EVERY_STEP, TINY, network_of, snapshots_of

from explainer.data.digits import Digits
from explainer.networks.config import Block, ImpossibleNetworkError, NetworkConfig, Pool
from explainer.networks.plan import layers
from explainer.networks.weights import from_bytes
from explainer.training import loop
from explainer.training.config import Recipe, RunConfig
from explainer.training.loop import Cadence, cadence, train
from explainer.training.snapshot import Point, Step


def test_train_loss_and_accuracy_are_means_since_the_last_point(few: Digits) -> None:
    config = RunConfig(TINY, Recipe("sgd", 0.1, batch_size=16, epochs=1), seed=3)
    each = [snapshot.point for snapshot in snapshots_of(config, few)[1:]]
    pairs = [snapshot.point for snapshot in snapshots_of(config, few, every=Cadence(32, 10**9, 10**9))[1:]]
    assert [point.step for point in pairs] == [2, 4, 6]
    for point, (first, second) in zip(pairs, zip(each[::2], each[1::2], strict=True), strict=True):
        assert point.train_loss == pytest.approx(((first.train_loss or 0) + (second.train_loss or 0)) / 2)
        assert point.train_accuracy == pytest.approx(((first.train_accuracy or 0) + (second.train_accuracy or 0)) / 2)


def test_the_first_training_accuracy_is_that_of_the_untrained_network(few: Digits) -> None:
    config = RunConfig(TINY, Recipe(batch_size=96, epochs=1), seed=3)
    untrained, trained = snapshots_of(config, few)
    images = (torch.tensor(few.train_images).float()[:, None] / 255 - 0.1307) / 0.3081
    predicted = network_of(untrained)(images).argmax(1).numpy()
    assert trained.point.train_accuracy == pytest.approx((predicted == few.train_labels).mean())
    assert (untrained.point.train_loss, untrained.point.train_accuracy) == (None, None)


@pytest.mark.parametrize(
    "network",
    [
        TINY,
        replace(TINY, batch_norm=True, dropout=0.5, spatial_dropout=0.5),
        NetworkConfig(()),
        NetworkConfig((), (9,)),
    ],
)
def test_test_results_are_those_of_the_weights_reported(network: NetworkConfig, few: Digits) -> None:
    last = snapshots_of(RunConfig(network, Recipe(batch_size=16, epochs=2), seed=3), few)[-1]
    images = (torch.tensor(few.test_images).float()[:, None] / 255 - 0.1307) / 0.3081
    labels = torch.tensor(few.test_labels).long()
    with torch.no_grad():
        logits = network_of(last)(images)
    assert last.point.test_loss == pytest.approx(functional.cross_entropy(logits, labels).item(), abs=1e-5)
    assert last.point.test_accuracy == pytest.approx((logits.argmax(1) == labels).double().mean().item())
    assert last.point.test_digits == len(labels)
    assert last.results is not None
    wrong = (logits.argmax(1) != labels).nonzero().flatten()
    assert sorted(last.results.index.tolist()) == wrong.tolist()


def test_between_epochs_every_tenth_test_digit_is_measured(few: Digits) -> None:
    config = RunConfig(TINY, Recipe(batch_size=16, epochs=1), seed=3)
    part = next(
        snapshot for snapshot in snapshots_of(config, few, every=Cadence(16, 32, 10**9)) if snapshot.point.step == 2
    )
    images = (torch.tensor(few.test_images[::10]).float()[:, None] / 255 - 0.1307) / 0.3081
    labels = torch.tensor(few.test_labels[::10]).long()
    loss = functional.cross_entropy(network_of(part)(images), labels).item()
    assert part.point.test_loss == pytest.approx(loss, abs=1e-5)
    assert part.point.test_digits == 6
    assert part.results is not None
    wrong = 10 * (network_of(part)(images).argmax(1) != labels).nonzero().flatten()
    assert sorted(part.results.index.tolist()) == wrong.tolist()
    assert part.results.confusion.sum() == 6


def test_cadence_in_digits(few: Digits) -> None:
    config = RunConfig(TINY, Recipe(batch_size=16, epochs=4), seed=3)  # 6 steps an epoch
    snapshots = snapshots_of(config, few, every=Cadence(point=32, part=128, full=192))
    kinds = {
        snapshot.point.step: {60: "whole", 6: "part", 0: "point"}[snapshot.point.test_digits] for snapshot in snapshots
    }
    assert kinds == {
        **{0: "part", 2: "point", 4: "point", 6: "point", 8: "part", 10: "point", 12: "whole"},
        **{14: "point", 16: "point", 18: "point", 20: "part", 22: "point", 24: "whole"},
    }
    assert all(first.point.seconds <= second.point.seconds for first, second in pairwise(snapshots))
    assert [snapshot.point.epoch for snapshot in snapshots[1:4]] == pytest.approx([2 / 6, 4 / 6, 1])


def test_the_usual_cadence_is_bounded_by_the_cost_of_the_network() -> None:
    light, heavy = NetworkConfig(()), NetworkConfig((Block(16), Block(32)))
    assert cadence(light, 10**9, CPU) == Cadence(point=5_000, part=20_000)
    macs = 28 * 28 * 16 * 9 + 28 * 28 * 32 * 16 * 9 + 28 * 28 * 32 * 10
    assert cadence(heavy, 10**9, CPU) == Cadence(point=int(13e9 / macs / 4), part=6_000)
    assert cadence(NetworkConfig((Block(16), Block(64), Block(64, 5))), 10**9, CPU).point == 64
    assert cadence(light, 10**9, torch.device("cuda")).point == 200_000
    assert cadence(light, 10_000, CPU) == Cadence(point=250, part=1_000)


def test_steps_are_reported_with_their_digits_and_time(few: Digits) -> None:
    config = RunConfig(TINY, Recipe(batch_size=40, epochs=1), seed=3)
    steps = [item for item in train(config, few, None, CPU, EVERY_STEP) if isinstance(item, Step)]
    assert [step.examples for step in steps if step.examples] == [40, 40, 16]
    assert all((step.seconds > 0) == (step.examples > 0) for step in steps)
    last = snapshots_of(config, few)[-1].point
    assert last.examples_per_second > 0
    assert 0 < last.seconds < 10


def test_weights_carry_the_run_that_made_them(few: Digits) -> None:
    config = RunConfig(TINY, Recipe("adamw", 0.01, batch_size=40, epochs=1, betas=(0.8, 0.9)), subset=50, seed=3)
    weights = snapshots_of(config, few)[-1].weights
    assert weights is not None
    network, _, run = from_bytes(weights)
    assert network == TINY
    assert loop._adapter.validate_json(run) == config


@pytest.mark.parametrize(
    "network",
    [
        NetworkConfig(()),
        NetworkConfig((), input_size=32, dropout=0.5),
        NetworkConfig((), hidden=(8,), batch_norm=True),
        NetworkConfig((Block(8, 5, pool=Pool("average", 28, 1)),), batch_norm=True),
        NetworkConfig((Block(3),), dropout=0.5, spatial_dropout=0.3, input_size=29, activation="tanh"),
    ],
    ids=["softmax regression", "a larger input", "fully connected", "global pooling", "everything dropped"],
)
def test_every_network_trains_and_shows_its_views(network: NetworkConfig, few: Digits) -> None:
    recipe = Recipe("adam", 0.01, batch_size=16, epochs=6)
    snapshots = snapshots_of(RunConfig(network, recipe, seed=3), few)
    first, last = snapshots[0], snapshots[-1]
    assert (first.point.test_loss or 0) > (last.point.test_loss or 9)
    assert last.views is not None
    maps = [layer.shape for layer in layers(network) if layer.kind == "activation" and len(layer.shape) == 3]
    assert [tuple(values.shape) for values in last.views.feature_maps] == maps
    kernels = network_of(last).state_dict()
    weight = next(value for name, value in kernels.items() if name.endswith("weight"))
    side = network.blocks[0].kernel if network.blocks else network.input_size
    assert last.views.filters.shape == (len(weight), side, side)
    assert np.array_equal(last.views.filters.reshape(len(weight), -1), weight.reshape(len(weight), -1).numpy())


def test_no_epochs_measure_the_untrained_network(few: Digits) -> None:
    only = snapshots_of(RunConfig(TINY, Recipe(epochs=0), seed=3), few)
    assert len(only) == 1
    (snapshot,) = only
    assert snapshot.point == Point(0, 0.0, 0.0, 0.0, 0.002, None, None, *_tested(snapshot.point), 60)
    assert snapshot.results is not None
    assert snapshot.weights is not None


def _tested(point: Point) -> tuple[float, float]:
    assert point.test_loss is not None
    assert point.test_accuracy is not None
    assert 2 < point.test_loss < 3  # guessing costs ln 10
    return point.test_loss, point.test_accuracy


def test_one_batch_larger_than_the_data(few: Digits) -> None:
    snapshots = snapshots_of(RunConfig(TINY, Recipe(batch_size=1_000, epochs=2), seed=3), few)
    assert [snapshot.point.step for snapshot in snapshots] == [0, 1, 2]


def test_an_impossible_network_is_not_trained(few: Digits) -> None:
    with pytest.raises(ImpossibleNetworkError, match="Convolution 1"):
        next(iter(train(RunConfig(NetworkConfig((Block(1, 40, padding="valid"),))), few, device=CPU)))
