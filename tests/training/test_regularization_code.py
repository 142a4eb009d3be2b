"""The code of the page, executed: the recorded run's network, loss, optimizer and early stopping."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch.nn import functional

from explainer.networks.build import MEAN, STD, build
from explainer.training import regularization_code as code
from explainer.training.config import RunConfig
from explainer.training.regularization import REMEDIES, Remedy, config, early_stopping, record_of

LOSSES = [2.3, 1.0, 0.5, 0.6, 0.4, 0.45, 0.7]


def run(of: RunConfig, losses: list[float] | tuple[float, ...], patience: int) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(code.regularization_code(of, losses, patience), names)
    return names


@pytest.mark.parametrize("patience", [1, 2, 20])
@pytest.mark.parametrize("remedy", REMEDIES)
def test_it_stops_where_the_page_says(remedy: Remedy, patience: int) -> None:
    record = record_of(remedy, 2)
    losses = record.curves.validation_loss
    names = run(record.config, losses, patience)
    stop = early_stopping(losses, patience)
    assert (names["best"], names["epoch"]) == (stop.best, stop.last)
    assert tuple(names["VALIDATION_LOSSES"]) == losses  # to the last digit recorded


@pytest.mark.parametrize("remedy", REMEDIES)
def test_its_network_and_optimizer_are_the_runs(remedy: Remedy) -> None:
    of = config(remedy, 0)
    names = run(of, LOSSES, 3)
    ours = build(of.network).eval()
    ours.load_state_dict(dict(zip(ours.state_dict(), names["network"].state_dict().values(), strict=True)))
    images = torch.randn(4, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(names["network"].eval()(images), ours(images), rtol=0, atol=1e-6)
    (group,) = names["optimizer"].param_groups
    recipe = of.recipe
    wanted = recipe.learning_rate, recipe.momentum, recipe.weight_decay
    assert (group["lr"], group["momentum"], group["weight_decay"]) == wanted
    assert names["schedule"].T_max == of.steps == 40 * 8
    rates = [module.p for module in names["network"] if isinstance(module, torch.nn.Dropout)]
    assert rates == ([of.network.dropout] if of.network.dropout else [])


@pytest.mark.parametrize("remedy", ["none", "l2", "l1"])
def test_its_loss_has_the_penalty_of_weights_without_biases(remedy: Remedy) -> None:
    of = config(remedy, 0)
    names = run(of, LOSSES, 3)
    network = names["network"]
    images = torch.randn(4, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    labels = torch.tensor([3, 1, 4, 1])
    sizes = sum(
        float(value.detach().abs().sum()) for name, value in network.named_parameters() if name.endswith("weight")
    )
    wanted = float(functional.cross_entropy(network(images), labels).detach()) + of.recipe.l1 * sizes
    assert float(names["loss"](images, labels).detach()) == pytest.approx(wanted, rel=1e-5)


def test_augmented_pictures_keep_their_black() -> None:
    names = run(config("augmentation", 0), LOSSES, 3)
    black = -MEAN / STD
    torch.manual_seed(0)
    torch.testing.assert_close(names["augment"](torch.full((1, 28, 28), black)), torch.full((1, 28, 28), black))
    assert float(names["loss"](torch.zeros(2, 1, 28, 28), torch.tensor([1, 2])).detach()) > 0
    assert (code.MEAN, code.STD) == (MEAN, STD)
