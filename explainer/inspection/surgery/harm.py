"""How many test digits a network reads without each of the filters of one layer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from explainer.inspection.surgery.answers import CHUNK, to_inputs
from explainer.inspection.surgery.operated import target
from explainer.networks.description import Layer
from explainer.networks.graph import Network
from explainer.networks.resuming import Held, following, hold, resume


@dataclass(frozen=True, eq=False)
class Harm:
    """``right`` (filters,) of ``digits`` are read right without each filter, ``whole`` with all of them.

    ``share`` of the work is done, 0 to 1.
    """

    right: NDArray[np.int64]
    whole: int
    digits: int
    share: float

    @property
    def lost(self) -> NDArray[np.float64]:
        """Percentage points (filters,) of accuracy that go with each filter; negative where it did harm itself."""
        return 100 * (self.whole - self.right) / max(self.digits, 1)

    @property
    def is_whole(self) -> bool:
        """Whether all digits were read."""
        return self.share == 1


def harm(network: Network, layer: Layer, pictures: NDArray[np.uint8], true: NDArray[np.uint8]) -> Iterator[Harm]:
    """Without each filter of ``layer``, over ``pictures`` (n, 28, 28) of the classes ``true`` (n,).

    Chunk by chunk of the digits: the layers before ``layer`` run once. Yields many times what is known of the chunks
    that are through.
    """
    at, filters = target(network, layer).name, layer.channels
    behind = following(network, at)
    found = Harm(np.zeros(filters, np.int64), 0, 0, 0.0)
    for start in range(0, len(pictures), CHUNK):
        labels = torch.tensor(true[start : start + CHUNK])
        with torch.inference_mode():
            held = hold(network, behind, to_inputs(network, pictures[start : start + CHUNK]))
            whole = _right(resume(network, behind, held), labels)
        right = np.zeros(filters, np.int64)
        for number in range(filters):
            with torch.inference_mode():
                right[number] = _right(resume(network, behind, _without(held, at, number)), labels)
            share = (start + len(labels) * (number + 1) / filters) / len(pictures)
            yield Harm(found.right, found.whole, found.digits, min(share, 0.999))
        share = (start + len(labels)) / len(pictures)
        found = Harm(found.right + right, found.whole + whole, start + len(labels), share)
        yield found


def _without(held: Held, layer: str, number: int) -> Held:
    changed = held[layer].clone()
    changed[:, number] = 0
    return {**held, layer: changed}


def _right(logits: Tensor, labels: Tensor) -> int:
    return int((logits.argmax(1).cpu() == labels).sum())
