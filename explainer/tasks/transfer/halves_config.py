"""From the digits 0 to 4 to the digits 5 to 9: what a network that reads the ones knows of the others.

J. Yosinski et al. 2014, arXiv:1411.1792, section 3, do the same with two halves of ImageNet's classes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from explainer.networks.presets import PRESETS
from explainer.tasks.transfer.config import WAYS
from explainer.training.config import RunConfig
from explainer.training.configuration import Controls
from explainer.training.presets import recipe
from explainer.training.snapshot import Step

if TYPE_CHECKING:
    import torch

    from explainer.tasks.transfer.halves_reports import HalvesSnapshot

COUNTS = (1, 5, 10, 50)  # pictures of each class
SEEDS = (3, 5)
CLASSES = 5  # of each half: 0 to 4, 5 to 9
STEPS, BATCH = 150, 25  # of each network; pictures in a step, at most
RATE, FACTOR = 5e-3, 0.1  # the peak, of new weights; the share of it for old ones
FIRST = 30_596  # training digits 0 to 4 in MNIST
_PRESET = "fast"
_SECONDS = 0.0006  # for a picture, on two CPU cores


@dataclass(frozen=True)
class HalvesConfig:
    """All networks of the curve: three ways, with each of ``COUNTS`` pictures a class, for so many ``seeds``.

    ``weights`` is the file of a reader of digits that is begun with; without one, a network learns 0 to 4 first.
    """

    seeds: int = 3
    seed: int = 0
    weights: bytes = field(default=b"", repr=False)

    @property
    def batch_size(self) -> int:
        """Pictures in a step of the optimizer, at most."""
        return BATCH

    @property
    def scenes(self) -> int:
        """Pictures that all networks see together, repetitions counted."""
        few = sum(STEPS * min(count * CLASSES, BATCH) for count in COUNTS)
        return self.seeds * len(WAYS) * few + (0 if self.weights else FIRST * first_run(self).recipe.epochs)

    @property
    def steps(self) -> int:
        """As many steps of whole batches as that are; 0 where it is not possible."""
        return -(-self.scenes // BATCH) if is_possible(self) else 0

    @property
    def carried(self) -> int:
        """Bytes of the file that the description carries."""
        return len(self.weights)

    def rough_seconds(self) -> float:
        """Seconds that all takes on about two CPU cores, roughly; 0 where it is not possible."""
        return self.scenes * _SECONDS if is_possible(self) else 0.0

    def snapshots(self, controls: Controls, device: torch.device) -> Iterator[HalvesSnapshot | Step]:
        """Trains all; see ``halves_loop.learned``. Raises ImpossibleNetworkError, WeightsError or DatasetError."""
        from explainer.tasks.transfer.halves_loop import learned  # noqa: PLC0415  the server describes runs only

        del controls  # nothing changes while it goes
        return learned(self, device)


def first_run(config: HalvesConfig) -> RunConfig:
    """The run that learns 0 to 4, on digits of these classes alone."""
    return RunConfig(PRESETS[_PRESET], recipe(_PRESET), seed=config.seed)


def is_possible(config: HalvesConfig) -> bool:
    """Whether every number is one that can be trained with."""
    return 1 <= config.seeds <= max(SEEDS) and 0 <= config.seed < 2**31
