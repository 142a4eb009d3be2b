"""Which engine trains the runs of this process: what the environment names, else workers of its own."""

from __future__ import annotations

from explainer.training.cluster import Cluster
from explainer.training.cluster_settings import settings
from explainer.training.pool import Pool
from explainer.training.shared_engine import SharedEngine
from explainer.training.shared_messages import meeting_place


def chosen_engine() -> Pool | Cluster | SharedEngine:
    """The pool that all servers of this computer share, where there is one; the cluster of EXPLAINER_CLUSTER; a pool.

    Raises ValueError with a sentence where a setting makes no sense or the cluster cannot be joined.
    """
    if place := meeting_place():
        return SharedEngine(*place)
    return own_engine()


def own_engine() -> Pool | Cluster:
    """The cluster of EXPLAINER_CLUSTER, or a pool of this process. Raises ValueError as ``chosen_engine`` does."""
    wanted = settings()
    return Cluster(wanted) if wanted else Pool()
