"""The steps of a run by its description, and which descriptions no run can be trained with."""

from __future__ import annotations

from dataclasses import replace

import pytest
from training_runs import TINY, snapshots_of

from explainer.data.digits import Digits
from explainer.networks.config import NetworkConfig
from explainer.training.config import Recipe, RunConfig, is_possible, steps_per_epoch


@pytest.mark.parametrize(
    ("batch", "subset", "epochs", "expected"),
    [(128, 0, 5, 5 * 469), (128, 60_000, 1, 469), (100, 0, 2, 1_200), (64, 1_000, 3, 48), (7, 1, 4, 4), (64, 65, 0, 0)],
)
def test_steps(batch: int, subset: int, epochs: int, expected: int) -> None:
    config = RunConfig(TINY, Recipe(batch_size=batch, epochs=epochs), subset=subset)
    assert config.steps == expected
    assert steps_per_epoch(config) * epochs == expected


@pytest.mark.parametrize("subset, batch", [(96, 32), (65, 32), (33, 50)])
@pytest.mark.parametrize("batch_norm", [True, False])
def test_the_loop_takes_as_many_steps(subset: int, batch: int, batch_norm: bool, few: Digits) -> None:
    network = replace(TINY, batch_norm=batch_norm)
    config = RunConfig(network, Recipe(batch_size=batch, epochs=2), subset=subset)
    last = snapshots_of(config, few)[-1].point
    assert (last.step, last.epoch) == (config.steps, 2)


def test_a_run_as_it_comes_is_possible() -> None:
    assert is_possible(RunConfig(NetworkConfig(())))
