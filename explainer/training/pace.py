"""How long runs take: from their own measured speed, or from the configuration and what this machine's runs took."""

from __future__ import annotations

from explainer.networks.config import ImpossibleNetworkError, NetworkConfig
from explainer.networks.plan import layers
from explainer.training.config import TRAINING_DIGITS, RunConfig, steps_in
from explainer.training.job import Job

NEWEST = 0.3  # weight of the latest run in the mean of what runs took
MEASURED, SHARE_DONE = 1.0, 0.02  # seconds, and share of the steps: from then on a run's own speed counts


def digits_a_second(network: NetworkConfig) -> float:
    """Training digits a second on about two CPU cores, roughly. Raises ImpossibleNetworkError."""
    return min(13e9 / sum(layer.macs for layer in layers(network)), 20_000)


class Pace:
    """Seconds that runs need in a place, measuring and waiting for other runs' cores included."""

    def __init__(self) -> None:
        self._factor: float | None = None  # what runs took here, as a multiple of the rough estimate

    def expected(self, config: RunConfig) -> float:
        """Seconds that the whole run will need; 0 for one that cannot be trained."""
        try:
            rough = config.recipe.epochs * (config.subset or TRAINING_DIGITS) / digits_a_second(config.network)
        except ImpossibleNetworkError:
            return 0.0
        return max(rough, 0.0) * (self._factor or 1.0)

    def left(self, job: Job, spent: float) -> float:
        """Seconds that the run will still need, after ``spent`` in its place."""
        done = _done(job)
        if spent < MEASURED or done < SHARE_DONE:
            return max(self.expected(job.config) - spent, 0.0)
        return spent * (1 - done) / done

    def learn(self, job: Job, spent: float) -> None:
        """Takes note of what a run took that was over, or as far as it came, after ``spent`` seconds in its place."""
        expected = _done(job) * self.expected(job.config) / (self._factor or 1.0)
        if spent > 0 and expected > 0 and _done(job) >= SHARE_DONE:
            ratio = spent / expected
            self._factor = ratio if self._factor is None else (1 - NEWEST) * self._factor + NEWEST * ratio


def _done(job: Job) -> float:
    """The share of its steps that the run has reported; 0 for one that cannot be trained."""
    return job.reported_step / max(steps_in(job.config), 1) if job.config.recipe.batch_size > 0 else 0.0
