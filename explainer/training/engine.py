"""What trains runs: processes of this computer, or a cluster's. The pages know only this."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from explainer.training.job import AnyJob
from explainer.training.messages import Change, Command


@dataclass(frozen=True)
class Place:
    """Where a run stands: how many come before it, 0 once it trains, and the seconds until its turn, if known.

    ``is_shared`` where a run makes room for those that wait, and does not keep its place to the end; ``others_wait``
    where a run of another owner waits, whichever server's visitor that is.
    """

    ahead: int = 0
    seconds: float | None = None
    is_shared: bool = True
    others_wait: bool = False


FIRST = Place()


class Engine(Protocol):
    """Writes into a ``Job`` all that happens to it. Methods may be called from any thread, and none waits for a run."""

    def submit(self, job: AnyJob) -> None:
        """Takes a run, which waits for its turn beside those of other owners."""

    def command(self, job: AnyJob, what: Command | Change) -> None:
        """Passes on what a person asks; for a run that still waits or is over, only "stop" has an effect."""

    def ahead(self, job: AnyJob) -> Place:
        """Where the run stands in the queue."""

    def close(self) -> None:
        """Ends all runs with a sentence, and what trains them."""
