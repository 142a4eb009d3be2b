"""Layers that are trained one by one, and twins that differ in nothing else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy import stats

from explainer.data.digits import load
from explainer.tasks.autoencoder.greedy import (
    SEEDS,
    STARTS,
    UNITS,
    Greedy,
    GreedyConfig,
    compared,
    deep,
    difference,
    fine_tune,
    greedy_stage,
    lessons,
    unseen,
)

SMALL = GreedyConfig(layers=3, labels=100, width=12, steps=25, unlabelled=300)


def state_of(network: torch.nn.Module) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in network.state_dict().items()}


def whole(config: GreedyConfig) -> list[Greedy]:
    return [found for found in compared(config) if found is not None]


@pytest.mark.parametrize("units", UNITS)
@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_stage_changes_its_own_layer_alone(units: str, number: int) -> None:
    network = deep(replace(SMALL, units=units), seed=4)
    before = state_of(network)
    pixels = torch.rand(300, 784, generator=torch.Generator().manual_seed(0))
    errors = list(greedy_stage(network, number, pixels, torch.Generator().manual_seed(1)))
    changed = {name for name, value in network.state_dict().items() if not torch.equal(value, before[name])}
    assert changed and all(name.startswith(f"{number}.") for name in changed)
    assert errors[-1] < errors[0]
    assert not any(module.training for module in network.modules())


def test_a_stage_gives_back_what_it_can() -> None:
    """Inputs that lie on one line come back through a layer of twelve units nearly whole, noise does not."""
    chance = torch.Generator().manual_seed(0)
    line = torch.rand(10_000, 1, generator=chance) * torch.rand(1, 784, generator=chance)
    lost = [
        list(greedy_stage(deep(SMALL, 0), 0, each, chance))[-1]
        for each in (line, torch.rand(10_000, 784, generator=chance))
    ]
    assert lost[0] < 0.1 and lost[1] > 0.8


@pytest.mark.parametrize("units", UNITS)
def test_a_start_is_as_it_was_described(units: str) -> None:
    config = GreedyConfig(units=units, layers=2, width=400)
    network = deep(config, seed=1)
    weight = network[1][0].weight.detach()
    if units == "tanh":
        bound = 1 / np.sqrt(400)
        assert weight.abs().max() <= bound and float(weight.std()) == pytest.approx(bound / np.sqrt(3), rel=0.01)
    else:
        assert float(weight.std()) == pytest.approx(np.sqrt(2 / 400), rel=0.01)
        assert isinstance(network[1][1], torch.nn.BatchNorm1d)
    assert all(
        torch.equal(one, other) for one, other in zip(network.parameters(), deep(config, 1).parameters(), strict=True)
    )
    assert not torch.equal(weight, deep(config, 2)[1][0].weight)


def test_both_starts_have_the_same_labels_in_the_same_order() -> None:
    first, second, other = lessons(SMALL, 3), lessons(SMALL, 3), lessons(SMALL, 4)
    assert torch.equal(first.pixels, second.pixels) and torch.equal(first.labels, second.labels)
    assert all(torch.equal(one, two) for one, two in zip(first.order, second.order, strict=True))
    assert not torch.equal(first.pixels, other.pixels)
    assert torch.bincount(first.labels).tolist() == pytest.approx([10] * 10, abs=2)
    seen = torch.cat(first.order[:5])
    assert sorted(seen.tolist()) == list(range(100))  # every pass has each of them once


def test_the_random_twin_is_the_network_without_its_greedy_stage() -> None:
    found = whole(SMALL)[-1]
    for seed in range(SEEDS):
        tuned = fine_tune(deep(SMALL, seed), SMALL, lessons(SMALL, seed), unseen())
        alone = [error for error in tuned if error is not None]
        assert list(found.errors["random"][seed]) == alone
    assert found.errors["random"] != found.errors["greedy"]


def test_the_same_settings_give_the_same_numbers_and_the_work_comes_to_its_end() -> None:
    first, second = whole(SMALL), whole(SMALL)
    assert first[-1] == second[-1]
    shares = [found.share for found in first]
    assert shares == sorted(shares) and first[-1].whole and shares[-1] == 1 and not first[-2].whole
    assert [len(first[-1].errors[start]) for start in STARTS] == [SEEDS, SEEDS]
    assert np.array(first[-1].layer_errors).shape == (SEEDS, SMALL.layers)


def test_more_labels_and_steps_help() -> None:
    config = GreedyConfig("relu", layers=2, labels=1_000, width=50, steps=300)
    tuned = fine_tune(deep(config, 0), config, lessons(config, 0), unseen())
    errors = [error for error in tuned if error is not None]
    assert errors[0] > 0.7 and errors[-1] < 0.25


def test_the_interval_is_that_of_a_paired_t_test() -> None:
    ends = {"random": (0.21, 0.19, 0.25), "greedy": (0.11, 0.13, 0.12)}
    errors = {start: tuple((0.9, end) for end in ends[start]) for start in STARTS}
    made = difference(Greedy(SMALL, errors, share=1.0, whole=True))
    known = stats.ttest_rel(ends["random"], ends["greedy"])
    interval = known.confidence_interval(0.95)
    assert (made.low, made.high) == pytest.approx((interval.low, interval.high))
    assert made.mean == pytest.approx(0.65 / 3 - 0.36 / 3)
    with pytest.raises(ValueError, match="share="):
        difference(Greedy(SMALL, errors))


def test_nothing_is_taken_of_torchs_own_chance() -> None:
    state = torch.random.get_rng_state()
    deep(SMALL, 0)
    next(greedy_stage(deep(SMALL, 0), 0, torch.rand(50, 784, generator=torch.Generator()), torch.Generator()))
    assert torch.equal(state, torch.random.get_rng_state())
    assert len(load("mnist").train_images) == 60_000
