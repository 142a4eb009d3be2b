"""A U-Net of at most 120,000 weights from Train to a mean IoU of 0.75 on scenes that nobody has looked at: within 60 s.

Judged on 1,000 scenes with other digits at other places than the app's own tests. Seconds of a busy machine say
little: CPU seconds and the load stand beside them, and ``alone`` prints the curves against the CPU seconds of one
thread, measuring included. ``watched`` compares a run in the pool, reported and filmed, with the same steps called
bare: at least 0.85.

``python -m benchmarks.segmentation [alone [SEED] | watched]``
"""

import os
import sys
from collections.abc import Iterator
from functools import cache
from time import process_time

import torch

from benchmarks.common import in_process, median, note, report
from benchmarks.scene_runs import bare, watched, watched_speed
from explainer.tasks.scenes import mnist_source
from explainer.tasks.segmentation.config import UNetConfig
from explainer.tasks.segmentation.data import Examples, examples
from explainer.tasks.segmentation.loop import _Run, train
from explainer.tasks.segmentation.reports import SegmentationResults
from explainer.tasks.segmentation.testing import measured
from explainer.tasks.segmentation.weights import from_bytes
from explainer.training.configuration import Controls
from explainer.training.snapshot import Snapshot

GOAL, WITHIN = 0.75, 60.0
MOST_WEIGHTS = 120_000
SEEDS = (11, 12, 13)
UNSEEN = 20_302  # the seed of scenes on which no choice was ever made
SCENES = 1_000
PAIRS = 3


@cache
def unseen() -> Examples:
    return examples("segment", mnist_source(training=False), SCENES, UNSEEN)


def mean_iou(weights: bytes) -> float:
    config, network = from_bytes(weights)
    *_, result = measured(network, config, unseen(), SCENES)
    assert isinstance(result, SegmentationResults)
    return result.mean_iou


def learns(config: UNetConfig) -> float:
    """Prints the curve of a run in the pool; seconds until the goal is reached, infinite where it is not."""
    seen, reached = watched(config), float("inf")
    for at, cpu, scenes, weights in zip(seen.seconds, seen.cpu, seen.scenes, seen.weights, strict=True):
        value = mean_iou(weights)
        note(f"seed {config.seed}: {scenes:6,} scenes, {at:5.1f} s, {cpu:5.1f} CPU s, mean IoU {value:.3f}")
        reached = min(reached, at) if value >= GOAL else reached
    return reached


def alone(config: UNetConfig) -> Iterator[tuple[int, float, bytes]]:
    """Scenes, CPU seconds of one thread, and weights at every measurement."""
    torch.set_num_threads(1)
    start = process_time()
    for item in train(config, device=torch.device("cpu")):
        if isinstance(item, Snapshot) and item.weights is not None:
            yield item.point.step * config.batch_size, process_time() - start, item.weights


def main() -> None:
    report("weights", UNetConfig().parameters, MOST_WEIGHTS, at_most=True)
    note(f"load {os.getloadavg()[0]:.1f}")
    for seed in SEEDS:
        report(f"seed {seed}: seconds to a mean IoU of {GOAL}", learns(UNetConfig(seed=seed)), WITHIN, at_most=True)
        note(f"load {os.getloadavg()[0]:.1f}")


def compare() -> None:
    config, ratios = UNetConfig(), []
    for _ in range(PAIRS):
        own, seen = float(in_process("benchmarks.segmentation", "bare")), watched_speed(config)
        note(f"bare {own:,.0f} scenes/s, watched {seen:,.0f} scenes/s, load {os.getloadavg()[0]:.1f}")
        ratios.append(seen / own)
    report("watched / bare", median(ratios), 0.85)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["bare"]:
            run = _Run(UNetConfig(), Controls(), torch.device("cpu"), None, None)
            print(bare(run, UNetConfig().scenes))
        case ["watched"]:
            compare()
        case ["alone", *seeds]:
            for seed in map(int, seeds or SEEDS):
                for scenes, cpu, weights in list(alone(UNetConfig(seed=seed))):
                    print(f"seed {seed}: {scenes:6,} scenes, {cpu:5.1f} CPU s, mean IoU {mean_iou(weights):.3f}")
        case _:
            main()
