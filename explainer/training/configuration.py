"""What every run has, whatever it learns: a description that can train itself, and what may change meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from explainer.training.snapshot import AnySnapshot, Step

if TYPE_CHECKING:
    import torch


@dataclass
class Controls:
    """What may change while a run goes: read before every step.

    ``changed`` has numbers by the names that the configuration gives them, as "learning_rate"; what is not in it is as
    configured. ``measure_now`` asks for a snapshot with weights after the present step, and is then put back.
    """

    changed: dict[str, float] = field(default_factory=dict)
    measure_now: bool = False


class Configuration(Protocol):
    """What a run is, frozen: the same description gives the same numbers."""

    @property
    def steps(self) -> int:
        """Steps of the optimizer in the whole run; 0 where it cannot be trained."""

    def rough_seconds(self) -> float:
        """Seconds that the whole run takes on about two CPU cores, roughly; 0 where it cannot be trained."""

    def snapshots(self, controls: Controls, device: torch.device) -> Iterator[AnySnapshot | Step]:
        """Trains, and yields after every step, and whenever there is something to report.

        Raises ImpossibleNetworkError or DatasetError, with a sentence, for what cannot be trained.
        """
