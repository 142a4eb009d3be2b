"""One run beside a busy process: at least 0.55 of its idle rate. Two at once: together at least one's idle rate."""

import multiprocessing
import time

from benchmarks.common import note, report
from explainer.networks.presets import PRESETS
from explainer.training.config import Recipe, RunConfig
from explainer.training.job import Job
from explainer.training.messages import Command
from explainer.training.pool import Pool

SETTLE, MEASURE = 6.0, 10.0  # seconds: the number of threads has been found; then the rate is taken


def busy() -> None:
    while True:
        sum(range(1000))


def rate(pool: Pool, count: int) -> float:
    """Digits a second of ``count`` runs at once, together, over MEASURE seconds of wall time."""
    jobs = [Job(RunConfig(PRESETS["wider"], Recipe(epochs=100))) for _ in range(count)]
    for job in jobs:
        pool.submit(job)
    time.sleep(SETTLE)
    before, start = [job.state().points[-1] for job in jobs], time.perf_counter()
    time.sleep(MEASURE)
    after, seconds = [job.state().points[-1] for job in jobs], time.perf_counter() - start
    for job in jobs:
        pool.command(job, Command("stop"))
    while any(job.going for job in jobs):
        time.sleep(0.05)
    return sum(60_000 * (last.epoch - first.epoch) for first, last in zip(before, after, strict=True)) / seconds


def main() -> None:
    pool = Pool(size=2)
    pool.start()
    while pool.ready() < 2:
        time.sleep(0.1)
    idle = rate(pool, 1)
    neighbour = multiprocessing.get_context("spawn").Process(target=busy, daemon=True)
    neighbour.start()
    beside = rate(pool, 1)
    neighbour.kill()
    neighbour.join()
    two = rate(pool, 2)
    idle = (idle + rate(pool, 1)) / 2
    note(f"idle {idle:,.0f} digits/s, beside a busy process {beside:,.0f}, two runs together {two:,.0f}")
    report("beside a busy process / idle", beside / idle, 0.55)
    report("two runs together / one idle", two / idle, 1.0)
    pool.close()


if __name__ == "__main__":
    main()
