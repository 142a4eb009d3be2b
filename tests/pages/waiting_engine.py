"""An engine for pages whose runs shall wait."""

from __future__ import annotations

from explainer.training.engine import FIRST, Place
from explainer.training.job import AnyJob
from explainer.training.messages import Change, Command


class Waiting:
    """An engine whose places are all taken."""

    def submit(self, job: AnyJob) -> None:
        pass

    def command(self, job: AnyJob, what: Command | Change) -> None:
        if what == Command("stop"):
            job.become("stopped")

    def ahead(self, job: AnyJob) -> Place:
        return FIRST
