"""What a run's network is made of, from the picture down and up again: for a picture of it."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import torch

from explainer.tasks.segmentation.build import build
from explainer.tasks.segmentation.config import SIZES, UNetConfig


@dataclass(frozen=True)
class Stage:
    """A stage's ``name`` as in the network, its ``maps`` of ``height`` x ``width``, and its ``parameters``."""

    name: str
    maps: int
    height: int
    width: int
    parameters: int


@functools.lru_cache(maxsize=64)
def stages(config: UNetConfig) -> tuple[Stage, ...]:
    """In the order of their making; the last, "scores", is as large as the picture: an FCN enlarges to it.

    Raises ImpossibleNetworkError.
    """
    with torch.device("meta"):  # shapes without numbers
        network = build(config).eval()
        made = network.named(torch.empty(1, config.inputs, *SIZES[config.data]))
    own = {"scores" if name == "up" else name: each for name, each in network.named_children()}
    counts = {name: sum(each.numel() for each in own[name].parameters()) if name in own else 0 for name in made}
    shapes = {name: (values.shape[1], values.shape[2], values.shape[3]) for name, values in made.items()}
    return tuple(Stage(name, *shape, counts[name]) for name, shape in shapes.items())
