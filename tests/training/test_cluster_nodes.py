"""A cluster whose nodes come and go, each of them a set of processes on this computer."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from subprocess import PIPE
from typing import Any

import psutil
import pytest
from cluster_runs import NEEDS_RAY, STARTED
from training_pools import ENDLESS, SHORT, until

from explainer.training.cluster import GONE, Cluster
from explainer.training.cluster_settings import ClusterSettings, ray_environment
from explainer.training.job import Job

pytestmark = NEEDS_RAY
NODE = {"object_store_memory": 80_000_000, "include_dashboard": False}


@pytest.fixture
def nodes() -> Iterator[Any]:
    """A head node that trains nothing, gone before another test begins a cluster: Ray ends a process that loses it."""
    ray_environment(local=True)
    from ray.cluster_utils import Cluster as Nodes

    nodes = Nodes(initialize_head=True, head_node_args={"num_cpus": 0, **NODE})
    yield nodes
    nodes.shutdown()


@pytest.fixture
def cluster(nodes: Any) -> Iterator[Cluster]:
    cluster = Cluster(ClusterSettings(nodes.address))
    yield cluster
    cluster.close()


def _begun(job: Job) -> bool:
    return len(job.state().points) > 1


def test_runs_wait_for_nodes_and_outlive_them(cluster: Cluster, nodes: Any) -> None:
    first = Job(ENDLESS)
    cluster.submit(first)
    time.sleep(1.0)
    assert first.status == "waiting"  # the cluster has no node that trains
    node = nodes.add_node(num_cpus=1, **NODE)
    until(lambda: _begun(first), STARTED)

    following = Job(SHORT)
    cluster.submit(following)
    before = first.state().points
    nodes.remove_node(node, allow_graceful=False)
    until(lambda: not first.going, STARTED)
    state = first.state()
    assert (state.status, state.message, state.points[: len(before)]) == ("failed", GONE, before)
    assert following.status == "waiting"
    nodes.add_node(num_cpus=1, **NODE)
    until(lambda: not following.going, STARTED)
    assert following.status == "finished"


def test_runs_go_on_while_the_head_node_is_away(tmp_path: Path) -> None:
    here, errors = Path(__file__).parent, tmp_path / "errors"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(here), str(here.parents[1])])}
    command = [sys.executable, str(here / "head_node_away.py")]
    with (
        errors.open("w") as file,
        subprocess.Popen(command, stdin=PIPE, stdout=PIPE, stderr=file, text=True, env=environment) as server,
    ):
        assert server.stdout
        said = server.stdout.readline()
        for process in [*psutil.Process(server.pid).children(recursive=True), server]:
            with suppress(psutil.NoSuchProcess):
                process.kill()
    assert said == "after the head node: running\n", errors.read_text()
