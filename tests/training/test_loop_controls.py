"""What can be changed while a run goes, and how a run that breaks says where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from training_runs import CPU, EVERY_STEP, TINY, parameters_of, snapshots_of

from explainer.data.digits import Digits
from explainer.training import loop
from explainer.training.config import Recipe, RunConfig
from explainer.training.configuration import Controls
from explainer.training.loop import Cadence, train
from explainer.training.snapshot import Snapshot


def _controlled(config: RunConfig, digits: Digits, after: int, change: Callable[[Controls], None]) -> list[Snapshot]:
    """The snapshots of a run whose controls ``change`` alters once ``after`` steps are done."""
    controls, steps, snapshots = Controls(), 0, []
    for item in train(config, digits, controls, CPU, EVERY_STEP):
        if isinstance(item, Snapshot):
            snapshots.append(item)
        else:
            steps += bool(item.examples)
            if item.examples and steps == after:
                change(controls)
    return snapshots


def test_a_new_learning_rate_takes_effect_at_the_next_step(few: Digits) -> None:
    config = RunConfig(TINY, Recipe("sgd", 0.1, batch_size=32, epochs=2), seed=3)
    changed = _controlled(config, few, 2, lambda controls: controls.changed.update(learning_rate=0.01))
    assert [snapshot.point.learning_rate for snapshot in changed] == [0.1, 0.1, 0.1, 0.01, 0.01, 0.01, 0.01]
    plain = snapshots_of(config, few)
    losses = [[snapshot.point.train_loss for snapshot in run[1:]] for run in (plain, changed)]
    assert losses[0][:3] == losses[1][:3]  # the third step still starts from the weights of the old rate
    assert all(a != b for a, b in zip(losses[0][3:], losses[1][3:], strict=True))


def test_a_new_learning_rate_is_the_new_peak_of_the_schedule(few: Digits) -> None:
    config = RunConfig(TINY, Recipe("sgd", 0.1, "cosine", batch_size=32, epochs=2), seed=3)
    changed = _controlled(config, few, 3, lambda controls: controls.changed.update(learning_rate=0.05))
    share = [(1 + np.cos(np.pi * step / 6)) / 2 for step in range(6)]
    expected = [0.1 * share[0], *(0.1 * value for value in share[:3]), *(0.05 * value for value in share[3:])]
    assert [snapshot.point.learning_rate for snapshot in changed] == pytest.approx(expected)


def test_the_first_point_shows_the_rate_of_the_first_step(few: Digits) -> None:
    config = RunConfig(TINY, Recipe("sgd", 0.1, "one-cycle", batch_size=32, epochs=4), seed=3)
    first, second, *_ = snapshots_of(config, few)
    assert first.point.learning_rate == second.point.learning_rate == pytest.approx(0.1 / 25)


@pytest.mark.parametrize("before", [0.0, 0.5])
def test_a_new_rate_of_dropout_takes_effect_at_the_next_step(before: float, few: Digits) -> None:
    network = replace(TINY, dropout=before)
    config = RunConfig(network, Recipe("sgd", 0.1, batch_size=32, epochs=2), seed=3)
    changed = _controlled(config, few, 2, lambda controls: controls.changed.update(dropout=0.9))
    plain = snapshots_of(config, few)
    losses = [[snapshot.point.train_loss for snapshot in run[1:]] for run in (plain, changed)]
    assert losses[0][:2] == losses[1][:2]
    assert losses[0][2] != losses[1][2]


def test_a_measurement_asked_for_comes_after_the_present_step_and_once(few: Digits) -> None:
    config = RunConfig(TINY, Recipe(batch_size=16, epochs=2), seed=3)
    snapshots = _controlled(config, few, 3, lambda controls: setattr(controls, "measure_now", True))
    assert [snapshot.point.step for snapshot in snapshots if snapshot.weights] == [0, 3, 12]
    measured = snapshots[3]
    assert measured.point.test_digits == 6


@pytest.mark.parametrize("at", [6, 12])
def test_a_measurement_asked_for_at_the_end_of_an_epoch_is_not_repeated(at: int, few: Digits) -> None:
    config = RunConfig(TINY, Recipe(batch_size=16, epochs=2), seed=3)
    controls, steps, measured = Controls(), 0, []
    for item in train(config, few, controls, CPU, Cadence(point=1, part=10**9, full=96)):
        if isinstance(item, Snapshot):
            measured += [item.point.step] if item.weights else []
        elif item.examples:
            steps += 1
            controls.measure_now |= steps == at
    assert measured == [0, 6, 12]
    assert not controls.measure_now


def test_measuring_changes_nothing_in_the_run(few: Digits) -> None:
    network = replace(TINY, dropout=0.5, batch_norm=True)
    config = RunConfig(network, Recipe(batch_size=16, epochs=2, shift=1), seed=3)
    often = snapshots_of(config, few, every=Cadence(point=16, part=16, full=96))
    rarely = snapshots_of(config, few, every=Cadence(point=10**9, part=10**9, full=10**9))
    assert len(rarely) == 2
    assert len(often) == 13
    assert torch.equal(parameters_of(often[-1]), parameters_of(rarely[-1]))


def _until_broken(
    config: RunConfig,
    digits: Digits,
    monkeypatch: pytest.MonkeyPatch,
    spoil: Callable[[nn.Sequential], None],
    after: int,
) -> list[Snapshot]:
    """The snapshots of a run whose network ``spoil`` ruins once ``after`` steps are done."""
    initialize = loop.initialize
    networks: list[nn.Module] = []

    def noting(network: nn.Module, name: Any) -> None:
        networks.append(network)
        initialize(network, name)

    monkeypatch.setattr(loop, "initialize", noting)
    snapshots, steps = [], 0
    for item in train(config, digits, None, CPU, EVERY_STEP):
        if isinstance(item, Snapshot):
            snapshots.append(item)
        elif item.examples:
            steps += 1
            if steps == after:
                with torch.no_grad():
                    spoil(networks[0])  # type: ignore[arg-type]
    return snapshots


def _set(name: str, value: float) -> Callable[[nn.Sequential], None]:
    def spoil(network: nn.Sequential) -> None:
        network.get_parameter(name)[0].fill_(value)

    return spoil


@pytest.mark.parametrize(
    "name, value, where",
    [
        ("convolution_1.weight", float("inf"), ("convolution_1", "gradient")),
        ("convolution_2.weight", float("nan"), ("convolution_2", "gradient")),
        ("convolution_2.bias", float("nan"), ("convolution_2", "gradient")),
        ("logits.weight", float("inf"), ("logits", "gradient")),
        ("convolution_2.bias", 3e38, ("fully_connected_1", "activation")),
    ],
)
def test_the_layer_that_broke_is_named(
    name: str, value: float, where: tuple[str, str], few: Digits, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = Recipe("sgd", 1e-6, batch_size=16, epochs=2, initialization="normal-1")
    snapshots = _until_broken(RunConfig(TINY, recipe, seed=3), few, monkeypatch, _set(name, value), after=4)
    broken = snapshots[-1].divergence
    assert broken is not None
    assert (broken.step, (broken.layer, broken.what)) == (5, where)
    assert [snapshot.point.step for snapshot in snapshots] == [0, 1, 2, 3, 4, 5]
    assert all(snapshot.divergence is None for snapshot in snapshots[:-1])
    assert snapshots[-1].weights is None


@pytest.mark.parametrize("rate", [1e10, 1e20, 1e36])
def test_an_enormous_learning_rate_diverges(rate: float, few: Digits) -> None:
    snapshots = snapshots_of(RunConfig(TINY, Recipe("sgd", rate, batch_size=16, epochs=5), seed=3), few)
    broken = snapshots[-1].divergence
    assert broken is not None
    assert 1 < broken.step == snapshots[-1].point.step < 30
    # The weights of the first step are finite; what they compute is not.
    assert broken.what in ("activation", "loss")
    assert broken.layer in {"convolution_2", "fully_connected_1", "logits"}


def test_weights_that_overflow_in_a_step_are_named(few: Digits) -> None:
    snapshots = snapshots_of(
        RunConfig(TINY, Recipe("sgd", 3e38, weight_decay=1e3, batch_size=16, epochs=5), seed=3), few
    )
    broken = snapshots[-1].divergence
    assert broken is not None
    assert (broken.step, broken.layer, broken.what) == (2, "convolution_1", "gradient")


def test_divergence_is_found_without_points_in_between(few: Digits) -> None:
    never = Cadence(point=10**9, part=10**9, full=10**9)
    snapshots = snapshots_of(RunConfig(TINY, Recipe("sgd", 1e20, batch_size=16, epochs=5), seed=3), few, every=never)
    assert len(snapshots) == 2
    assert snapshots[1].divergence is not None
    assert snapshots[1].divergence.step == snapshots[1].point.step


@pytest.mark.parametrize("every", [1, 3, 10**9])
def test_a_device_that_is_read_only_at_points_reports_the_step_that_broke(
    every: int, few: Digits, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = RunConfig(TINY, Recipe("sgd", 1e20, batch_size=16, epochs=5), seed=3)
    at_once = snapshots_of(config, few)[-1].divergence
    monkeypatch.setattr(loop, "_read_at_once", lambda _: False)
    last = snapshots_of(config, few, every=Cadence(point=16 * every, part=10**9, full=10**9))[-1]
    assert at_once is not None
    assert last.divergence is not None
    assert last.divergence.step == at_once.step
    assert last.point.step == (30 if every > 30 else -(-at_once.step // every) * every)
