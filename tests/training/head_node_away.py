"""Trains a run on a cluster of this computer and kills the head node: says how the run then stands.

A process of its own, as the server is: where Ray ends the process that has lost its head node, the test says so and
the tests after it still run.
"""

from __future__ import annotations

import sys

from training_pools import ENDLESS, until

from explainer.training.cluster import Cluster
from explainer.training.cluster_settings import ClusterSettings, ray_environment
from explainer.training.job import Job

STARTED = 200.0  # seconds


def main() -> None:
    """Waits for a word on its input before it would end, so that who started it can end all that it has started."""
    ray_environment(local=True)
    from ray.cluster_utils import Cluster as Nodes

    node = {"object_store_memory": 80_000_000, "include_dashboard": False}
    nodes = Nodes(initialize_head=True, head_node_args={"num_cpus": 0, **node})
    nodes.add_node(num_cpus=1, **node)
    cluster, job = Cluster(ClusterSettings(nodes.address)), Job(ENDLESS)
    cluster.submit(job)
    until(lambda: len(job.state().points) > 1, STARTED)
    nodes.head_node.kill_gcs_server()
    points = len(job.state().points)
    until(lambda: len(job.state().points) > points + 20)
    sys.stdout.write(f"after the head node: {job.status}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()
