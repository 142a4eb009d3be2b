"""The hyperparameters that a search chooses, each between two bounds on its own scale."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from explainer.networks.config import NetworkConfig
from explainer.training.config import RunConfig

AxisName = Literal["learning-rate", "weight-decay", "dropout", "batch-size", "width"]
DIGITS = 3  # significant, of a value: what is shown is what is trained with


@dataclass(frozen=True)
class Axis:
    """A hyperparameter between ``low`` and ``high``, on a logarithmic or a linear scale; ``is_whole`` where it counts.

    ``ticks`` are the values that a drawing of the axis names, ``symbol`` is its letter in a formula.
    """

    name: AxisName
    symbol: str
    low: float
    high: float
    ticks: tuple[float, ...]
    is_log: bool = True
    is_whole: bool = False

    def value(self, place: float) -> float:
        """The value at a ``place`` on the axis, 0 at its lower bound and 1 at its upper one."""
        low, high = self.low, self.high
        value = low * (high / low) ** place if self.is_log else low + (high - low) * place
        return float(round(value)) if self.is_whole else float(f"{value:.{DIGITS}g}")

    def place(self, value: float) -> float:
        """Where on the axis a ``value`` lies."""
        if self.is_log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)


AXES: dict[AxisName, Axis] = {
    "learning-rate": Axis("learning-rate", r"\eta", 1e-4, 1.0, (1e-4, 1e-2, 1.0)),
    "weight-decay": Axis("weight-decay", r"\lambda", 1e-4, 1.0, (1e-4, 1e-2, 1.0)),
    "dropout": Axis("dropout", "p", 0.0, 0.8, (0.0, 0.4, 0.8), is_log=False),
    "batch-size": Axis("batch-size", "B", 16, 1024, (16, 128, 1024), is_whole=True),
    "width": Axis("width", "w", 0.25, 2.0, (0.25, 0.5, 1.0, 2.0)),
}


def with_values(run: RunConfig, values: Mapping[AxisName, float]) -> RunConfig:
    """The run with these values; ``width`` is how many times as many channels and hidden units it has."""
    network, recipe = run.network, run.recipe
    for name, value in values.items():
        match name:
            case "learning-rate":
                recipe = replace(recipe, learning_rate=value)
            case "weight-decay":
                recipe = replace(recipe, weight_decay=value)
            case "batch-size":
                recipe = replace(recipe, batch_size=int(value))
            case "dropout":
                network = replace(network, dropout=value)
            case "width":
                network = _widened(network, value)
    return replace(run, network=network, recipe=recipe)


def _widened(network: NetworkConfig, factor: float) -> NetworkConfig:
    blocks = tuple(replace(block, channels=_times(block.channels, factor)) for block in network.blocks)
    return replace(network, blocks=blocks, hidden=tuple(_times(width, factor) for width in network.hidden))


def _times(count: int, factor: float) -> int:
    return max(1, round(count * factor))
