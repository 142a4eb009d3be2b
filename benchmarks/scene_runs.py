"""A run on made scenes, watched from Train to its end: when it measured, and the weights that it had."""

import os
from dataclasses import dataclass
from time import perf_counter, sleep
from typing import Any

import psutil
import torch

from explainer.device import cores
from explainer.tasks.detection.config import DetectionConfig
from explainer.tasks.scene_run import SceneRun
from explainer.tasks.segmentation.config import UNetConfig
from explainer.training.job import AnyJob, Job
from explainer.training.pool import Pool
from explainer.training.serve import NICENESS
from explainer.training.threads import ThreadTuner


@dataclass
class Watched:
    """A run in the pool: seconds of wall time and of its process's CPU at each measurement, with the weights."""

    seconds: list[float]
    cpu: list[float]
    scenes: list[int]
    weights: list[bytes]


def watched(config: DetectionConfig | UNetConfig) -> Watched:
    """The run in a pool of one worker that is ready when Train is pressed."""
    pool = Pool(1)
    pool.start()
    try:
        while not pool.ready():
            sleep(0.05)
        job: AnyJob = Job(config)
        process = psutil.Process(pool._workers[0].process.pid)
        before, start = _cpu(process), perf_counter()
        pool.submit(job)
        seen = Watched([], [], [], [])
        while job.going or job.state().weights_step != (seen.scenes or [-1])[-1]:
            state = job.state()
            if state.weights and state.weights_step != (seen.scenes or [-1])[-1]:
                seen.seconds.append(perf_counter() - start)
                seen.cpu.append(_cpu(process) - before)
                seen.scenes.append(state.weights_step)
                seen.weights.append(state.weights)
            sleep(0.02)
        assert job.status == "finished", job.state().message
    finally:
        pool.close()
    seen.scenes = [min(step * config.batch_size, config.scenes) for step in seen.scenes]
    return seen


def bare(run: SceneRun[Any, Any, Any], scenes: int) -> float:
    """Scenes a second of wall time, the steps alone: nothing is measured, nothing reported.

    As nice as a worker and with as many threads as it would choose, so that other processes take as much from both.
    """
    os.nice(NICENESS)
    tuner, start = ThreadTuner(cores(), torch.set_num_threads), perf_counter()
    while run.seen < scenes:
        step = run.step()
        tuner.after_step(step.examples, step.seconds)
    return scenes / (perf_counter() - start)


def watched_speed(config: DetectionConfig | UNetConfig) -> float:
    """Scenes a second of wall time in the pool, from the first point, as on the page."""
    start, *_, end = watched(config).seconds
    return config.scenes / (end - start)


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
