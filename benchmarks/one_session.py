"""One visitor who stays: 200 page switches and 30 runs in a row leave the server as large as before.

Run as ``python -m benchmarks.one_session [--switches 200] [--runs 30]``. Needs Linux. The first third fills the caches.
"""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from benchmarks.common import note, report, served
from benchmarks.soak import PAGES, memory, settle
from benchmarks.tabs import Tab

MOST_GROWTH = 1.05  # of what is resident, from the first third to the end
SHORT = "train?preset=fast&digits=1000&epochs=2"
QUIET = 35.0  # seconds, after which the server has searched for garbage
STEP = 2.0  # seconds between two looks at a run


def counts(process: int) -> tuple[int, int]:
    """Threads and open files of the process."""
    return len(list(Path(f"/proc/{process}/task").iterdir())), len(list(Path(f"/proc/{process}/fd").iterdir()))


async def train(tab: Tab) -> None:
    """Trains "Fast" on a thousand digits to its end."""
    await tab.go(SHORT)
    await tab.press("train")
    while tab.fed and tab.fed["going"]:
        await asyncio.sleep(STEP)
        await tab.go(SHORT)


async def play(base: str, process: int, switches: int, runs: int) -> None:
    """Does everything, and compares thirds."""
    tab = Tab(base)
    await tab.open()
    seen = []
    for third in range(3):
        for number in range(switches // 3):
            await tab.go(PAGES[(number + third * (switches // 3)) % len(PAGES)])
        for _ in range(runs // 3):
            await train(tab)
        await asyncio.sleep(QUIET)
        seen.append((memory(process)[0], *counts(process)))
        note(f"after {third + 1} of 3 parts: {seen[-1][0]:.0f} MB, {seen[-1][1]} threads, {seen[-1][2]} open files")
    await tab.close()
    report("resident at the end over after the first third", seen[-1][0] / seen[0][0], MOST_GROWTH, at_most=True)
    report("threads at the end less those then", seen[-1][1] - seen[0][1], 4, at_most=True)
    report("open files at the end less those then", seen[-1][2] - seen[0][2], 4, at_most=True)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--switches", type=int, default=200)
    options.add_argument("--runs", type=int, default=30)
    chosen = options.parse_args()
    with served() as server:
        settle(server.pid)
        asyncio.run(play(server.url, server.pid, chosen.switches, chosen.runs))


if __name__ == "__main__":
    main()
