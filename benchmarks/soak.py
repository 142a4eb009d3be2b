"""A class that stays: the server's memory must not grow once everything has been used.

Run as ``python -m benchmarks.soak [--tabs 30] [--minutes 60]``. Every tab thinks a few seconds and then moves a
control, turns to another page, uploads a photograph, trains a network, or is closed and opened anew by another visitor.
The memory is that of the server and its workers together (PSS: what processes share counts once). Needs Linux.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import os
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from benchmarks.common import note, report, served
from benchmarks.processes import family, taken
from benchmarks.students import Record, Student
from explainer.memory import VARIABLE

PAGES = ["", "convolution", "pooling", "activation", "softmax", "dropout", "normalization", "channels", "transposed",
         "train", "initialization", "optimizers", "regularization", "feature_maps", "filters", "exemplars",
         "attribution"]  # fmt: skip
ACTIONS = {"move": 70, "page": 14, "upload": 6, "train": 6, "leave": 4}  # of a hundred
THINK = (2.0, 6.0)  # seconds
MEMORY = "128"  # megabytes, little enough to be full before the first ten minutes are over
SETTLED = 1 / 6  # of the time, after which nothing should grow: ten minutes of an hour
MOST_GROWTH = 1.04  # from there to the end, as a ratio
LOOK_EVERY = 5.0
LOOKS_A_NOTE = 6


@dataclass(frozen=True)
class Look:
    """Minutes since the start, and megabytes: the server's own, and with its workers."""

    minutes: float
    own: float
    all: float


def memory(process: int) -> tuple[float, float]:
    """Megabytes: of the server itself, and of it with all that it started."""
    return taken([process]).memory, taken(family(process)).memory


def settle(process: int) -> None:
    """Waits until the server and its workers have imported all that they need."""
    last = 0.0
    while (now := memory(process)[1]) > last + 5:
        last = now
        time.sleep(15)


def photograph(rng: random.Random) -> bytes:
    """A photograph of some megapixels, as a file; every one another."""
    side = rng.randint(800, 1600)
    pixels = np.random.default_rng(rng.getrandbits(32)).integers(0, 256, (side // 8, side // 8, 3), np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).resize((side, side)).save(file, "JPEG")
    return file.getvalue()


async def student(base: str, rng: random.Random, end: float, record: Record, done: Counter[str]) -> None:
    """Plays until the end, in one tab after another."""
    tab: Student | None = None
    while time.monotonic() < end:
        if tab is None:
            tab = Student(base, rng.choice(PAGES), record, rng)
            await tab.enter()
        action = rng.choices(list(ACTIONS), list(ACTIONS.values()))[0]
        done[action] += 1
        await tab.met(_act(tab, action, rng))
        if action == "leave":
            tab = None
        await asyncio.sleep(rng.uniform(*THINK))
    if tab:
        await tab.close()


async def _act(tab: Student, action: str, rng: random.Random) -> None:
    match action:
        case "move":
            await tab.move_any()
        case "page":
            await tab.go(rng.choice(PAGES))
        case "upload":
            await tab.go("convolution?input=upload")
            await tab.upload("upload", "photograph.jpg", photograph(rng))
        case "train":
            await tab.go("train?preset=fast")
            await tab.press("train")
        case "leave":
            await tab.close()
    await tab.look()


async def play(base: str, tabs: int, minutes: float, process: int) -> list[Look]:
    """A class of so many tabs for so long; what the memory was meanwhile."""
    start, record, done, looks = time.monotonic(), Record(), Counter[str](), list[Look]()
    end = start + 60 * minutes
    students = [student(base, random.Random(number), end, record, done) for number in range(tabs)]
    playing = asyncio.gather(*students)
    while not playing.done():
        looks.append(Look((time.monotonic() - start) / 60, *memory(process)))
        if len(looks) % LOOKS_A_NOTE == 1:
            note(f"{looks[-1].minutes:5.1f} minutes: {looks[-1].all:.0f} MB (server {looks[-1].own:.0f}), {dict(done)}")
        await asyncio.wait([playing], timeout=LOOK_EVERY)
    await playing
    note(f"done: {dict(done)}")
    note(f"sentences shown: {dict(record.shown.most_common(4)) or 'none'}")
    report("faults and lost connections", sum(record.errors.values()), 0, at_most=True)
    for what, count in record.errors.most_common(8):
        note(f"{count} x {what}")
    return looks


def state(looks: Sequence[Look]) -> None:
    """Prints what was seen, and whether it grew."""
    settled = SETTLED * looks[-1].minutes
    later = [look for look in looks if look.minutes >= settled]
    third = len(later) // 3
    first, last = (float(np.median([look.all for look in part])) for part in (later[:third], later[-third:]))
    slope = np.polyfit([look.minutes for look in later], [look.all for look in later], 1)[0]
    note(f"at first {looks[0].all:.0f} MB (server {looks[0].own:.0f})")
    note(f"after {settled:.0f} minutes {later[0].all:.0f} MB (server {later[0].own:.0f})")
    note(f"at the end {looks[-1].all:.0f} MB (server {looks[-1].own:.0f}), most {max(look.all for look in looks):.0f}")
    note(f"slope since then {slope:+.2f} MB a minute")
    report("last third of that time over its first third, medians", last / first, MOST_GROWTH, at_most=True)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--tabs", type=int, default=30)
    options.add_argument("--minutes", type=float, default=60)
    chosen = options.parse_args()
    os.environ[VARIABLE] = MEMORY
    with served() as server:
        settle(server.pid)
        state(asyncio.run(play(server.url, chosen.tabs, chosen.minutes, server.pid)))


if __name__ == "__main__":
    main()
