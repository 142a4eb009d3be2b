"""Losses and right answers of the training steps between two points of the curves."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional


@dataclass
class Tally:
    """What the steps since the last point have measured, kept on the device until a point needs it.

    ``minimized`` are the losses that the steps minimize; ``plain`` are the cross-entropies of the same batches, kept
    only with label smoothing, where these are something else.
    """

    minimized: list[Tensor] = field(default_factory=list)
    plain: list[Tensor] = field(default_factory=list)
    right: list[Tensor] = field(default_factory=list)
    digits: int = 0
    seconds: float = 0.0

    def add(self, loss: Tensor, logits: Tensor, labels: Tensor, is_smoothed: bool) -> None:
        """Takes a batch: its ``loss`` (), ``logits`` (n, 10) and ``labels`` (n,) int64, none with a gradient."""
        self.minimized.append(loss)
        if is_smoothed:
            self.plain.append(functional.cross_entropy(logits.float(), labels))
        self.right.append((logits.argmax(1) == labels).sum())
        self.digits += len(labels)

    @property
    def accuracy(self) -> float | None:
        """The share that was right, None before the first batch."""
        return int(sum(self.right)) / self.digits if self.digits else None

    @property
    def speed(self) -> float:
        """Digits a second, 0 before the first batch."""
        return self.digits / self.seconds if self.seconds else 0.0


def numbers(losses: list[Tensor]) -> NDArray[np.float32]:
    """Losses () on a device as an array (n,)."""
    return torch.stack(losses).float().cpu().numpy() if losses else np.empty(0, np.float32)


def mean(losses: NDArray[np.float32]) -> float | None:
    """Their mean, None where there are none."""
    return float(losses.mean()) if len(losses) else None
