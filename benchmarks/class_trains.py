"""A class presses Train: a hundred tabs start "Fast" within 5 s, each with its own seed, and some others move sliders.

Run as ``python -m benchmarks.class_trains [--tabs 100] [--servers 1] [--others 10]``. All must be shown their own run,
with at least 98 % of the 10,000 test digits, in at most 1.3 x (runs x the bare time of one run on the same cores); the
others' moves must be answered within 2 s meanwhile, 95 % of them. Nothing else should run on the machine.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
from dataclasses import dataclass
from time import perf_counter

from benchmarks.class_at_once import THINK, WARM
from benchmarks.common import class_server, in_process, note, report, served
from benchmarks.hundred import MOST, RIGHT
from benchmarks.processes import load
from benchmarks.students import Record, Student, closing, quantile
from explainer.device import cores

PRESSING = 5.0  # seconds within which all press Train
OPENING = 20.0  # seconds within which all open the page before that
SHOWN = re.compile(r"Test accuracy ([\d.]+)\s% on ([\d,]+) digits")


@dataclass(frozen=True)
class Ended:
    """What a visitor was shown at the end: a run's state, whether it is theirs, and % ``right`` of how many digits."""

    state: str
    is_own: bool
    right: float
    digits: int


async def play(base: str, tabs: int, others: int) -> tuple[float, list[Ended], Record]:
    """Seconds from the first press until all runs are over, what each visitor was shown, and what the others met."""
    rng, training, moving = random.Random(0), Record(), Record()
    students = [Student(base, f"train?preset=fast&seed={seed}", training, rng) for seed in range(1, tabs + 1)]
    await asyncio.gather(*(_late(rng.uniform(0, OPENING), student.enter()) for student in students))
    start = perf_counter()
    movers = [Student(base, "convolution", moving, random.Random(seed)) for seed in range(others)]
    playing = [asyncio.create_task(closing(mover, _play(mover))) for mover in movers]
    await asyncio.gather(*(_late(rng.uniform(0, PRESSING), closing(one, one.train())) for one in students))
    seconds = perf_counter() - start
    for task in playing:
        task.cancel()
    await asyncio.gather(*playing, return_exceptions=True)
    moving.errors += training.errors
    return seconds, [_ended(student, seed) for seed, student in enumerate(students, 1)], moving


async def _late(seconds: float, doing: object) -> None:
    await asyncio.sleep(seconds)
    await doing  # type: ignore[misc]


async def _play(mover: Student) -> None:
    await mover.enter()
    await mover.play(float("inf"), THINK)


def _ended(student: Student, seed: int) -> Ended:
    if not student.news:
        return Ended("nothing", False, 0.0, 0)
    drawn = student.news["components"]
    found = SHOWN.search(" ".join(text for text, _ in drawn["run-progress"]["parts"]))
    right, digits = (float(found[1]), int(found[2].replace(",", ""))) if found else (0.0, 0)
    names = [run["name"] for run in drawn["run-curves"]["runs"]]
    return Ended(student.news["state"], len(names) == 1 and f"seed {seed}" in names[0], right, digits)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tabs", type=int, default=100)
    parser.add_argument("--servers", type=int, default=1)
    parser.add_argument("--others", type=int, default=10)
    asked = parser.parse_args()
    bare = min(float(in_process("benchmarks.hundred", "bare", str(threads))) for threads in sorted({1, cores()}))
    with served(warm=WARM) if asked.servers == 1 else class_server(asked.servers, WARM) as server:
        seconds, ended, record = asyncio.run(play(server.url, asked.tabs, asked.others))
    moved = record.all_moved()
    note(f"one run bare: {bare:.2f} s; {asked.tabs} runs in {seconds:.1f} s; {len(moved)} moves of others; {load()}")
    for what, count in record.errors.most_common():
        note(f"{count} x {what}")
    own = sum(one.is_own and one.state == "finished" and one.digits == 10_000 for one in ended)
    report("visitors who were shown their own run to its end", own, asked.tabs)
    report("worst accuracy on the 10,000 test digits in %", min(one.right for one in ended), RIGHT)
    report("runs at once / (runs x bare)", seconds / (asked.tabs * bare), MOST, at_most=True)
    report("others' moves: 95 % within, s", quantile(moved, 0.95), 2.0, at_most=True)


if __name__ == "__main__":
    main()
