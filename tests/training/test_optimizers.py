"""Optimizers against torch's plain ones, schedules against torch's schedulers."""

from __future__ import annotations

import math
from typing import get_args

import pytest
import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import CosineAnnealingLR, LRScheduler, OneCycleLR

from explainer.training.config import OptimizerName, Recipe, ScheduleName
from explainer.training.optimizers import make_optimizer, schedule

PEAK = 0.01


def _rates(optimizer: Optimizer, scheduler: LRScheduler, steps: int) -> list[float]:
    rates = []
    for _ in range(steps):
        rates.append(float(optimizer.param_groups[0]["lr"]))
        optimizer.step()
        scheduler.step()
    return rates


@pytest.mark.parametrize("steps", [2, 3, 4, 5, 7, 10, 11, 100, 937])
def test_one_cycle_is_torchs(steps: int) -> None:
    optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], PEAK)
    scheduler = OneCycleLR(optimizer, PEAK, total_steps=steps, cycle_momentum=False)
    expected = [float(optimizer.param_groups[0]["lr"])]
    for _ in range(steps - 1):
        optimizer.step()
        scheduler.step()
        expected.append(float(optimizer.param_groups[0]["lr"]))
    rate = schedule("one-cycle", steps)
    assert [PEAK * rate(step) for step in range(steps)] == pytest.approx(expected, rel=1e-9, abs=1e-15)


@pytest.mark.parametrize("steps", [1, 2, 9, 470])
def test_cosine_is_torchs(steps: int) -> None:
    optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], PEAK)
    expected = _rates(optimizer, CosineAnnealingLR(optimizer, steps), steps)
    rate = schedule("cosine", steps)
    assert [PEAK * rate(step) for step in range(steps)] == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_one_cycle_in_numbers() -> None:
    rate = schedule("one-cycle", 100)
    assert rate(0) == pytest.approx(1 / 25)
    assert rate(29) == pytest.approx(1)  # 30 % of 100 steps: the peak
    assert rate(29 // 2) == pytest.approx(1 + (1 / 25 - 1) / 2 * (1 + math.cos(math.pi * 14 / 29)))
    assert rate(99) == pytest.approx(1 / 250_000)


@pytest.mark.parametrize("name", get_args(ScheduleName))
@pytest.mark.parametrize("steps", [1, 2, 3, 60])
def test_a_rate_lies_between_0_and_the_peak(name: ScheduleName, steps: int) -> None:
    rates = [schedule(name, steps)(step) for step in range(steps)]
    assert all(0 < rate <= 1 for rate in rates)
    assert name != "constant" or rates == [1.0] * steps


# torch's own optimizers, one operation at a time, as the oracle.
PLAIN: dict[OptimizerName, object] = {
    "sgd": lambda p, r: torch.optim.SGD(p, r.learning_rate, weight_decay=r.weight_decay, foreach=False),
    "momentum": lambda p, r: torch.optim.SGD(
        p, r.learning_rate, momentum=r.momentum, weight_decay=r.weight_decay, foreach=False
    ),
    "nesterov": lambda p, r: torch.optim.SGD(
        p, r.learning_rate, momentum=r.momentum, weight_decay=r.weight_decay, nesterov=True, foreach=False
    ),
    "adagrad": lambda p, r: torch.optim.Adagrad(p, r.learning_rate, weight_decay=r.weight_decay, foreach=False),
    "rmsprop": lambda p, r: torch.optim.RMSprop(
        p, r.learning_rate, alpha=0.9, weight_decay=r.weight_decay, foreach=False
    ),
    "adam": lambda p, r: torch.optim.Adam(p, r.learning_rate, r.betas, weight_decay=r.weight_decay, foreach=False),
    "adamw": lambda p, r: torch.optim.AdamW(p, r.learning_rate, r.betas, weight_decay=r.weight_decay, foreach=False),
}


def test_every_optimizer_has_an_oracle() -> None:
    assert list(PLAIN) == list(get_args(OptimizerName))


def _walk(optimizer: Optimizer, weight: nn.Parameter) -> Tensor:
    """Where five steps downhill from ``weight`` end, in a bent valley."""
    slopes = torch.linspace(0.5, 3, weight.numel(), dtype=torch.float64).view_as(weight)
    for _ in range(5):
        optimizer.zero_grad()
        (slopes * (weight - 1).square() + weight.sin()).sum().backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    return weight.detach()


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("decay", [0.0, 0.05])
def test_optimizers_are_torchs(name: OptimizerName, decay: float) -> None:
    recipe = Recipe(optimizer=name, learning_rate=0.02, weight_decay=decay, momentum=0.7, betas=(0.8, 0.95))
    start = torch.linspace(-2, 2, 12, dtype=torch.float64).view(3, 4)
    ours, plain = (nn.Parameter(start.clone()) for _ in range(2))
    after = _walk(make_optimizer([ours], recipe), ours)
    torch.testing.assert_close(after, _walk(PLAIN[name]([plain], recipe), plain), rtol=0, atol=1e-12)  # type: ignore[operator]
    assert not torch.allclose(after, start)


def test_nesterov_without_momentum_is_plain_sgd() -> None:
    start = torch.linspace(-2, 2, 12, dtype=torch.float64)
    ends = []
    for name in ("sgd", "nesterov", "momentum"):
        weight = nn.Parameter(start.clone())
        ends.append(_walk(make_optimizer([weight], Recipe(name, 0.02, momentum=0.0)), weight))  # type: ignore[arg-type]
    assert torch.equal(ends[0], ends[1])
    assert torch.equal(ends[0], ends[2])


def test_one_step_of_each_kind_by_hand() -> None:
    """From 1.0 along a gradient of 0.5 at a rate of 0.1: what each formula says."""
    expected = {
        "sgd": 1 - 0.1 * 0.5,
        "momentum": 1 - 0.1 * 0.5,
        "nesterov": 1 - 0.1 * (0.5 + 0.9 * 0.5),
        "adagrad": 1 - 0.1 * 0.5 / 0.5,
        "rmsprop": 1 - 0.1 * 0.5 / math.sqrt(0.1 * 0.25),
        "adam": 1 - 0.1,
        "adamw": 1 - 0.1,
    }
    for name, value in expected.items():
        weight = nn.Parameter(torch.ones(1, dtype=torch.float64))
        weight.grad = torch.full((1,), 0.5, dtype=torch.float64)
        make_optimizer([weight], Recipe(name, 0.1)).step()  # type: ignore[arg-type]
        assert weight.item() == pytest.approx(value, abs=1e-7), name
