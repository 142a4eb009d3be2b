"""One short run of a search: as any run that reads digits, but measured on digits held out of the training set."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from explainer.data.digits import DatasetName, Digits, load
from explainer.training.config import RunConfig
from explainer.training.configuration import Controls
from explainer.training.snapshot import Snapshot, Step

if TYPE_CHECKING:
    import torch

HELD_OUT = 10_000  # digits, the last of the training set, on which trials are measured


@dataclass(frozen=True)
class TrialConfig:
    """``run``, trained on digits before the held-out ones and measured on these: the test set is not looked at."""

    run: RunConfig

    @property
    def steps(self) -> int:
        """Steps of the optimizer."""
        return self.run.steps

    def rough_seconds(self) -> float:
        """As of the run."""
        return self.run.rough_seconds()

    def snapshots(self, controls: Controls, device: torch.device) -> Iterator[Snapshot | Step]:
        """Trains; the points' ``test_*`` are of the held-out digits. No views, no mistakes: there are many trials.

        Raises what ``loop.train`` raises.
        """
        from explainer.training.loop import train  # noqa: PLC0415  the server describes runs without torch

        for report in train(self.run, divided(self.run.dataset), controls, device):
            yield replace(report, views=None, results=None) if isinstance(report, Snapshot) else report


@functools.cache
def divided(name: DatasetName) -> Digits:
    """A data set whose test digits are the last ``HELD_OUT`` of its training digits."""
    digits = load(name)
    images, labels = digits.train_images, digits.train_labels
    return replace(
        digits,
        train_images=images[:-HELD_OUT],
        train_labels=labels[:-HELD_OUT],
        test_images=images[-HELD_OUT:],
        test_labels=labels[-HELD_OUT:],
    )
