"""Which engine trains the runs of this process: a cluster where the environment names one, else this computer."""

from __future__ import annotations

from explainer.training.cluster import Cluster
from explainer.training.cluster_settings import settings
from explainer.training.pool import Pool


def chosen_engine() -> Pool | Cluster:
    """The engine that EXPLAINER_CLUSTER asks for; a pool of this computer's processes where it is not set.

    Raises ValueError with a sentence where a setting makes no sense or the cluster cannot be joined.
    """
    wanted = settings()
    return Cluster(wanted) if wanted else Pool()
