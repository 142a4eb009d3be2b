"""What the server and a worker process say to each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from explainer.training.configuration import Configuration
from explainer.training.snapshot import AnySnapshot


@dataclass(frozen=True)
class Start:
    """Train this configuration, with at most ``threads`` threads.

    ``single_step``: pause after the first step.
    """

    config: Configuration
    threads: int
    single_step: bool = False


@dataclass(frozen=True)
class Command:
    """What a person asks of a run while it goes; "step" trains one batch and pauses."""

    what: Literal["pause", "resume", "step", "stop"]


@dataclass(frozen=True)
class Change:
    """From the next step on ``what`` is ``value``: as "learning_rate", the schedule's peak, or "dropout", its rate."""

    what: str
    value: float


@dataclass(frozen=True)
class Share:
    """The number of threads that the run may use from now on."""

    threads: int


@dataclass(frozen=True)
class Hello:
    """The first word of worker ``number`` on its connection."""

    number: int


@dataclass(frozen=True)
class Ready:
    """The worker has imported what it needs and waits; the machine is fit for ``capacity`` of its kind."""

    capacity: int


@dataclass(frozen=True)
class Changed:
    """A change took effect before the step that follows ``step``."""

    step: int
    change: Change


@dataclass(frozen=True)
class Paused:
    """The run waits after ``step``."""

    step: int


@dataclass(frozen=True)
class Resumed:
    """A run that had paused goes on."""


@dataclass(frozen=True)
class Ended:
    """The run is over; ``message`` is a sentence where it failed."""

    outcome: Literal["finished", "stopped", "diverged", "failed"]
    message: str = ""


Order = Start | Command | Change | Share
Event = Changed | Paused | Resumed | Ended | AnySnapshot


@dataclass(frozen=True)
class To:
    """An order for run number ``run`` of a worker that has several in its memory; Start begins it, and it goes."""

    run: int
    order: Order


@dataclass(frozen=True)
class Turn:
    """Run number ``run`` goes on, and the one that was going is set aside."""

    run: int


@dataclass(frozen=True)
class Ask:
    """The server has heard nothing for a while: the worker answers as soon as it looks."""


@dataclass(frozen=True)
class From:
    """What run number ``run`` tells."""

    run: int
    event: Event


@dataclass(frozen=True)
class Here:
    """The answer to Ask."""


ToWorker = To | Turn | Ask
FromWorker = Hello | Ready | Here | From
