"""What the central unit of a network's last windows effectively sees, from gradients, in seconds: at most 0.3 in the
reader of digits, at most one in SqueezeNet.

Run as ``python -m benchmarks.effective_field``. Every time is that of another picture, after one that warms up. Then
the same while two other processes take all they get of the cores, as runs do that train.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from benchmarks.common import median, note, report
from explainer import device

device.let_threads_sleep()  # as the server does, before torch is imported

from explainer.inspection import effective_field, widest_path  # noqa: E402
from explainer.networks import zoo  # noqa: E402

TIMES, BUSY = 9, 2
CASES = (("digits", 28, 1, 0.3), ("squeezenet", 224, 3, 1.0))


@contextmanager
def busy_cores() -> Iterator[None]:
    """As many processes that never rest."""
    others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(BUSY)]
    try:
        yield
    finally:
        for other in others:
            other.kill()
            other.wait()


def seconds(name: str, inputs: NDArray[np.float32]) -> float:
    network = zoo.load(name)
    layer = widest_path.windowed(network)[-1]
    row, column = (side // 2 for side in layer.shape[1:])
    start = perf_counter()
    effective_field.of_network(network, layer.name, row, column, inputs=inputs)
    return perf_counter() - start


def measure(what: str) -> None:
    chance = np.random.default_rng(0)
    for name, side, channels, most in CASES:
        shape = (1, channels, side, side)
        times = [seconds(name, chance.standard_normal(shape, dtype=np.float32)) for _ in range(TIMES + 1)][1:]
        note(f"{name}, {what}: {min(times):.3f} to {max(times):.3f} s of {TIMES} pictures")
        report(f"Effective field in {name}, {what}, seconds", median(times), most, at_most=True)


def main() -> None:
    measure("alone")
    with busy_cores():
        measure("beside two busy processes")


if __name__ == "__main__":
    main()
