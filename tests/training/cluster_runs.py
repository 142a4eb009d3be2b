"""What the tests of the engine on a cluster share."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator

import pytest
from training_pools import until

from explainer.training.cluster import Cluster, _Trainer
from explainer.training.cluster_settings import ClusterSettings
from explainer.training.job import Job

STARTED = 200.0  # seconds for Ray to start a process that imports torch, far more than it takes
NEEDS_RAY = [
    pytest.mark.cluster,
    pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason='needs Ray: pip install -e ".[cluster]"'),
]


def joined(settings: ClusterSettings, trainers: int) -> Iterator[Cluster]:
    """An engine with so many trainers that are ready, closed at the end."""
    cluster = Cluster(settings)
    until(lambda: cluster.ready() == trainers, STARTED)
    yield cluster
    cluster.close()


def trainer_of(cluster: Cluster, job: Job) -> _Trainer:
    """The trainer that ``job`` has."""
    return next(trainer for trainer in cluster._trainers if trainer.job is job)


def pid_of(cluster: Cluster, job: Job) -> int:
    """The process that trains ``job``."""
    where = trainer_of(cluster, job).where
    assert where is not None
    return where[1]
