"""The training loop: a configuration and a seed in, snapshots out."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np
import torch
from pydantic import TypeAdapter
from torch import Generator, Tensor
from torch.nn import functional
from torch.optim import Optimizer

from explainer.data.catalogue import TITLES, TRAINING_PICTURES
from explainer.data.digits import Digits, subset_indices
from explainer.device import device as default_device
from explainer.networks.build import build, normalize, planes, set_dropout
from explainer.networks.config import ImpossibleNetworkError, NetworkConfig
from explainer.networks.plan import channels_last
from explainer.networks.weights import to_bytes
from explainer.training import measure
from explainer.training.augmentation import augment
from explainer.training.config import RunConfig, digits_a_second, reads
from explainer.training.configuration import Controls
from explainer.training.initialization import initialize
from explainer.training.measure import TestResult
from explainer.training.measured_spread import spread
from explainer.training.optimizers import make_optimizer, schedule
from explainer.training.snapshot import Point, Snapshot, Step, Views
from explainer.training.spread import Spread
from explainer.training.tally import Tally, mean, numbers
from explainer.words.book import Said

TEST_PART = 10  # between epochs, every tenth test digit is measured
PROBE = 0  # the test digit whose feature maps are followed: a 7
_adapter = TypeAdapter(RunConfig)


@dataclass(frozen=True)
class Cadence:
    """Training digits between two points of the curves, and between two measurements on part of the test set.

    The whole test set is measured at the end, and after every epoch, or, where epochs are shorter, after the
    epoch that completes ``full`` digits. Counted in digits, not in seconds, so that a run repeated measures at
    the same steps.
    """

    point: int
    part: int
    full: int = 60_000


def cadence(config: NetworkConfig, total: int, device: torch.device) -> Cadence:
    """About four points a second on two CPU cores, and a twentieth of the time for measuring on test digits.

    ``total`` is the number of digits that the run will see: a short one gets up to 40 points and 10 measurements.
    """
    speed = digits_a_second(config) * (40 if device.type == "cuda" else 1)
    point = min(max(int(speed / 4), 64), max(total // 40, 250))
    return Cadence(point=point, part=min(max(int(speed), 6_000), max(total // 10, 1_000)))


def train(
    config: RunConfig,
    digits: Digits,
    controls: Controls | None = None,
    device: torch.device | None = None,
    measured: Cadence | None = None,
) -> Iterator[Snapshot | Step]:
    """Trains ``config.network`` on ``digits``, yielding after every step.

    Yields a Step after every step of the optimizer and every chunk of measuring (a moment to handle commands),
    and a Snapshot whenever one is due. The first snapshot is of the untrained network; the last one has weights
    and mistakes, or a divergence. The order of the digits depends on the seed alone, not on the network or the
    augmentation. Seeds torch's global generator. Raises ImpossibleNetworkError for a configuration that is no
    network.
    """
    run = _Run(config, digits, controls or Controls(), device or default_device())
    total = len(run.chosen) * config.recipe.epochs
    measured = measured or replace(cadence(config.network, total, run.device), full=TRAINING_PICTURES[config.dataset])
    yield from run.measure(whole=run.steps == 0)
    for epoch in range(config.recipe.epochs):
        for batch in run.batches():
            yield run.step(batch)
            if run.broken is None:
                yield from _due(run, measured, last_of_epoch=run.done == (epoch + 1) * run.steps_per_epoch)
            if run.broken is not None:
                yield run.diverged(batch)
                return


def _due(run: _Run, measured: Cadence, last_of_epoch: bool) -> Iterator[Snapshot | Step]:
    """The measurement that the present step calls for, if any."""
    since = run.seen - run.measured_whole
    asked, run.controls.measure_now = run.controls.measure_now, False
    if run.done == run.steps or (last_of_epoch and since >= measured.full):
        run.measured_whole = run.measured_part = run.measured_point = run.seen
        yield from run.measure(whole=True)
    elif asked or run.seen - run.measured_part >= measured.part:
        run.measured_part = run.measured_point = run.seen
        yield from run.measure(whole=False)
    elif run.seen - run.measured_point >= measured.point:
        run.measured_point = run.seen
        yield run.snapshot()


class _Run:
    """A network being trained, with everything that changes from step to step."""

    def __init__(self, config: RunConfig, digits: Digits, controls: Controls, device: torch.device) -> None:
        self.config, self.digits, self.controls, self.device = config, digits, controls, device
        if config.network.reads != reads(config.dataset):
            raise ImpossibleNetworkError(Said("plan.other_pictures", dataset=TITLES[config.dataset]))
        torch.manual_seed(config.seed)
        self.network = build(config.network)
        initialize(self.network, config.recipe.initialization)
        self.network = self.network.to(device).to(memory_format=_memory_format(config.network, device))
        self.optimizer: Optimizer = make_optimizer(self.network.parameters(), config.recipe)
        self.order = Generator().manual_seed(config.seed)
        self.augmentation = Generator().manual_seed(config.seed + 1)  # its own: it leaves the order as it is
        self.chosen = subset_indices(digits.train_labels, config.subset, config.seed)
        self._check_batches()
        self.images, self.labels, self.test_images, self.test_labels = _on_device(digits, device)
        self.steps_per_epoch = -(-len(self.chosen) // config.recipe.batch_size)
        self.steps = self.steps_per_epoch * config.recipe.epochs
        self.rate = schedule(config.recipe.schedule, max(self.steps, 1))
        # What L1 acts on: no bias, no gamma
        self.weights = [parameter for parameter in self.network.parameters() if parameter.dim() > 1]
        self.done = 0  # steps
        self.seen = 0  # digits trained on, repetitions counted
        # ``seen`` at the last measurement of each kind
        self.measured_whole = self.measured_part = self.measured_point = 0
        self.seconds = 0.0
        self.tally = Tally()
        self.broken: int | None = None  # the step whose loss was not finite
        self._apply_controls()

    def batches(self) -> Iterator[Tensor]:
        """Indices of this epoch's batches, in an order that only the seed decides.

        Each digit comes once. But where batch normalization would have a single one in the last batch, the one
        before it comes again, since it cannot compare a digit with itself.
        """
        order = torch.randperm(len(self.chosen), generator=self.order)
        digits, size = torch.from_numpy(self.chosen)[order], self.config.recipe.batch_size
        for start in range(0, len(digits), size):
            batch = digits[start : start + size]
            yield digits[-2:] if len(batch) == 1 and self.config.network.batch_norm else batch

    def step(self, batch: Tensor) -> Step:
        """One step of the optimizer on the digits ``batch`` (n,) int64."""
        start = perf_counter()
        self._apply_controls()
        images, labels = self._batch(batch)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda"):
            logits = self.network(images)
            loss = functional.cross_entropy(logits, labels, label_smoothing=self.config.recipe.label_smoothing)
        self.done += 1
        self.seen += len(batch)
        self._record(loss.detach(), logits.detach(), labels)
        if self.broken is None:  # else the weights stay, to show what broke
            self._descend(loss)
        elapsed = perf_counter() - start
        self.seconds += elapsed
        self.tally.seconds += elapsed
        return Step(len(batch), elapsed)

    def measure(self, whole: bool) -> Iterator[Snapshot | Step]:
        """Reads the test set, the whole or a tenth of it, and yields a snapshot with views and weights."""
        every = 1 if whole else TEST_PART
        for part in measure.test(self.network, self.test_images[::every], self.test_labels[::every]):
            result = part
            yield Step()
        assert result is not None
        mistakes = measure.mistakes(result, self.digits.test_labels, every)
        run = _adapter.dump_json(self.config).decode()
        weights = to_bytes(self.network, self.config.network, run)
        yield Snapshot(self._point(result), self._views(), mistakes, weights, spread=self._spread())

    def snapshot(self) -> Snapshot:
        """A point of the training curves only, with the views."""
        return Snapshot(self._point(None), self._views(), spread=self._spread())

    def diverged(self, batch: Tensor) -> Snapshot:
        """The last snapshot of a run whose loss is not finite."""
        assert self.broken is not None
        divergence = measure.find_divergence(self.network, self._batch(batch)[0], self.broken)
        return Snapshot(self._point(None), divergence=divergence)

    def _batch(self, batch: Tensor) -> tuple[Tensor, Tensor]:
        batch = batch.to(self.device)
        recipe = self.config.recipe
        pixels = self.images[batch]
        if recipe.shift or recipe.rotate:
            pixels = augment(pixels.float(), recipe.shift, recipe.rotate, self.augmentation)
        return normalize(pixels), self.labels[batch]

    def _apply_controls(self) -> None:
        changed = self.controls.changed
        peak = changed.get("learning_rate", self.config.recipe.learning_rate)
        for group in self.optimizer.param_groups:
            group["lr"] = peak * self.rate(self.done)
        if "dropout" in changed:
            set_dropout(self.network, changed["dropout"])

    def _check_batches(self) -> None:
        if self.config.network.batch_norm and min(self.config.recipe.batch_size, len(self.chosen)) < 2:
            raise ImpossibleNetworkError(Said("plan.batches_too_small"))

    def _descend(self, loss: Tensor) -> None:
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        if self.config.recipe.l1:
            self._add_l1_gradient()
        self.optimizer.step()

    def _add_l1_gradient(self) -> None:
        gradients = [weight.grad for weight in self.weights if weight.grad is not None]
        signs = torch._foreach_sign([weight.detach() for weight in self.weights])
        torch._foreach_add_(gradients, list(signs), alpha=self.config.recipe.l1)

    def _record(self, loss: Tensor, logits: Tensor, labels: Tensor) -> None:
        self.tally.add(loss, logits, labels, is_smoothed=self.config.recipe.label_smoothing > 0)
        if _read_at_once(self.device) and not loss.isfinite():
            self.broken = self.done

    def _point(self, result: TestResult | None) -> Point:
        tally, self.tally = self.tally, Tally()
        losses, plain = numbers(tally.minimized), numbers(tally.plain)
        if self.broken is None and not np.isfinite(losses).all():
            self.broken = self.done - len(losses) + 1 + int(np.flatnonzero(~np.isfinite(losses))[0])
        return Point(
            step=self.done,
            epoch=self.done / self.steps_per_epoch,
            seconds=self.seconds,
            examples_per_second=tally.speed,
            learning_rate=float(self.optimizer.param_groups[0]["lr"]),
            train_loss=mean(plain if len(plain) else losses),
            train_accuracy=tally.accuracy,
            test_loss=result.loss if result else None,
            test_accuracy=result.accuracy if result else None,
            test_digits=len(result.predicted) if result else 0,
            smoothed_loss=mean(losses) if len(plain) else None,
        )

    def _spread(self) -> Spread:
        return spread(self.network, self.done / self.steps_per_epoch)

    def _views(self) -> Views:
        return measure.views(self.network, self.test_images[PROBE : PROBE + 1], PROBE)


def _read_at_once(device: torch.device) -> bool:
    """Whether reading a loss costs nothing; a GPU would wait for it, and is asked only when a point is due."""
    return device.type == "cpu"


@functools.lru_cache(maxsize=1)
def _on_device(digits: Digits, device: torch.device) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Pictures (n, channels, height, width) uint8 and labels (n,) int64 on ``device``: to train on, and to test on.

    One copy, 55 MB, serves all runs of a process on the same data set, one after the other or set aside. In colour it
    is 184 MB, which all processes share.
    """
    tensors: list[Tensor] = []
    for pictures, classes in ((digits.train_images, digits.train_labels), (digits.test_images, digits.test_labels)):
        pixels = planes(pictures)
        tensors += [pixels.to(device), torch.from_numpy(classes.astype(np.int64)).to(device)]
    images, labels, test_images, test_labels = tensors
    return images, labels, test_images, test_labels


def _memory_format(config: NetworkConfig, device: torch.device) -> torch.memory_format:
    last = device.type != "cpu" or channels_last(config)
    return torch.channels_last if last else torch.contiguous_format
