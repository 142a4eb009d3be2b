"""The training loop of a detector: a configuration in, snapshots out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import cos, pi
from time import perf_counter

import numpy as np
import torch
from torch import Generator, Tensor

from explainer.device import device as default_device
from explainer.tasks.detection.cells import encode
from explainer.tasks.detection.config import DetectionConfig, part_weights, scenes_a_second
from explainer.tasks.detection.examples import TEST_SCENES, Examples, training_settings, unseen_examples
from explainer.tasks.detection.losses import loss_parts
from explainer.tasks.detection.network import build
from explainer.tasks.detection.reports import DetectionPoint, DetectionResults, DetectionSnapshot, DetectionViews
from explainer.tasks.detection.testing import look_for_digits, views
from explainer.tasks.detection.weights import to_bytes
from explainer.tasks.scenes import DigitSource, Scenes, digit_scenes, mnist_source
from explainer.training.configuration import Controls
from explainer.training.measure import find_divergence
from explainer.training.snapshot import Snapshot, Step

EPOCH = 1_000  # scenes
PART = 200  # test scenes that are measured on the way
WARM_UP, LAST = 0.15, 1 / 400  # share of the steps until the peak; the rate at the end, as a share of the peak
BETAS, DECAY = (0.9, 0.99), 0.01


@dataclass(frozen=True)
class Cadence:
    """Training scenes between two points of the curves, and between two measurements on a part of the test scenes.

    Counted in scenes, not in seconds, so that a run repeated measures at the same steps.
    """

    point: int
    part: int


def cadence(config: DetectionConfig, device: torch.device) -> Cadence:
    """About four points a second on two CPU cores, and twenty measurements in a run, or one a second."""
    speed = scenes_a_second(config.width) * (20 if device.type == "cuda" else 1)
    return Cadence(point=max(int(speed / 4), 1), part=max(-(-config.scenes // 20), int(speed)))


def train(
    config: DetectionConfig,
    controls: Controls | None = None,
    device: torch.device | None = None,
    *,
    source: DigitSource | None = None,
    tests: Examples | None = None,
    measured: Cadence | None = None,
) -> Iterator[DetectionSnapshot | Step]:
    """Trains a detector on scenes that are drawn as it goes, yielding after every step.

    Yields a Step after every step of the optimizer and every chunk of measuring, and a snapshot whenever one is due.
    The first snapshot is of the untrained network; the last one is measured on all ``tests``, or has a divergence.
    The scenes depend on the seed and the clutter alone. ``controls.changed`` knows the names of ``part_weights`` and
    "learning_rate". ``source`` and ``tests`` are MNIST's where not given. Seeds torch's global generator.

    Raises ImpossibleNetworkError for a configuration that is not possible, DatasetError where MNIST is not there.
    """
    run = _Run(config, controls or Controls(), device or default_device(), source, tests)
    measured = measured or cadence(config, run.device)
    yield from run.measure(whole=config.steps == 0)
    while run.done < config.steps:
        yield run.step()
        if run.broken is None:
            yield from _due(run, measured)
        if run.broken is not None:
            yield run.diverged()
            return


def _due(run: _Run, measured: Cadence) -> Iterator[DetectionSnapshot | Step]:
    """The measurement that the present step calls for, if any."""
    asked, run.controls.measure_now = run.controls.measure_now, False
    if run.done == run.config.steps:
        yield from run.measure(whole=True)
    elif asked or run.seen - run.measured_part >= measured.part:
        run.measured_part = run.measured_point = run.seen
        yield from run.measure(whole=False)
    elif run.seen - run.measured_point >= measured.point:
        run.measured_point = run.seen
        yield run.snapshot()


def rate(share: float) -> float:
    """The learning rate as a share of its peak, after a ``share`` of the steps: up in a line, down by half a cosine."""
    if share <= WARM_UP:
        return share / WARM_UP
    return LAST + (1 - LAST) * (1 + cos(pi * (share - WARM_UP) / (1 - WARM_UP))) / 2


@dataclass
class _Sums:
    """What the steps since the last point have minimized, kept on the device until a point needs it."""

    losses: list[Tensor] = field(default_factory=list)
    parts: list[Tensor] = field(default_factory=list)
    scenes: int = 0
    seconds: float = 0.0


class _Run:
    """A network being trained, with everything that changes from step to step."""

    def __init__(
        self,
        config: DetectionConfig,
        controls: Controls,
        device: torch.device,
        source: DigitSource | None,
        tests: Examples | None,
    ) -> None:
        self.config, self.controls, self.device = config, controls, device
        torch.manual_seed(config.seed)
        self.network = build(config).to(device).to(memory_format=torch.channels_last)
        self.source, self.tests = source or mnist_source(training=True), tests or unseen_examples(config.clutter)
        self.settings = training_settings(config.clutter)
        self.chance = Generator().manual_seed(config.seed)
        self.optimizer = torch.optim.AdamW(
            self.network.parameters(), config.learning_rate, betas=BETAS, weight_decay=DECAY, fused=True
        )
        self.done = 0  # steps
        self.seen = 0  # scenes
        self.measured_part = self.measured_point = 0  # ``seen`` at the last measurement of each kind
        self.seconds = 0.0
        self.sums = _Sums()
        self.pictures = torch.empty(0)  # of the last step
        self.broken: int | None = None  # the step whose loss was not finite
        self._apply_rate()

    def step(self) -> Step:
        """Draws the scenes of one step, and one step of the optimizer on them."""
        start = perf_counter()
        self._apply_rate()
        scenes = self._scenes()
        count = len(scenes.classes)
        truth = encode(scenes.boxes.to(self.device), scenes.classes.to(self.device))
        self.pictures = scenes.pictures.to(self.device)
        parts = loss_parts(self.config, self.network(self.pictures), truth)
        loss = parts @ torch.tensor(part_weights(self.config, self.controls.changed), device=self.device)
        self.done += 1
        self.seen += count
        self._record(loss.detach(), parts.detach())
        if self.broken is None:  # else the weights stay, to show what broke
            self.optimizer.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            self.optimizer.step()
        elapsed = perf_counter() - start
        self.seconds += elapsed
        self.sums.seconds += elapsed
        self.sums.scenes += count
        return Step(count, elapsed)

    def measure(self, whole: bool) -> Iterator[DetectionSnapshot | Step]:
        """Looks for the digits of the test scenes, all or the first, and yields a snapshot with views and weights."""
        result = None
        for part in look_for_digits(self.network, self.config, self.tests, TEST_SCENES if whole else PART):
            result = part
            yield Step()
        assert result is not None
        yield Snapshot(self._point(result), self._views(), result, self._weights())

    def snapshot(self) -> DetectionSnapshot:
        """A point of the training curves only, with the views."""
        return Snapshot(self._point(None), self._views())

    def diverged(self) -> DetectionSnapshot:
        """The last snapshot of a run whose loss is not finite."""
        assert self.broken is not None
        return Snapshot(self._point(None), divergence=find_divergence(self.network, self.pictures, self.broken))

    def _scenes(self) -> Scenes:
        count = min(self.config.batch_size, self.config.scenes - self.seen)
        return digit_scenes(self.source, self.settings, count, self.chance)

    def _apply_rate(self) -> None:
        peak = self.controls.changed.get("learning_rate", self.config.learning_rate)
        for group in self.optimizer.param_groups:
            group["lr"] = peak * rate((self.done + 1) / max(self.config.steps, 1))

    def _record(self, loss: Tensor, parts: Tensor) -> None:
        self.sums.losses.append(loss)
        self.sums.parts.append(parts)
        # Reading a loss costs nothing on a CPU; a GPU would wait, and is asked only when a point is due
        if self.device.type == "cpu" and not loss.isfinite():
            self.broken = self.done

    def _point(self, result: DetectionResults | None) -> DetectionPoint:
        sums, self.sums = self.sums, _Sums()
        losses = torch.stack(sums.losses).cpu().numpy() if sums.losses else np.empty(0, np.float32)
        if self.broken is None and not np.isfinite(losses).all():
            self.broken = self.done - len(losses) + 1 + int(np.flatnonzero(~np.isfinite(losses))[0])
        return DetectionPoint(
            step=self.done,
            epoch=self.seen / EPOCH,
            seconds=self.seconds,
            examples_per_second=sums.scenes / sums.seconds if sums.seconds else 0.0,
            learning_rate=float(self.optimizer.param_groups[0]["lr"]),
            loss=float(losses.mean()) if len(losses) else None,
            parts=tuple(torch.stack(sums.parts).mean(dim=0).tolist()) if sums.parts else None,
            mean_average_precision=result.mean if result else None,
            test_scenes=result.scenes if result else 0,
        )

    def _views(self) -> DetectionViews:
        return views(self.network, self.config, self.tests)

    def _weights(self) -> bytes:
        return to_bytes(self.network, self.config)
