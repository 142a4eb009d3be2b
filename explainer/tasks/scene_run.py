"""What every run has that learns from pictures made as it goes: its rate, its steps, and when it reports."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import cos, pi
from time import perf_counter
from typing import Generic, Protocol

import numpy as np
import torch
from torch import Tensor, nn

from explainer.training.configuration import Controls
from explainer.training.measure import find_divergence
from explainer.training.snapshot import Moment, PointT, ResultsT, Snapshot, Step, ViewsT

EPOCH = 1_000  # pictures
WARM_UP, LAST = 0.15, 1 / 400  # share of the steps until the peak; the rate at the end, as a share of the peak
BETAS, DECAY = (0.9, 0.99), 0.01


class SceneConfig(Protocol):
    """What a description says of its steps: ``scenes`` pictures, each seen once, in batches."""

    @property
    def scenes(self) -> int: ...  # noqa: D102
    @property
    def batch_size(self) -> int: ...  # noqa: D102
    @property
    def learning_rate(self) -> float: ...  # noqa: D102
    @property
    def steps(self) -> int: ...  # noqa: D102


@dataclass(frozen=True)
class Cadence:
    """Training scenes between two points of the curves, and between two measurements on a part of the test scenes.

    Counted in scenes, not in seconds, so that a run repeated measures at the same steps.
    """

    point: int
    part: int


@dataclass(frozen=True, eq=False)
class Lesson:
    """One batch before its backward pass: ``inputs`` (n, channels, h, w), the ``loss``, and its ``parts`` (p,)."""

    inputs: Tensor
    loss: Tensor
    parts: Tensor


def paced(scenes: int, scenes_a_second: float, device: torch.device) -> Cadence:
    """About four points a second on two CPU cores, and twenty measurements in a run, or one a second."""
    speed = scenes_a_second * (20 if device.type == "cuda" else 1)
    return Cadence(point=max(int(speed / 4), 1), part=max(-(-scenes // 20), int(speed)))


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


class SceneRun(ABC, Generic[PointT, ViewsT, ResultsT]):
    """A network being trained, with everything that changes from step to step."""

    def __init__(
        self,
        config: SceneConfig,
        network: nn.Module,
        controls: Controls,
        device: torch.device,
        groups: Sequence[tuple[Sequence[nn.Parameter], float]] = (),
    ) -> None:
        """``groups`` are weights with the share of the learning rate that is theirs; all have all of it without any."""
        self.steps, self.scenes, self.batch_size = config.steps, config.scenes, config.batch_size
        self.peak = config.learning_rate
        self.controls, self.device = controls, device
        self.network = network.to(device).to(memory_format=torch.channels_last)
        told = [{"params": weights, "share": share} for weights, share in groups or [(list(network.parameters()), 1.0)]]
        self.optimizer = torch.optim.AdamW(told, self.peak, betas=BETAS, weight_decay=DECAY, fused=True)
        self.done = 0  # steps
        self.seen = 0  # scenes
        self.measured_part = self.measured_point = 0  # ``seen`` at the last measurement of each kind
        self.seconds = 0.0
        self.sums = _Sums()
        self.inputs = torch.empty(0)  # of the last step
        self.broken: int | None = None  # the step whose loss was not finite
        self._apply_rate()

    @abstractmethod
    def lesson(self, count: int) -> Lesson:
        """The loss of the network on ``count`` new pictures."""

    @abstractmethod
    def tested(self, whole: bool) -> Iterator[ResultsT | None]:
        """Tests on all test pictures or on a part: None after each chunk, the results last."""

    @abstractmethod
    def point(
        self, moment: Moment, loss: float | None, parts: tuple[float, ...] | None, result: ResultsT | None
    ) -> PointT:
        """The point of the curves at ``moment``, with the means since the last point; None before the first step."""

    @abstractmethod
    def views(self) -> ViewsT:
        """What the network says of the watched pictures."""

    @abstractmethod
    def weights(self) -> bytes:
        """The network as a file."""

    def reports(self, measured: Cadence) -> Iterator[Snapshot[PointT, ViewsT, ResultsT] | Step]:
        """Trains: a Step after every step and every chunk of a test, and a snapshot whenever one is due.

        The first is of the untrained network; the last is tested on all pictures, or has a divergence.
        """
        yield from self._measure(whole=self.steps == 0)
        while self.done < self.steps:
            yield self.step()
            if self.broken is None:
                yield from self._due(measured)
            if self.broken is not None:
                yield self._diverged()
                return

    def step(self) -> Step:
        """Draws the pictures of one step, and one step of the optimizer on them."""
        start = perf_counter()
        self._apply_rate()
        count = min(self.batch_size, self.scenes - self.seen)
        lesson = self.lesson(count)
        self.inputs = lesson.inputs
        self.done += 1
        self.seen += count
        self._record(lesson.loss.detach(), lesson.parts.detach())
        if self.broken is None:  # else the weights stay, to show what broke
            self.optimizer.zero_grad(set_to_none=True)
            lesson.loss.backward()  # type: ignore[no-untyped-call]
            self.optimizer.step()
        elapsed = perf_counter() - start
        self.seconds += elapsed
        self.sums.seconds += elapsed
        self.sums.scenes += count
        return Step(count, elapsed)

    def _due(self, measured: Cadence) -> Iterator[Snapshot[PointT, ViewsT, ResultsT] | Step]:
        """The measurement that the present step calls for, if any."""
        asked, self.controls.measure_now = self.controls.measure_now, False
        if self.done == self.steps:
            yield from self._measure(whole=True)
        elif asked or self.seen - self.measured_part >= measured.part:
            self.measured_part = self.measured_point = self.seen
            yield from self._measure(whole=False)
        elif self.seen - self.measured_point >= measured.point:
            self.measured_point = self.seen
            yield Snapshot(self._point(None), self.views())

    def _measure(self, whole: bool) -> Iterator[Snapshot[PointT, ViewsT, ResultsT] | Step]:
        """Tests on the test pictures, all or the first, and yields a snapshot with views and weights."""
        result = None
        for part in self.tested(whole):
            result = part
            yield Step()
        assert result is not None
        yield Snapshot(self._point(result), self.views(), result, self.weights())

    def _diverged(self) -> Snapshot[PointT, ViewsT, ResultsT]:
        """The last snapshot of a run whose loss is not finite."""
        assert self.broken is not None
        where = find_divergence(self.network, self.inputs, self.broken, whole_names=True)
        return Snapshot(self._point(None), divergence=where)

    def _apply_rate(self) -> None:
        peak = self.controls.changed.get("learning_rate", self.peak)
        for group in self.optimizer.param_groups:
            group["lr"] = peak * group["share"] * rate((self.done + 1) / max(self.steps, 1))

    def _record(self, loss: Tensor, parts: Tensor) -> None:
        self.sums.losses.append(loss)
        self.sums.parts.append(parts)
        # Reading a loss costs nothing on a CPU; a GPU would wait, and is asked only when a point is due
        if self.device.type == "cpu" and not loss.isfinite():
            self.broken = self.done

    def _point(self, result: ResultsT | None) -> PointT:
        sums, self.sums = self.sums, _Sums()
        losses = torch.stack(sums.losses).cpu().numpy() if sums.losses else np.empty(0, np.float32)
        if self.broken is None and not np.isfinite(losses).all():
            self.broken = self.done - len(losses) + 1 + int(np.flatnonzero(~np.isfinite(losses))[0])
        moment = Moment(
            step=self.done,
            epoch=self.seen / EPOCH,
            seconds=self.seconds,
            examples_per_second=sums.scenes / sums.seconds if sums.seconds else 0.0,
            learning_rate=float(self.optimizer.param_groups[0]["lr"]),
        )
        parts = tuple(torch.stack(sums.parts).mean(dim=0).tolist()) if sums.parts else None
        return self.point(moment, float(losses.mean()) if len(losses) else None, parts, result)
