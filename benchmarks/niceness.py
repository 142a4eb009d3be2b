"""How nice the workers should be: what training costs a page's reruns, and what it loses, at several nicenesses.

``python -m benchmarks.niceness``. As many processes train as there are cores, one thread each; another does a page's
work meanwhile: bursts of ``BURST`` seconds of Python, one after the other with short pauses, as of a busy server. Told
are the 95th percentile of a burst's duration over the same with nobody training, and the rate of training over that
with no page.
"""

import json
import os
import subprocess
import sys
import time
from statistics import quantiles

from benchmarks.common import ROOT, in_process, note
from explainer.device import cores

NICENESSES = (0, 2, 5, 10, 19)
BURST, PAUSE = 0.025, 0.02  # seconds: one rerun, and the time until the next
SECONDS = 10.0


def page(seconds: float) -> None:
    """Prints the 95th percentile of a burst's duration in seconds."""
    work = 1
    while _burst(work) < BURST:  # counts how much Python is one burst on this core
        work *= 2
    work = round(work * BURST / min(_burst(work) for _ in range(3)))
    end, durations = time.perf_counter() + seconds, []
    while time.perf_counter() < end:
        start = time.perf_counter()
        _burst(work)
        durations.append(time.perf_counter() - start)
        time.sleep(PAUSE)
    print(quantiles(durations, n=20)[-1])


def _burst(work: int) -> float:
    """Seconds of processor time for ``work``."""
    start = time.process_time()
    for number in range(work):
        json.dumps({"number": number, "text": str(number)})
    return time.process_time() - start


def train(niceness: int, seconds: float) -> None:
    """Prints digits a second of wall time."""
    import torch

    from explainer.data.digits import load
    from explainer.networks.presets import PRESETS
    from explainer.training.config import Recipe, RunConfig
    from explainer.training.loop import train as run
    from explainer.training.process import ENVIRONMENT

    assert ENVIRONMENT.items() <= os.environ.items()
    os.nice(niceness)
    torch.set_num_threads(1)
    items = run(RunConfig(PRESETS["fast"], Recipe(epochs=1000)), load("mnist"))
    for _ in range(30):
        next(items)
    print("ready", flush=True)
    sys.stdin.readline()
    end, digits = time.perf_counter() + seconds, 0
    while time.perf_counter() < end:
        item = next(items)
        digits += getattr(item, "digits", 0)
    print(digits / seconds)


def beside(niceness: int, with_page: bool) -> tuple[float, float]:
    """Digits a second of all that train, and the 95th percentile of a page's bursts (0 without one)."""
    from explainer.training.process import ENVIRONMENT

    command = [sys.executable, "-m", "benchmarks.niceness"]
    trainers = [
        subprocess.Popen(
            [*command, "train", str(niceness), str(SECONDS)],
            cwd=ROOT,
            env=os.environ | ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(cores())
    ]
    for trainer in trainers:
        assert trainer.stdout is not None
        trainer.stdout.readline()
    for trainer in trainers:
        assert trainer.stdin is not None
        trainer.stdin.write("go\n")
        trainer.stdin.flush()
    p95 = 0.0
    if with_page:
        p95 = float(in_process("benchmarks.niceness", "page", str(SECONDS - 1)))
    return sum(float(trainer.communicate(timeout=300)[0]) for trainer in trainers), p95


def main() -> None:
    note(f"load of the machine before: {os.getloadavg()[0]:.1f} on {cores()} cores")
    alone = float(in_process("benchmarks.niceness", "page", str(SECONDS - 1)))
    full = beside(0, with_page=False)[0]
    note(f"a page alone: p95 {1000 * alone:.0f} ms; training alone: {full:,.0f} digits/s")
    for niceness in NICENESSES:
        rate, p95 = beside(niceness, with_page=True)
        note(f"niceness {niceness:2}: page's p95 {p95 / alone:.2f} x, training {rate / full:.2f} x")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["page", seconds]:
            page(float(seconds))
        case ["train", niceness, seconds]:
            train(int(niceness), float(seconds))
        case _:
            main()
