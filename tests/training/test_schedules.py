"""Schedules against torch's schedulers."""

from __future__ import annotations

from typing import get_args

import pytest
import torch
from torch.optim import lr_scheduler

from explainer.training.schedules import Shape, drop_length, restart_length, shares, warm_up_length

PEAK = 0.3


def _torchs(shape: Shape, steps: int) -> list[float]:
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1, dtype=torch.float64))], PEAK)
    scheduler = _scheduler(shape, steps, optimizer)
    rates = []
    for _ in range(steps):
        rates.append(float(optimizer.param_groups[0]["lr"]))
        optimizer.step()
        scheduler.step()
    return rates


def _scheduler(  # noqa: PLR0911 (one case for each)
    shape: Shape, steps: int, optimizer: torch.optim.Optimizer
) -> lr_scheduler.LRScheduler:
    match shape:
        case "constant":
            return lr_scheduler.ConstantLR(optimizer, factor=1.0)
        case "step":
            return lr_scheduler.StepLR(optimizer, drop_length(steps), gamma=0.5)
        case "exponential":
            return lr_scheduler.ExponentialLR(optimizer, 0.01 ** (1 / steps))
        case "cosine":
            return lr_scheduler.CosineAnnealingLR(optimizer, steps)
        case "restarts":
            return lr_scheduler.CosineAnnealingWarmRestarts(optimizer, restart_length(steps))
        case "one-cycle":
            return lr_scheduler.OneCycleLR(optimizer, PEAK, total_steps=steps, cycle_momentum=False)
        case "warm-up":
            rise = warm_up_length(steps)
            up = lr_scheduler.LinearLR(optimizer, 1 / (rise + 1), 1.0, total_iters=rise)
            down = lr_scheduler.CosineAnnealingLR(optimizer, steps - rise)
            return lr_scheduler.SequentialLR(optimizer, [up, down], [rise])


@pytest.mark.parametrize("steps", [10, 37, 100, 401])
@pytest.mark.parametrize("shape", get_args(Shape))
def test_the_rates_are_torchs(shape: Shape, steps: int) -> None:
    ours = [PEAK * share for share in shares(shape, steps)]
    assert ours == pytest.approx(_torchs(shape, steps), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("steps", [1, 2, 3, 7])
@pytest.mark.parametrize("shape", get_args(Shape))
def test_a_share_lies_between_0_and_1(shape: Shape, steps: int) -> None:
    rates = shares(shape, steps)
    assert len(rates) == steps
    assert all(0 < rate <= 1 for rate in rates)


def test_schedules_in_numbers() -> None:
    assert shares("step", 8) == [1, 1, 0.5, 0.5, 0.25, 0.25, 0.125, 0.125]
    assert shares("exponential", 2) == pytest.approx([1, 0.1])
    assert shares("cosine", 4) == pytest.approx([1, (1 + 0.5**0.5) / 2, 0.5, (1 - 0.5**0.5) / 2])
    assert shares("restarts", 6) == pytest.approx([1, 0.5] * 3)
    assert shares("warm-up", 20)[:3] == pytest.approx([1 / 3, 2 / 3, 1])
