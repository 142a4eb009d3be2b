"""A class at once: a hundred "Fast" runs in the pool, against what one run costs bare on the same cores.

``python -m benchmarks.hundred [RUNS]``. Every run has its own seed and owner; all are submitted at once. Bare is the
median of three runs of ``train`` alone in a process of its own, with each number of threads up to one a core; the best
of them counts. Nothing else should run on the machine.
"""

import os
import sys
import time
from statistics import median

from benchmarks.common import in_process, note, report
from explainer.device import cores
from explainer.networks.presets import PRESETS
from explainer.training.config import RunConfig
from explainer.training.job import Job
from explainer.training.pool import Pool
from explainer.training.presets import recipe

MOST, RIGHT = 1.3, 98.0


def config(seed: int) -> RunConfig:
    return RunConfig(PRESETS["fast"], recipe("fast"), seed=seed)


def bare(threads: int) -> None:
    """Prints the seconds of one run, the median of three, after one that warms up."""
    import torch

    from explainer.data.digits import load
    from explainer.training.loop import train

    torch.set_num_threads(threads)
    digits, seconds = load("mnist"), []
    for seed in range(4):
        start = time.perf_counter()
        for _ in train(config(seed), digits):
            pass
        seconds.append(time.perf_counter() - start)
    print(median(seconds[1:]))


def at_once(runs: int) -> tuple[float, list[float], list[Job]]:
    """Seconds until all runs are over, the seconds that each waited for its place, and the runs."""
    pool = Pool()
    pool.start()
    while not pool.ready() or pool.ready() < pool._staff.bound:
        time.sleep(0.1)
    note(f"{pool.ready()} workers")
    jobs = [Job(config(seed), owner=f"visitor {seed}") for seed in range(runs)]
    start, waits = time.perf_counter(), dict[Job, float]()
    for job in jobs:
        pool.submit(job)
    while any(job.going for job in jobs):
        waits |= {job: time.perf_counter() - start for job in jobs if job not in waits and job.status != "waiting"}
        time.sleep(0.02)
    seconds = time.perf_counter() - start
    pool.close()
    return seconds, list(waits.values()), jobs


def main(runs: int) -> None:
    note(f"load of the machine before: {os.getloadavg()[0]:.1f} on {cores()} cores")
    alone = {threads: float(in_process("benchmarks.hundred", "bare", str(threads))) for threads in sorted({1, cores()})}
    note(f"one run bare: {', '.join(f'{seconds:.2f} s with {threads} threads' for threads, seconds in alone.items())}")
    seconds, waits, jobs = at_once(runs)
    points = [job.state().points[-1] for job in jobs]
    worst = min(100 * (point.test_accuracy or 0) for point in points)
    measured = {(job.status, point.test_digits) for job, point in zip(jobs, points, strict=True)}
    note(f"{runs} runs in {seconds:.1f} s, median wait {median(waits):.1f} s; ended as {measured}")
    report("worst accuracy on the 10,000 test digits in %", worst, RIGHT)
    report(f"{runs} runs at once / ({runs} x bare)", seconds / (runs * min(alone.values())), MOST, at_most=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["bare"]:
        bare(int(sys.argv[2]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
