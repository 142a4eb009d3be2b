"""A network's work on one picture, looked at closely: the maps of its stages, and the scores of one pixel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from explainer.tasks.segmentation.build import untrained
from explainer.tasks.segmentation.config import UNetConfig
from explainer.tasks.segmentation.data import watched_examples
from explainer.tasks.segmentation.network import Encoder
from explainer.tasks.segmentation.reports import SegmentationViews
from explainer.tasks.segmentation.testing import views

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class PixelScores:
    """Of one pixel: ``logits`` (k,) and ``probabilities`` (k,), float32, the background first."""

    logits: Floats
    probabilities: Floats


def maps(network: Encoder, picture: NDArray[Any]) -> list[tuple[str, Floats]]:
    """The stages of a network in evaluation mode on a picture (channels, h, w): names and maps (c, rows, columns).

    In the order of their making; the last, "scores", are the outputs. The picture is uint8, or 0..1.
    """
    with torch.inference_mode():
        named = network.named(_batch(picture))
    return [(name, values[0].float().numpy().copy()) for name, values in named.items()]


def scores_at(network: Encoder, picture: NDArray[Any], row: int, column: int) -> PixelScores:
    """What a network in evaluation mode that tells classes says of one pixel of a picture (channels, h, w).

    The picture is uint8, or 0..1. Raises IndexError for a pixel that is not in it.
    """
    with torch.inference_mode():
        logits = network(_batch(picture))[0, :, row, column].float()
    return PixelScores(logits.numpy().copy(), logits.softmax(dim=0).numpy().copy())


def first_views(config: UNetConfig) -> SegmentationViews:
    """What the network says of the watched pictures before it has learned anything. Raises DatasetError."""
    return views(untrained(config), config, watched_examples(config))


def _batch(picture: NDArray[Any]) -> Tensor:
    given = torch.from_numpy(np.ascontiguousarray(picture)).unsqueeze(0)
    return given / 255 if given.dtype == torch.uint8 else given.float()
