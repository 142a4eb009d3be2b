"""A network's work on one picture, looked at closely: the maps of its stages, and the scores of one pixel."""

from __future__ import annotations

import copy
import functools
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from explainer.tasks.segmentation.build import untrained
from explainer.tasks.segmentation.config import SIZES, UNetConfig
from explainer.tasks.segmentation.data import watched, watched_examples
from explainer.tasks.segmentation.network import Encoder
from explainer.tasks.segmentation.reports import SegmentationViews
from explainer.tasks.segmentation.testing import views
from explainer.tasks.segmentation.weights import from_bytes

Floats = NDArray[np.float32]
TRIED = 16  # random pictures, for what a pixel can see through maxima


def maps(network: Encoder, picture: NDArray[Any]) -> list[tuple[str, Floats]]:
    """The stages of a network in evaluation mode on a picture (channels, h, w): names and maps (c, rows, columns).

    In the order of their making; the last, "scores", are the outputs. The picture is uint8, or 0..1.
    """
    with torch.inference_mode():
        named = network.named(_batch(picture))
    return [(name, values[0].float().numpy().copy()) for name, values in named.items()]


@dataclass(frozen=True, eq=False)
class PixelView:
    """Where the answer for one pixel comes from.

    ``logits`` and ``probabilities`` (k,) float32 of its classes; for a task without classes the values of its channels
    and None. ``chosen`` is the likeliest class, or channel 0. ``gradient`` (h, w) float32: how much each pixel of the
    picture moves the chosen number, without its sign, of channels the largest. ``maps`` as of ``maps``.
    """

    logits: Floats
    probabilities: Floats | None
    chosen: int
    gradient: Floats
    maps: tuple[tuple[str, Floats], ...]


def pixel_view(network: Encoder, picture: NDArray[Any], row: int, column: int, *, has_classes: bool) -> PixelView:
    """Of a network in evaluation mode and a picture (channels, h, w), uint8 or 0..1.

    Raises IndexError for a pixel that is not in it.
    """
    given = _batch(picture).requires_grad_()
    values = network(given)[0, :, row, column]
    chosen = int(values.argmax()) if has_classes else 0
    (gradient,) = torch.autograd.grad(values[chosen], given)
    logits = values.detach().float()
    return PixelView(
        logits.numpy().copy(),
        logits.softmax(dim=0).numpy().copy() if has_classes else None,
        chosen,
        gradient[0].abs().amax(dim=0).numpy().copy(),
        tuple(maps(network, picture)),
    )


def field(network: Encoder, size: tuple[int, ...], row: int, column: int) -> tuple[int, int, int, int]:
    """What the pixel can see of a picture of this ``size`` (h, w): left, top, right and bottom, the ends left out.

    Where all weights are positive no path from a pixel to the output is lost, so that the gradient tells. Where maxima
    are taken, only those of pictures that are tried are seen: of several random ones together.
    """
    open_network = copy.deepcopy(network).double().eval()
    with torch.no_grad():
        for tensor in (*open_network.parameters(), *open_network.buffers()):
            tensor.fill_(1)
    chance = torch.Generator().manual_seed(0)
    channels = next(open_network.parameters()).shape[1] // 4  # four neighbours are four channels
    count = TRIED if network.pools else 1
    given = torch.rand(count, channels, *size, generator=chance, dtype=torch.float64).requires_grad_()
    (gradient,) = torch.autograd.grad(open_network(given)[:, 0, row, column].sum(), given)
    seen = (gradient != 0).any(dim=1).any(dim=0)
    rows, columns = (seen.any(dim=axis).nonzero().flatten().tolist() for axis in (1, 0))
    return columns[0], rows[0], columns[-1] + 1, rows[-1] + 1


def field_of(config: UNetConfig, row: int, column: int) -> tuple[int, int, int, int]:
    """The same of a run's network and its pictures; how it is trained moves nothing."""
    same = UNetConfig()
    return _field_of(replace(config, scenes=same.scenes, seed=same.seed, loss=same.loss), row, column)


@functools.lru_cache(maxsize=64)
def _field_of(config: UNetConfig, row: int, column: int) -> tuple[int, int, int, int]:
    return field(untrained(config), SIZES[config.data], row, column)


@functools.lru_cache(maxsize=8)
def trained(weights: bytes) -> Encoder:
    """The network of a weights file, in evaluation mode; shared, and not to be changed. Raises WeightsError."""
    return from_bytes(weights)[1]


@functools.lru_cache(maxsize=32)
def watched_pixel(config: UNetConfig, weights: bytes | None, picture: int, row: int, column: int) -> PixelView:
    """A pixel of the watched picture of a number, from 0 on, by the network of ``weights``, or the untrained one.

    Raises DatasetError, WeightsError, and IndexError for a pixel that is not in the picture.
    """
    network = trained(weights) if weights else untrained(config)
    inputs = watched(config).inputs[picture]
    return pixel_view(network, inputs, row, column, has_classes=config.task == "segment")


def first_views(config: UNetConfig) -> SegmentationViews:
    """What the network says of the watched pictures before it has learned anything. Raises DatasetError."""
    return views(untrained(config), config, watched_examples(config))


@functools.lru_cache(maxsize=16)
def views_of(weights: bytes) -> SegmentationViews:
    """What the network of a weights file says of the watched pictures. Raises WeightsError, DatasetError."""
    config, network = from_bytes(weights)
    return views(network, config, watched_examples(config))


def _batch(picture: NDArray[Any]) -> Tensor:
    given = torch.from_numpy(np.ascontiguousarray(picture)).unsqueeze(0)
    return given / 255 if given.dtype == torch.uint8 else given.float()
