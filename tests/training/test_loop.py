"""The training loop against a plain one written out here, and the order of its digits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain
from typing import Any, get_args

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional
from training_runs import TINY, excerpt, network_of, parameters_of, snapshots_of

from explainer.data.digits import Digits, subset_indices
from explainer.networks.config import ImpossibleNetworkError, NetworkConfig
from explainer.training import loop
from explainer.training.config import OptimizerName, Recipe, RunConfig
from explainer.training.loop import Cadence
from explainer.training.snapshot import Snapshot, Step


def _trained(recipe: Recipe, digits: Digits, network: NetworkConfig = TINY, seed: int = 3) -> Tensor:
    return parameters_of(snapshots_of(RunConfig(network, recipe, seed=seed), digits)[-1])


PLAIN: dict[OptimizerName, Callable[[Any], torch.optim.Optimizer]] = {
    "sgd": lambda p: torch.optim.SGD(p, 0.05, foreach=False),
    "momentum": lambda p: torch.optim.SGD(p, 0.05, momentum=0.9, foreach=False),
    "nesterov": lambda p: torch.optim.SGD(p, 0.05, momentum=0.9, nesterov=True, foreach=False),
    "adagrad": lambda p: torch.optim.Adagrad(p, 0.05, foreach=False),
    "rmsprop": lambda p: torch.optim.RMSprop(p, 0.05, alpha=0.9, foreach=False),
    "adam": lambda p: torch.optim.Adam(p, 0.05, foreach=False),
    "adamw": lambda p: torch.optim.AdamW(p, 0.05, weight_decay=0.0, foreach=False),
}


def _plain_network() -> nn.Sequential:
    """TINY, written out: 28 -> 14 with (1, 2) pixels of padding -> 7 with (0, 1)."""
    return nn.Sequential(
        nn.ZeroPad2d((1, 2, 1, 2)),
        nn.Conv2d(1, 3, 5, stride=2),
        nn.ReLU(),
        nn.ZeroPad2d((0, 1, 0, 1)),
        nn.Conv2d(3, 4, 3, stride=2),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(4 * 7 * 7, 12),
        nn.ReLU(),
        nn.Linear(12, 10),
    )


def _plain_batches(digits: Digits, size: int, seed: int) -> Iterator[tuple[Tensor, Tensor]]:
    generator = torch.Generator().manual_seed(seed)
    images = (torch.tensor(digits.train_images).float()[:, None] / 255 - 0.1307) / 0.3081
    labels = torch.tensor(digits.train_labels).long()
    while True:
        order = torch.randperm(len(images), generator=generator)
        for start in range(0, len(order), size):
            batch = order[start : start + size]
            yield images[batch].contiguous(memory_format=torch.channels_last), labels[batch]


def _plain_run(
    digits: Digits,
    optimizer: Callable[[Any], torch.optim.Optimizer],
    steps: int,
    loss: Callable[[nn.Module, Tensor, Tensor], Tensor] = lambda network, x, y: functional.cross_entropy(network(x), y),
) -> tuple[list[float], Tensor]:
    """Losses and, at the end, all weights, of ``steps`` steps on batches of 32."""
    torch.manual_seed(3)
    network = _plain_network().to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    descend, losses, batches = optimizer(network.parameters()), [], _plain_batches(digits, 32, seed=3)
    for _ in range(steps):
        images, labels = next(batches)
        value = loss(network, images, labels)
        descend.zero_grad()
        value.backward()  # type: ignore[no-untyped-call]
        descend.step()
        losses.append(value.item())
    return losses, torch.cat([parameter.detach().flatten() for parameter in network.parameters()])


@pytest.mark.parametrize("name", get_args(OptimizerName))
def test_the_first_steps_are_those_of_a_plain_loop(name: OptimizerName, few: Digits) -> None:
    losses, weights = _plain_run(few, PLAIN[name], steps=3)
    snapshots = snapshots_of(RunConfig(TINY, Recipe(name, 0.05, batch_size=32, epochs=1), seed=3), few)
    assert [snapshot.point.train_loss for snapshot in snapshots[1:]] == pytest.approx(losses, abs=1e-6)
    torch.testing.assert_close(parameters_of(snapshots[-1]), weights, rtol=0, atol=1e-6)


def test_the_second_epoch_goes_on_where_the_first_ended(few: Digits) -> None:
    losses, weights = _plain_run(few, PLAIN["momentum"], steps=6)
    snapshots = snapshots_of(RunConfig(TINY, Recipe("momentum", 0.05, batch_size=32, epochs=2), seed=3), few)
    assert [snapshot.point.train_loss for snapshot in snapshots[1:]] == pytest.approx(losses, abs=1e-6)
    torch.testing.assert_close(parameters_of(snapshots[-1]), weights, rtol=0, atol=1e-6)


def test_l1_adds_the_sum_of_absolute_weights_to_what_is_descended(few: Digits) -> None:
    def loss(network: nn.Module, images: Tensor, labels: Tensor) -> Tensor:
        weights = [parameter for parameter in network.parameters() if parameter.dim() > 1]  # no biases
        return functional.cross_entropy(network(images), labels) + 0.01 * sum(w.abs().sum() for w in weights)

    _, weights = _plain_run(few, PLAIN["momentum"], steps=3, loss=loss)
    ours = _trained(Recipe("momentum", 0.05, l1=0.01, batch_size=32, epochs=1), few)
    torch.testing.assert_close(ours, weights, rtol=0, atol=1e-6)


def test_weight_decay_adds_half_the_sum_of_squares(few: Digits) -> None:
    def loss(network: nn.Module, images: Tensor, labels: Tensor) -> Tensor:
        squares = sum(parameter.square().sum() for parameter in network.parameters())
        return functional.cross_entropy(network(images), labels) + 0.02 / 2 * squares

    _, weights = _plain_run(few, PLAIN["momentum"], steps=3, loss=loss)
    ours = _trained(Recipe("momentum", 0.05, weight_decay=0.02, batch_size=32, epochs=1), few)
    torch.testing.assert_close(ours, weights, rtol=0, atol=1e-6)


def test_label_smoothing_gives_every_class_its_share_of_the_truth(few: Digits) -> None:
    def loss(network: nn.Module, images: Tensor, labels: Tensor) -> Tensor:
        truth = 0.9 * functional.one_hot(labels, 10) + 0.1 / 10
        return -(truth * network(images).log_softmax(1)).sum(1).mean()

    losses, weights = _plain_run(few, PLAIN["momentum"], steps=3, loss=loss)
    config = RunConfig(TINY, Recipe("momentum", 0.05, label_smoothing=0.1, batch_size=32, epochs=1), seed=3)
    snapshots = snapshots_of(config, few)
    assert [snapshot.point.smoothed_loss for snapshot in snapshots[1:]] == pytest.approx(losses, abs=1e-6)
    torch.testing.assert_close(parameters_of(snapshots[-1]), weights, rtol=0, atol=1e-6)


def test_the_training_loss_is_the_cross_entropy_that_the_test_loss_is(few: Digits) -> None:
    """With all digits in one batch, a step's training loss is what a test of the weights before it gave."""
    both = replace(few, test_images=few.train_images, test_labels=few.train_labels)
    for smoothing in (0.0, 0.3):
        recipe = Recipe("momentum", 0.05, label_smoothing=smoothing, batch_size=len(few.train_labels), epochs=4)
        points = [s.point for s in snapshots_of(RunConfig(TINY, recipe), both, every=Cadence(1, 1, 1))]
        tested = [point.test_loss for point in points[1:]]  # the first of all is of a tenth of the digits
        assert [point.train_loss for point in points[2:]] == pytest.approx(tested[:-1], abs=1e-5)
        assert [point.smoothed_loss is None for point in points[1:]] == [not smoothing] * 4
        assert not smoothing or points[-1].smoothed_loss != pytest.approx(points[-1].train_loss, abs=1e-3)


def test_a_subset_is_trained_on_as_if_it_were_all_there_is(few: Digits) -> None:
    chosen = subset_indices(few.train_labels, 40, seed=3)
    part = replace(few, train_images=few.train_images[chosen], train_labels=few.train_labels[chosen])
    recipe = Recipe("momentum", 0.05, batch_size=16, epochs=2)
    of_subset = snapshots_of(RunConfig(TINY, recipe, subset=40, seed=3), few)
    of_part = snapshots_of(RunConfig(TINY, recipe, seed=3), part)
    assert torch.equal(parameters_of(of_subset[-1]), parameters_of(of_part[-1]))
    assert of_subset[-1].point.step == 6


def _everything(snapshot: Snapshot) -> tuple[object, ...]:
    point = replace(snapshot.point, seconds=0, examples_per_second=0)
    assert snapshot.views is not None
    pictures = [snapshot.views.filters.tobytes(), *(maps.tobytes() for maps in snapshot.views.feature_maps)]
    wrong = snapshot.results.index.tolist() if snapshot.results else None
    state = network_of(snapshot).state_dict().items() if snapshot.weights else ()
    return point, pictures, wrong, [(name, value.numpy().tobytes()) for name, value in state]


def test_the_same_seed_gives_the_same_snapshots(few: Digits) -> None:
    network = replace(TINY, dropout=0.5, spatial_dropout=0.2, batch_norm=True)
    recipe = Recipe("adam", 0.01, batch_size=32, epochs=2, shift=2, rotate=10, schedule="one-cycle")
    first, again, other = (snapshots_of(RunConfig(network, recipe, seed=seed), few) for seed in (3, 3, 4))
    assert [_everything(snapshot) for snapshot in first] == [_everything(snapshot) for snapshot in again]
    assert not torch.equal(parameters_of(first[-1]), parameters_of(other[-1]))


@pytest.fixture
def batches(monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """The indices of the digits of every batch, as they are trained on."""
    seen: list[list[int]] = []
    step = loop._Run.step

    def noting(run: loop._Run, batch: Tensor) -> Step:
        seen.append(batch.tolist())
        return step(run, batch)

    monkeypatch.setattr(loop._Run, "step", noting)
    return seen


@pytest.mark.parametrize(
    "config",
    [
        RunConfig(replace(TINY, dropout=0.5)),
        RunConfig(NetworkConfig(())),
        RunConfig(TINY, Recipe(shift=2)),
        RunConfig(TINY, Recipe(rotate=15)),
        RunConfig(TINY, Recipe(initialization="he", optimizer="sgd")),
    ],
    ids=["dropout", "another network", "shift", "rotate", "another initialization"],
)
def test_only_the_seed_decides_the_order(config: RunConfig, few: Digits, batches: list[list[int]]) -> None:
    recipe = replace(config.recipe, batch_size=32, epochs=3)
    snapshots_of(RunConfig(TINY, Recipe(batch_size=32, epochs=3), seed=5), few)
    plain = batches.copy()
    batches.clear()
    snapshots_of(replace(config, recipe=recipe, seed=5), few)
    assert batches == plain


def test_every_epoch_has_every_digit_once_in_a_new_order(few: Digits, batches: list[list[int]]) -> None:
    snapshots_of(RunConfig(TINY, Recipe(batch_size=40, epochs=2), seed=5), few)
    assert [len(batch) for batch in batches] == [40, 40, 16, 40, 40, 16]
    epochs = [list(chain(*batches[:3])), list(chain(*batches[3:]))]
    assert [sorted(epoch) for epoch in epochs] == [list(range(96))] * 2
    assert epochs[0] != epochs[1]


def test_a_last_batch_of_one_digit_takes_in_another_one(batches: list[list[int]]) -> None:
    """Batch normalization cannot compare a digit with itself."""
    digits = excerpt(train=33)
    network = replace(TINY, batch_norm=True)
    snapshots = snapshots_of(RunConfig(network, Recipe(batch_size=32, epochs=1), seed=5), digits)
    assert [len(batch) for batch in batches] == [32, 2]
    assert set(chain(*batches)) == set(range(33))
    assert snapshots[-1].point.step == 2
    assert np.isfinite(snapshots[-1].point.train_loss or np.nan)


@pytest.mark.parametrize("size, train", [(1, 8), (8, 1)])
def test_batch_normalization_of_a_single_digit_is_explained(size: int, train: int) -> None:
    config = RunConfig(replace(TINY, batch_norm=True), Recipe(batch_size=size, epochs=1))
    with pytest.raises(ImpossibleNetworkError, match=r"Batch normalization .* at least 2 digits"):
        snapshots_of(config, excerpt(train=train))
    assert snapshots_of(replace(config, network=TINY), excerpt(train=train))[-1].results is not None
