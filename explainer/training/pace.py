"""How long runs take: from their own measured speed, or from the configuration and what this machine's runs took."""

from __future__ import annotations

from explainer.training.configuration import Configuration
from explainer.training.job import AnyJob

NEWEST = 0.3  # weight of the latest run in the mean of what runs took
MEASURED, SHARE_DONE = 1.0, 0.02  # seconds, and share of the steps: from then on a run's own speed counts


class Pace:
    """Seconds that runs need in a place, measuring and waiting for other runs' cores included."""

    def __init__(self) -> None:
        self._factor: float | None = None  # what runs took here, as a multiple of the rough estimate

    def expected(self, config: Configuration) -> float:
        """Seconds that the whole run will need; 0 for one that cannot be trained."""
        return config.rough_seconds() * (self._factor or 1.0)

    def left(self, job: AnyJob, spent: float) -> float:
        """Seconds that the run will still need, after ``spent`` in its place."""
        done = _done(job)
        if spent < MEASURED or done < SHARE_DONE:
            return max(self.expected(job.config) - spent, 0.0)
        return spent * (1 - done) / done

    def learn(self, job: AnyJob, spent: float) -> None:
        """Takes note of what a run took that was over, or as far as it came, after ``spent`` seconds in its place."""
        expected = _done(job) * self.expected(job.config) / (self._factor or 1.0)
        if spent > 0 and expected > 0 and _done(job) >= SHARE_DONE:
            ratio = spent / expected
            self._factor = ratio if self._factor is None else (1 - NEWEST) * self._factor + NEWEST * ratio


def _done(job: AnyJob) -> float:
    """The share of its steps that the run has reported; 0 for one that has none."""
    steps: int = job.config.steps
    return job.reported_step / steps if steps > 0 else 0.0
