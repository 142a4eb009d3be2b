"""What SqueezeNet makes of pictures, module by module: the features that a new last layer learns from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from explainer.networks import zoo

Floats = NDArray[np.float32]
# The modules after which one can cut: all that compute; what is cut off is everything behind.
CUTS = ("1", "3", "4", "5", "7", "8", "9", "10", "12")
CHUNK = 8  # pictures at once


def prepared(rgb: NDArray[np.uint8]) -> Tensor:
    """Pictures (n, 224, 224, 3) uint8 as SqueezeNet takes them: (n, 3, 224, 224) float32, standardized."""
    return standardized(torch.from_numpy(rgb).permute(0, 3, 1, 2).float() / 255)


def standardized(pictures: Tensor) -> Tensor:
    """Pictures (n, 3, h, w), 0..1, as SqueezeNet takes them."""
    transform = zoo.load("squeezenet").description.transform
    mean, std = (torch.tensor(each, device=pictures.device).view(3, 1, 1) for each in (transform.mean, transform.std))
    return (pictures - mean) / std


def features(rgb: NDArray[np.uint8], cuts: Sequence[str] = CUTS) -> Iterator[tuple[Floats, ...]]:
    """Of pictures (n, 224, 224, 3), chunk by chunk: for each cut the mean of every map, (chunk, maps) float32.

    A cut is a module of SqueezeNet's ``features``; its output is what the mean is of.
    """
    modules = backbone()
    for start in range(0, len(rgb), CHUNK):
        yield tuple(of_cuts(modules, prepared(rgb[start : start + CHUNK]), cuts))


def backbone() -> nn.Sequential:
    """SqueezeNet's convolutions, shared: to be read, never to be changed."""
    modules: nn.Sequential = zoo.squeezenet().get_submodule("features")  # type: ignore[assignment]
    return modules


def of_cuts(modules: nn.Sequential, pictures: Tensor, cuts: Sequence[str]) -> list[Floats]:
    """The same of one batch of prepared ``pictures``."""
    made, values = {}, pictures.to(next(modules.parameters()).device)
    with torch.inference_mode():
        for number, module in enumerate(modules):
            values = module(values)
            if str(number) in cuts:
                made[str(number)] = values.mean(dim=(2, 3)).cpu().numpy()
    return [made[cut] for cut in cuts]
