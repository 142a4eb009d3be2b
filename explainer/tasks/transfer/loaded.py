"""A network that was taught other classes and saved, as a run of its visitor."""

from __future__ import annotations

from explainer.networks.weights import WeightsError, metadata
from explainer.tasks.transfer.config import TransferConfig
from explainer.tasks.transfer.reports import TransferPoint, TransferResults, TransferViews
from explainer.tasks.transfer.weights import FORMAT, from_bytes
from explainer.training.job import Job, State

TransferJob = Job[TransferConfig, TransferPoint, TransferViews, TransferResults]


def is_taught(data: bytes) -> bool:
    """Whether a file says that it holds such a network."""
    try:
        metadata(data, FORMAT, ("run",))
    except WeightsError:
        return False
    return True


def taught_run(data: bytes) -> TransferJob:
    """A finished run from the bytes of a weights file. Raises WeightsError with a sentence."""
    config, _ = from_bytes(data)
    return Job(config, state=State(status="finished", weights=data))
