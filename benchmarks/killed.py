"""Twenty workers killed in mid-run and twenty while they start: what is lost, and what grows.

``python -m benchmarks.killed [TIMES]``. Needs Linux. Told are the runs whose history was not kept, and by how much
threads, open files and processes of the server grew from the first round to the last.
"""

import os
import signal
import sys
import threading
import time

import psutil

from benchmarks.common import note, report
from explainer.networks.presets import PRESETS
from explainer.training.config import Recipe, RunConfig
from explainer.training.job import Job
from explainer.training.pool import Pool

LONG = RunConfig(PRESETS["fast"], Recipe(epochs=1000))


def sizes() -> tuple[int, int, int]:
    """Threads, open files and child processes of this process."""
    me = psutil.Process()
    return threading.active_count(), me.num_fds(), len(me.children())


def settle(pool: Pool) -> None:
    while pool.ready() < pool._staff.bound:
        time.sleep(0.05)
    time.sleep(0.5)  # the threads of the last dead one end


def kill_in_mid_run(pool: Pool) -> bool:
    """Whether the run says so and keeps what it had reported."""
    job = Job(LONG)
    pool.submit(job)
    while len(job.state().points) < 2:
        time.sleep(0.02)
    points = job.state().points
    os.kill(next(each.process.pid for each in pool._workers if job in each.runs.values()), signal.SIGKILL)
    while job.going:
        time.sleep(0.02)
    state = job.state()
    return state.status == "failed" and bool(state.message) and state.points[: len(points)] == points


def kill_a_starting_one(pool: Pool) -> None:
    while not (starting := [each for each in pool._workers if not each.ready]):
        time.sleep(0.005)
    os.kill(starting[0].process.pid, signal.SIGKILL)


def main(times: int) -> None:
    pool = Pool(2)
    pool.start()
    settle(pool)
    lost, before = 0, (0, 0, 0)
    for number in range(times):
        lost += not kill_in_mid_run(pool)
        kill_a_starting_one(pool)  # that was to take its place
        settle(pool)
        before = sizes() if number == 0 else before
    after = sizes()
    pool.close()
    note(f"threads, files, processes: {before} after the first, {after} after {times}")
    report(f"histories lost of {times}", lost, 0, at_most=True)
    report("threads, files and processes more", sum(after) - sum(before), 0, at_most=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
