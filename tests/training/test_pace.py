"""Expected seconds: from the configuration, from what runs took on this machine, and from a run's own speed."""

from __future__ import annotations

import pytest
import torch

from explainer.networks.config import Block, NetworkConfig
from explainer.networks.presets import PRESETS
from explainer.training.config import Recipe, RunConfig, digits_a_second
from explainer.training.job import Job
from explainer.training.loop import cadence
from explainer.training.pace import Pace
from explainer.training.snapshot import Point, Snapshot

CONFIG = RunConfig(PRESETS["first-steps"], Recipe(batch_size=100, epochs=2))  # 1,200 steps


def _job(step: int, config: RunConfig = CONFIG) -> Job:
    job = Job(config)
    job.take(Snapshot(Point(step, 0.0, 0.0, 0.0, 0.1, None, None)))
    return job


def test_the_first_estimate_is_that_of_the_cadence() -> None:
    assert Pace().expected(CONFIG) == 2 * 60_000 / digits_a_second(CONFIG.network)
    assert cadence(CONFIG.network, 10**9, torch.device("cpu")).part == max(int(digits_a_second(CONFIG.network)), 6_000)


def test_a_network_that_cannot_be_takes_no_time() -> None:
    assert Pace().expected(RunConfig(NetworkConfig((Block(4, 40, padding="valid"),)))) == 0.0


@pytest.mark.parametrize("recipe, subset", [(Recipe(batch_size=0), 64), (Recipe(), -5), (Recipe(epochs=0), 0)])
def test_numbers_that_no_run_can_have_take_no_time(recipe: Recipe, subset: int) -> None:
    config = RunConfig(NetworkConfig(()), recipe, subset=subset)
    pace = Pace()
    pace.learn(_job(3, config), 2.0)
    assert (pace.left(Job(config), 1.0), pace.left(_job(0, config), 0.0)) == (0.0, pace.expected(config))
    assert pace.expected(CONFIG) == Pace().expected(CONFIG)


def test_what_runs_took_scales_the_estimates_of_all() -> None:
    pace = Pace()
    rough = pace.expected(CONFIG)
    pace.learn(_job(1_200), 3 * rough)
    assert pace.expected(CONFIG) == pytest.approx(3 * rough)
    pace.learn(_job(600), 3 * rough)  # stopped half way: 6 times the estimate
    assert pace.expected(CONFIG) == pytest.approx((0.7 * 3 + 0.3 * 6) * rough)
    before = pace.expected(CONFIG)
    pace.learn(_job(0), 5.0)  # stopped at once: it tells nothing
    assert pace.expected(CONFIG) == before


def test_a_run_that_goes_tells_by_its_own_speed_what_it_still_needs() -> None:
    pace = Pace()
    assert pace.left(_job(300), 10.0) == pytest.approx(30.0)
    assert pace.left(_job(0), 0.5) == pytest.approx(pace.expected(CONFIG) - 0.5)
    assert pace.left(Job(CONFIG), 1e6) == 0.0
