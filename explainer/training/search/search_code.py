"""Searches as PyTorch code: a short run as a function of the two hyperparameters, and what each method asks of it."""

from __future__ import annotations

from explainer.networks.config import NetworkConfig
from explainer.networks.plan import channels_last, layers
from explainer.networks.presets import PRESETS
from explainer.training import script_code
from explainer.training.presets import recipe
from explainer.training.search.axes import AXES, Axis, AxisName
from explainer.training.search.places import random_first
from explainer.training.search.search import PRESET, SearchConfig
from explainer.training.search.trial import HELD_OUT

_HEAD = """\
import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torchvision.datasets import MNIST

SEED, EPOCHS, BUDGET = {seed}, {epochs}, {budget}
mnist = MNIST("data", download=True)
images, labels = mnist.data[:, None], mnist.targets
train_images, train_labels = images[:-{held}], labels[:-{held}]
held_images, held_labels = images[-{held}:], labels[-{held}:]
"""
_NORMALIZE = """\
def normalize(pixels):
    return (pixels.float() / 255 - 0.1307) / 0.3081
"""
_RATE = """\
def half_cosine(start, end, share):
    return end + (start - end) / 2 * (1 + math.cos(math.pi * share))


def one_cycle(step, steps):
    peak, last = 0.3 * steps - 1, steps - 1
    if step <= peak:
        return half_cosine(1 / 25, 1.0, step / peak if peak > 0 else 1.0)
    return half_cosine(1.0, 1 / 250_000, (step - peak) / (last - peak))
"""
_RUN = """\
def accuracy(x, y):
    \"\"\"Of a short run with these hyperparameters, on the held-out digits.\"\"\"
    settings = {{
{settings}
    }}
    settings |= {{"{x}": x, "{y}": y}}
    torch.manual_seed(SEED)
    a, b, c = (max(1, round(n * settings["width"])) for n in ({a}, {b}, {c}))
    p = settings["dropout"]
    network = nn.Sequential(
        *(nn.Conv2d(1, a, {first.kernel}, {first.stride}), nn.ReLU()),
        *(nn.Conv2d(a, b, {second.kernel}, {second.stride}), nn.ReLU(), nn.Flatten()),
        *(nn.Linear({area} * b, c), nn.ReLU(), *([nn.Dropout(p)] if p else [])),
        nn.Linear(c, 10),
    ){last}
    optimizer = torch.optim.AdamW(
        network.parameters(),
        betas={betas},
        weight_decay=settings["weight_decay"],
        fused=True,
    )
    order = torch.Generator().manual_seed(SEED)
    size, step = int(settings["batch_size"]), 0
    steps = EPOCHS * math.ceil(len(chosen) / size)
    for _ in range(EPOCHS):
        digits = chosen[torch.randperm(len(chosen), generator=order)]
        for batch in digits.split(size):
            for group in optimizer.param_groups:
                group["lr"] = settings["learning_rate"] * one_cycle(step, steps)
            logits = network(normalize(train_images[batch]))
            loss = F.cross_entropy(logits, train_labels[batch], label_smoothing={smoothing})
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            step += 1
    with torch.inference_mode():
        answers = network.eval()(normalize(held_images)).argmax(1)
    return (answers == held_labels).float().mean().item()
"""
_GRID = """\
side = math.isqrt(BUDGET)
middles = [(i + 0.5) / side for i in range(side)]
grid = {(x, y): accuracy(across(x), up(y)) for y in middles for x in middles}
print("grid", max(grid.values()))
"""
_RANDOM = """\
drawn = np.random.default_rng(SEED).random((BUDGET, 2))
at_random = {(x, y): accuracy(across(x), up(y)) for x, y in drawn}
print("random", max(at_random.values()))
"""
_TPE = """\
import optuna  # pip install optuna; here one run after the other, in the app two at a time

sampler = optuna.samplers.TPESampler(seed=SEED, n_startup_trials={first})
study = optuna.create_study(direction="maximize", sampler=sampler)
study.optimize(
    lambda trial: accuracy(
        across(trial.suggest_float("x", 0.0, 1.0)), up(trial.suggest_float("y", 0.0, 1.0))
    ),
    BUDGET,
)
print("TPE", study.best_value)
"""
_METHODS = {"grid": _GRID, "random": _RANDOM, "tpe": _TPE}


def search_code(config: SearchConfig) -> str:
    """Code that ends with ``grid`` and ``at_random``, accuracies by places, and ``study``: those of ``config.methods``.

    With one thread they are those of ``Search``, but for TPE, which asks in another order.
    """
    head = _HEAD.format(seed=config.seed, epochs=config.epochs, budget=config.budget, held=HELD_OUT)
    subset = script_code.SUBSET.strip("\n").format(subset=config.digits)
    axes = "\n\n\n".join((_axis("across", AXES[config.horizontal]), _axis("up", AXES[config.vertical])))
    methods = "\n".join(_METHODS[method] for method in config.methods)
    methods = methods.replace("{first}", str(random_first(config.budget)))
    parts = [head, subset + "\n", _NORMALIZE, _RATE, _run(config), axes + "\n", methods]
    return "\n\n".join(parts)


def _run(config: SearchConfig) -> str:
    network, how = PRESETS[PRESET], recipe(PRESET)
    first, second = network.blocks
    usual = {"learning_rate": how.learning_rate, "weight_decay": how.weight_decay}
    usual |= {"dropout": network.dropout, "batch_size": how.batch_size, "width": 1.0}
    return _RUN.format(
        settings="\n".join(f'        "{name}": {value!r},' for name, value in usual.items()),
        x=_spelled(config.horizontal),
        y=_spelled(config.vertical),
        a=first.channels,
        b=second.channels,
        c=network.hidden[0],
        first=first,
        second=second,
        area=_area(network),
        last=".to(memory_format=torch.channels_last)" if channels_last(network) else "",
        betas=how.betas,
        smoothing=how.label_smoothing,
    )


def _area(network: NetworkConfig) -> int:
    """Pixels of a map where maps are flattened."""
    (count,) = next(layer.shape for layer in layers(network) if layer.kind == "flatten")
    return count // network.blocks[-1].channels


def _axis(name: str, axis: Axis) -> str:
    low, high = axis.low, axis.high
    scale = f"{low:g} * {high / low:g} ** place" if axis.is_log else f"{low:g} + {high - low:g} * place"
    value = f"round({scale})" if axis.is_whole else f'float(f"{{{scale}:.3g}}")'
    about = f"The {axis.name.replace('-', ' ')} at a place from 0 to 1."
    return f'def {name}(place):\n    """{about}"""\n    return {value}'


def _spelled(name: AxisName) -> str:
    return name.replace("-", "_")
