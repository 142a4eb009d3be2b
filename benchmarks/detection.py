"""A detector from Train to a mean average precision of 0.90 on scenes that nobody has looked at: within 60 s.

Also the share of drawing in a training step, at most 1/5, and a run in the pool, reported and filmed, over the same
steps called bare: at least 0.85. Seconds of a busy machine say little: CPU seconds and the load stand beside them.

``python -m benchmarks.detection [LOSS]``
"""

import os
import sys
from functools import cache
from time import perf_counter

import torch

from benchmarks.common import in_process, median, note, report
from benchmarks.scene_runs import Watched, bare, watched, watched_speed
from explainer.device import cores
from explainer.tasks.detection.config import DetectionConfig, LossName
from explainer.tasks.detection.examples import TEST_SCENES, Examples, training_settings, unseen_examples
from explainer.tasks.detection.loop import _Run
from explainer.tasks.detection.testing import look_for_digits
from explainer.tasks.detection.weights import from_bytes
from explainer.tasks.scenes import digit_scenes, mnist_source
from explainer.training.configuration import Controls

GOAL, WITHIN = 0.90, 60.0
SEEDS = (11, 12, 13)
UNSEEN = 20_301  # the seed of scenes on which no choice was ever made
CPU = torch.device("cpu")


@cache
def unseen() -> Examples:
    return unseen_examples(0, UNSEEN)


def precisions(seen: Watched) -> list[float]:
    """The mean average precision on all of the unseen scenes, a measurement each."""
    found = []
    for data in seen.weights:
        config, network = from_bytes(data)
        *_, result = look_for_digits(network, config, unseen(), TEST_SCENES)
        assert result is not None
        found.append(result.mean)
    return found


def share_of_drawing(config: DetectionConfig, threads: int) -> float:
    """The share of a step's time in which its scenes are drawn; the smallest of five, in turn."""
    torch.set_num_threads(threads)
    run = _Run(config, Controls(), CPU, None, None)
    source, settings = mnist_source(training=True), training_settings(config.clutter)
    drawing, steps = [], []
    for _ in range(6):  # the first warms up
        start = perf_counter()
        for _ in range(20):
            digit_scenes(source, settings, config.batch_size, run.chance)
        middle = perf_counter()
        for _ in range(20):
            run.step()
        drawing.append(middle - start)
        steps.append(perf_counter() - middle)
    return min(drawing[1:]) / min(steps[1:])


def learns(config: DetectionConfig) -> float:
    """Prints the curve of a run; seconds until the goal is reached, infinite where it is not."""
    seen = watched(config)
    judged = precisions(seen)
    for at, cpu, scenes, precision in zip(seen.seconds, seen.cpu, seen.scenes, judged, strict=True):
        note(f"seed {config.seed}: {scenes:6,} scenes, {at:5.1f} s, {cpu:5.1f} CPU s, mAP {precision:.3f}")
    reached = [at for at, precision in zip(seen.seconds, judged, strict=True) if precision >= GOAL]
    return reached[0] if reached else float("inf")


def main(loss: LossName) -> None:
    config = DetectionConfig(loss=loss)
    note(f"load {os.getloadavg()[0]:.1f}")
    for seed in SEEDS:
        report(
            f"{loss}, seed {seed}: seconds to mAP {GOAL}", learns(DetectionConfig(loss=loss, seed=seed)), WITHIN, True
        )
        note(f"load {os.getloadavg()[0]:.1f}")
    for threads in sorted({1, cores()}):
        share = float(in_process("benchmarks.detection", loss, "drawing", str(threads)))
        report(f"drawing, share of a step, {threads} threads", share, 0.2, at_most=True)
    ratios = []
    for _ in SEEDS:
        alone = float(in_process("benchmarks.detection", loss, "bare"))
        seen = watched_speed(config)
        note(f"bare {alone:,.0f} scenes/s, watched {seen:,.0f} scenes/s")
        ratios.append(seen / alone)
    report("watched / bare", median(ratios), 0.85)
    note(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    match sys.argv[1:]:
        case [loss, "bare"]:
            config = DetectionConfig(loss=loss)
            print(bare(_Run(config, Controls(), CPU, None, None), config.scenes))
        case [loss, "drawing", threads]:
            print(share_of_drawing(DetectionConfig(loss=loss), int(threads)))
        case [loss]:
            main(loss)
        case _:
            main("modern")
