"""What the environment says about a cluster, and the connection to it. Imports Ray only where one is asked for."""

from __future__ import annotations

import logging
import os
import re
import secrets
import socket
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from explainer.device import VARIABLE as DEVICE_VARIABLE
from explainer.device import cores
from explainer.training import process

VARIABLE = "EXPLAINER_CLUSTER"
CPUS_VARIABLE = "EXPLAINER_CLUSTER_CPUS"
GPUS_VARIABLE = "EXPLAINER_CLUSTER_GPUS"
GPU_SHARE = 0.25  # of a GPU for a run, where nothing else is said
MEMORY = 700_000_000  # bytes of a node for a run: torch takes 470 to 640 MB
MESSAGES = 200_000_000  # bytes of shared memory for what runs report, on a cluster of this computer alone
REACH_WITHIN = 5.0  # seconds

# Ray ends a process that has not found the head node for a minute: here that would be the server with all that its
# visitors have made. After it was left, it would start a new cluster for whatever call still comes. It tells its makers
# about clusters unless told not to. And what it starts on this computer leaves the pages their share of the cores, as
# the local pool does, but no more.
ENVIRONMENT = {
    "RAY_gcs_rpc_server_reconnect_timeout_s": "2000000000",
    "RAY_ENABLE_AUTO_CONNECT": "0",
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_worker_niceness": "2",
}

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ClusterSettings:
    """A cluster's address, and what a run takes of it.

    ``address``: "host:port" of its head node; "auto" for the cluster that this computer is a node of; "local" for a
    new one on this computer alone. ``cpus``: whole cores for a run. ``gpus``: of a GPU for a run; None is a quarter
    where the cluster has GPUs. ``places`` bounds the runs that train at once; None leaves it to the cluster's size.
    """

    address: str
    cpus: int = 1
    gpus: float | None = None
    places: int | None = None

    def share(self, cluster_gpus: float) -> float:
        """Of a GPU, what a run takes on a cluster that has so many."""
        return self.gpus if self.gpus is not None else GPU_SHARE if cluster_gpus else 0.0


def settings() -> ClusterSettings | None:
    """What the environment asks for; None where EXPLAINER_CLUSTER is not set.

    Raises ValueError with a sentence where a variable makes no sense.
    """
    address = os.environ.get(VARIABLE, "").strip()
    if not address:
        return None
    if not re.fullmatch(r"auto|local|(\[[0-9a-fA-F:]+\]|[^\s:/\[\]]+):[0-9]{1,5}", address):
        raise ValueError(
            f'{VARIABLE} is {address!r}; set it to "<host>:<port>" of the cluster\'s head node, to "auto" where this '
            'computer is a node of the cluster, or to "local".'
        )
    cpus, gpus = _number(CPUS_VARIABLE), _number(GPUS_VARIABLE)
    if cpus is not None and (cpus < 1 or cpus % 1):
        raise ValueError(f"{CPUS_VARIABLE} is {cpus:g}; set it to a whole number of cores, 1 or more.")
    if gpus is not None and gpus > 1 and gpus % 1:
        raise ValueError(f"{GPUS_VARIABLE} is {gpus:g}; set it to a share of one GPU, or to a whole number of them.")
    return ClusterSettings(address, int(cpus or 1), gpus, process.size_setting())


def _number(variable: str) -> float | None:
    value = os.environ.get(variable, "").strip()
    if not value:
        return None
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,4})?", value):
        raise ValueError(f"{variable} is {value!r}; set it to a number.")
    return float(value)


def connect(settings: ClusterSettings) -> ModuleType:
    """Ray, connected to the cluster. Raises ValueError with a sentence where it is missing or cannot be reached."""
    local = settings.address == "local"
    ray_environment(local=local)
    try:
        import ray  # noqa: PLC0415  who needs no cluster needs no Ray
    except ImportError:
        raise ValueError(f'{VARIABLE} needs Ray, which is not installed: pip install -e ".[cluster]"') from None
    _knock(settings.address)
    own: dict[str, Any] = {"num_cpus": cores(), "object_store_memory": MESSAGES} if local else {}
    try:
        ray.init(settings.address, log_to_driver=False, logging_level=logging.ERROR, include_dashboard=False, **own)
    except Exception as error:  # Ray raises plain ones too, as where a node is slow to start
        _log.exception("Ray cannot join the cluster")
        raise ValueError(
            f"{VARIABLE} is {settings.address!r}, but this computer cannot join that cluster: {_reason(error)}"
        ) from error
    return ray


def _knock(address: str) -> None:
    """Raises ValueError where nothing listens: Ray itself would try for a minute and then end the process."""
    if address in ("auto", "local"):
        return
    host, port = address.rsplit(":", 1)
    try:
        socket.create_connection((host.strip("[]"), int(port)), REACH_WITHIN).close()
    except (OSError, OverflowError) as error:
        raise ValueError(
            f"{VARIABLE} is {address!r}, but no cluster answers there: {_reason(error)}. Start its head node with "
            f"ray start --head, or leave {VARIABLE} unset."
        ) from error


def ray_environment(*, local: bool) -> None:
    """Sets what Ray reads when it is imported, where it is not set yet.

    For a cluster that this process starts (``local``) that is a secret, too: Ray listens on all of the computer's
    networks, and runs what it is told to.
    """
    secret = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)} if local else {}
    for name, value in (ENVIRONMENT | secret).items():
        os.environ.setdefault(name, value)


def _reason(error: BaseException) -> str:
    return ((isinstance(error, OSError) and error.strerror) or str(error) or repr(error)).splitlines()[0].rstrip(".")


def actor_options(settings: ClusterSettings, cluster_gpus: float) -> dict[str, object]:
    """What a trainer takes of its node, and the environment it starts in.

    The modules of the app are looked for where they lie here: every node has the same folders.
    """
    share = settings.share(cluster_gpus)
    root = str(Path(__file__).resolve().parents[2])
    variables = process.ENVIRONMENT | {
        "PYTHONPATH": os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")])),
        DEVICE_VARIABLE: "" if share else "cpu",
        "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
    }
    return {
        "num_cpus": settings.cpus,
        "num_gpus": share,
        "memory": MEMORY,
        "max_concurrency": 2,
        "runtime_env": {"env_vars": variables},
    }


def places(settings: ClusterSettings, resources: dict[str, float]) -> int:
    """How many runs fit on a cluster of these resources at once, at least 1: a cluster may grow when it is asked."""
    if settings.places:
        return settings.places
    share = settings.share(resources.get("GPU", 0.0))
    fits = [resources.get("CPU", 0.0) / settings.cpus, resources.get("memory", 0.0) / MEMORY]
    return max(1, int(min([*fits, resources.get("GPU", 0.0) / share] if share else fits)))
