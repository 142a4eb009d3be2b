"""The engine on a Ray cluster of this computer over the local pool: the same runs on the same cores, at least 0.9.

Both have as many places as there are cores, warm before the clock starts. They take turns, so that what else the
machine does meets both. The CPU time is that of this process and of all that it has started, Ray's own processes too:
it tells the same on a machine that others use.

``python -m benchmarks.cluster [RUNS] [TRIALS]``
"""

import os
import sys
import time
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.common import median, note, report
from explainer.device import cores
from explainer.networks.presets import PRESETS
from explainer.training.cluster import Cluster
from explainer.training.cluster_settings import ClusterSettings
from explainer.training.config import RunConfig
from explainer.training.job import Job
from explainer.training.pool import Pool
from explainer.training.presets import recipe

TICKS = os.sysconf("SC_CLK_TCK")
FAST = RunConfig(PRESETS["fast"], replace(recipe("fast"), epochs=1), subset=20_000)


def cpu_seconds() -> float:
    """CPU time of this process and its descendants, so far."""
    seconds: dict[int, float] = {}
    children: dict[int, list[int]] = defaultdict(list)
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # over in the meantime
            continue
        number = int(stat.parent.name)
        seconds[number] = (int(fields[11]) + int(fields[12])) / TICKS
        children[int(fields[1])].append(number)
    family = [os.getpid()]
    for member in family:
        family += children[member]
    return sum(seconds[member] for member in family if member in seconds)


def trial(engine: Any, runs: int) -> tuple[float, float]:
    """Seconds, and seconds of CPU time, from the first press of Train to the end of the last run."""
    jobs = [Job(replace(FAST, seed=seed)) for seed in range(runs)]
    start, cpu = time.perf_counter(), cpu_seconds()
    for job in jobs:
        engine.submit(job)
    while any(job.going for job in jobs):
        time.sleep(0.05)
    assert {job.status for job in jobs} == {"finished"}
    return time.perf_counter() - start, cpu_seconds() - cpu


def main(runs: int = 12, trials: int = 3) -> None:
    places = cores()
    pool, start = Pool(places), time.perf_counter()
    pool.start()
    cluster = Cluster(ClusterSettings("local", places=places))
    note(f"the cluster was joined after {time.perf_counter() - start:.1f} s")
    try:
        for engine in (pool, cluster):
            while engine.ready() < places:
                time.sleep(0.1)
        note(f"{places} trainers were ready after {time.perf_counter() - start:.1f} s")
        results = [(trial(pool, runs), trial(cluster, runs)) for _ in range(trials)]
        for of_pool, of_cluster in results:
            note(f"{runs} runs: pool {of_pool[0]:.2f} s ({of_pool[1]:.2f} s of CPU time),")
            note(f"        cluster {of_cluster[0]:.2f} s ({of_cluster[1]:.2f} s of CPU time)")
        report("throughput, cluster / pool, median", median(a[0] / b[0] for a, b in results), 0.9)
        report("throughput a CPU second, cluster / pool, median", median(a[1] / b[1] for a, b in results), 0.9)
    finally:
        pool.close()
        cluster.close()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
