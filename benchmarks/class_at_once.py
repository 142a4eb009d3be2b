"""A class plays on two cores while two runs train: 100 tabs, 95 % of the answers within 2 s; 50 tabs, within 1 s.

Run as ``python -m benchmarks.class_at_once [--tabs 100 50] [--servers 1] [--seconds 60] [--trials 3]``. Each trial
starts afresh, a server or, with ``--servers``, several behind nginx, on which nobody has opened a page before. The tabs
speak Streamlit's protocol (``benchmarks.tabs``), think for 2 to 6 seconds and move a control. What they cost themselves
is said: they share the cores with the server.
"""

from __future__ import annotations

import argparse
import asyncio
import random
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time

from benchmarks.common import class_server, note, report, served
from benchmarks.processes import Taken, family, load, taken
from benchmarks.students import Record, Student, closing, quantile

# Pages, and how many of ten students are on each.
MIX = {"convolution": 3, "feature_maps": 2, "train": 2, "pooling": 1, "attribution": 1, "": 1}
RUNS = 2  # that train meanwhile, longer than the class plays
THINK = (2.0, 6.0)  # seconds between two moves
RAMP = 10.0  # seconds within which all come
WARM = 30.0  # seconds that the server has had before they come


@dataclass(frozen=True)
class Trial:
    """What one class met; what the servers with their workers took until ``before`` and ``after``.

    ``alone`` is the cores that the first process took without those that it started, ``own`` the seconds of the tabs.
    """

    record: Record
    before: Taken
    after: Taken
    seconds: float
    alone: float
    own: float


async def play(base: str, pid: int, tabs: int, seconds: float, seed: int) -> Trial:
    """One class on a warm server."""
    rng, record = random.Random(seed), Record()
    paths = [path for path, share in MIX.items() for _ in range(share)]
    trainers = [Student(base, "train?epochs=100", record, rng) for _ in range(RUNS)]
    for trainer in trainers:
        await trainer.enter()
    training = [asyncio.create_task(closing(trainer, trainer.train())) for trainer in trainers]
    before, alone, start, own = taken(family(pid)), taken([pid]).seconds, perf_counter(), process_time()
    students = [
        Student(base, paths[number % len(paths)], record, random.Random(rng.random())) for number in range(tabs)
    ]
    await asyncio.gather(*(_student(one, start + seconds, rng.uniform(0, RAMP)) for one in students))
    wall, alone = perf_counter() - start, taken([pid]).seconds - alone
    trial = Trial(record, before, taken(family(pid)), wall, alone / wall, process_time() - own)
    for task in training:
        task.cancel()
    await asyncio.gather(*training, return_exceptions=True)
    return trial


async def _student(student: Student, end: float, late: float) -> None:
    await asyncio.sleep(late)

    async def doing() -> None:
        await student.enter()
        await student.play(end, THINK)

    await closing(student, doing())


def describe(trial: Trial) -> None:
    """One line a trial, and what was shown or went wrong."""
    moved, record = trial.record.all_moved(), trial.record
    cpu = (trial.after.seconds - trial.before.seconds) / trial.seconds
    note(
        f"{len(moved)} moves: median {median(moved):.2f} s, 95 % within {quantile(moved, 0.95):.2f} s, "
        f"{sum(one < 2 for one in moved) / len(moved):.1%} under 2 s; opening: 95 % within "
        f"{quantile(record.opened, 0.95):.2f} s; {cpu:.2f} cores, "
        f"{trial.alone:.2f} of them the first process; the tabs {trial.own / trial.seconds:.2f}; "
        f"{trial.before.memory:.0f} to {trial.after.memory:.0f} MB; {load()}"
    )
    for what, count in [*record.errors.most_common(), *record.shown.most_common(3)]:
        note(f"{count} x {what}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tabs", type=int, nargs="+", default=[100, 50])
    parser.add_argument("--servers", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--trials", type=int, default=3)
    asked = parser.parse_args()
    for tabs in asked.tabs:
        trials = []
        for seed in range(asked.trials):
            with served(warm=WARM) if asked.servers == 1 else class_server(asked.servers, WARM) as server:
                trials.append(asyncio.run(play(server.url, server.pid, tabs, asked.seconds, seed)))
            describe(trials[-1])
        slow = median(quantile(trial.record.all_moved(), 0.95) for trial in trials)
        report(f"{tabs} tabs: 95 % of the moves within, s", slow, 2.0 if tabs > 50 else 1.0, at_most=True)
        faults = sum(sum(trial.record.errors.values()) for trial in trials)
        report(f"{tabs} tabs: faults and lost connections", faults, 0, at_most=True)


if __name__ == "__main__":
    main()
