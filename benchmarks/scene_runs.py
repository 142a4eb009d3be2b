"""A run on made scenes, watched from Train to its end: when it measured, and the weights that it had."""

from dataclasses import dataclass
from time import perf_counter, sleep

import psutil

from explainer.tasks.detection.config import DetectionConfig
from explainer.tasks.segmentation.config import UNetConfig
from explainer.training.job import AnyJob, Job
from explainer.training.pool import Pool


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


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
