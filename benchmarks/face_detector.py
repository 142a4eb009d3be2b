"""Seconds in which the face detector reads a picture on one thread: at most 0.2 at 224 pixels, 0.5 at 416.

Seconds of the process's CPU, the median of seven pictures after two.

``python -m benchmarks.face_detector``
"""

from time import process_time

import torch

from benchmarks.common import median, report
from explainer.data.samples import original
from explainer.tasks.face_detector import candidates

BOUNDS = {224: 0.2, 416: 0.5}  # seconds
WARM, MEASURED = 2, 7


def seconds(side: int) -> float:
    """Of one picture."""
    rgb, taken = original("astronaut").rgb, []
    for _ in range(WARM + MEASURED):
        start = process_time()
        candidates(rgb, side)
        taken.append(process_time() - start)
    return median(taken[WARM:])


def main() -> None:
    torch.set_num_threads(1)
    for side, bound in BOUNDS.items():
        report(f"{side} x {side} pixels, CPU seconds a picture", seconds(side), bound, at_most=True)


if __name__ == "__main__":
    main()
