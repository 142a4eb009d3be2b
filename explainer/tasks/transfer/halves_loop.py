"""Learns to read 0 to 4, then 5 to 9 from few pictures: with a new last layer, fine-tuned, and from scratch."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from explainer.data.digits import Digits, load
from explainer.networks.build import build, normalize
from explainer.networks.config import ImpossibleNetworkError
from explainer.networks.weights import from_bytes
from explainer.tasks.scene_run import EPOCH, rate
from explainer.tasks.transfer.config import WAYS, WayName
from explainer.tasks.transfer.halves_config import (
    BATCH,
    CLASSES,
    COUNTS,
    FACTOR,
    RATE,
    STEPS,
    HalvesConfig,
    first_run,
    is_possible,
)
from explainer.tasks.transfer.halves_reports import HalvesResults, HalvesSnapshot
from explainer.training import measure
from explainer.training.loop import Cadence, train
from explainer.training.snapshot import Moment, Snapshot, Step
from explainer.words.book import Said

EVERY = 20  # steps between two reports
_AT_THE_END = Cadence(point=10**9, part=10**9, full=60_000)


@dataclass
class _Curves:
    """What is known of them so far, and how far the training is."""

    accuracy: NDArray[np.float64]
    first: float | None = None
    seen: int = 0
    reported: int = 0  # steps since the last report
    seconds: float = 0.0
    began: float = field(default_factory=perf_counter)

    def take(self, step: Step) -> Iterator[HalvesSnapshot | Step]:
        """The step, and a report now and then."""
        self.seen += step.examples
        self.seconds += step.seconds
        self.reported += step.examples > 0
        yield step
        if self.reported >= EVERY:
            yield self.report()

    def report(self) -> HalvesSnapshot:
        self.reported = 0
        speed = self.seen / self.seconds if self.seconds else 0.0
        # Batches differ in size: a step is as many pictures as the largest has
        moment = Moment(self.seen // BATCH, self.seen / EPOCH, perf_counter() - self.began, speed, 0.0)
        return Snapshot(moment, results=HalvesResults(self.accuracy.copy(), self.first))


def learned(config: HalvesConfig, device: torch.device) -> Iterator[HalvesSnapshot | Step]:
    """A report at the start, after every network and every few steps; a Step wherever one can break off.

    Raises ImpossibleNetworkError for what is not possible, WeightsError for a file that is none, DatasetError where the
    digits are damaged.
    """
    if not is_possible(config):
        raise ImpossibleNetworkError(Said("transfer.impossible"))
    curves = _Curves(np.full((len(WAYS), len(COUNTS), config.seeds), np.nan))
    yield curves.report()
    weights = config.weights or (yield from _first(config, curves, device))
    other = half(load("mnist"), CLASSES)
    for seed in range(config.seeds):
        for number, count in enumerate(COUNTS):
            given = few(other, count, config.seed + seed)
            for way in WAYS:
                network = begun(weights, way, config.seed + seed).to(device)
                for step in taught(network, way, given, config.seed + seed):
                    yield from curves.take(step)
                for result in measured(network, other, device):
                    if result is not None:
                        curves.accuracy[WAYS.index(way), number, seed] = result.accuracy
                    yield Step()
                yield curves.report()


def _first(
    config: HalvesConfig, curves: _Curves, device: torch.device
) -> Generator[HalvesSnapshot | Step, None, bytes]:
    """Trains the network that reads 0 to 4; gives its file."""
    weights = b""
    for item in train(first_run(config), half(load("mnist"), 0), device=device, measured=_AT_THE_END):
        if isinstance(item, Step):
            yield from curves.take(item)
        else:
            weights, curves.first = item.weights or weights, item.point.test_accuracy
    yield curves.report()
    return weights


def half(digits: Digits, start: int) -> Digits:
    """The digits of five classes alone, from ``start`` on, which are then called 0 to 4."""
    is_train, is_test = (
        (labels >= start) & (labels < start + CLASSES) for labels in (digits.train_labels, digits.test_labels)
    )
    return replace(
        digits,
        train_images=digits.train_images[is_train],
        train_labels=digits.train_labels[is_train] - np.uint8(start),
        test_images=digits.test_images[is_test],
        test_labels=digits.test_labels[is_test] - np.uint8(start),
    )


@dataclass(frozen=True, eq=False)
class Few:
    """What is learned from: ``pixels`` (n, 1, 28, 28) as networks read them, ``labels`` (n,), 0 to 4."""

    pixels: Tensor
    labels: Tensor


def few(digits: Digits, count: int, seed: int) -> Few:
    """So many training digits of each class; those of a smaller ``count`` are among those of a larger one."""
    chance = np.random.default_rng(seed)
    orders = [chance.permutation(np.flatnonzero(digits.train_labels == label)) for label in range(CLASSES)]
    chosen = np.concatenate([order[:count] for order in orders])
    labels = torch.from_numpy(digits.train_labels[chosen]).long()
    return Few(normalize(torch.from_numpy(digits.train_images[chosen]).unsqueeze(1)), labels)


def begun(weights: bytes, way: WayName, seed: int) -> nn.Sequential:
    """The network in a file as it begins, with a new last layer for five classes; from scratch all of it is new.

    Draws from torch's global generator, which it seeds. Raises WeightsError.
    """
    config, network, _ = from_bytes(weights)
    torch.manual_seed(seed)
    if way == "scratch":
        network = build(config)
    *_, (name, last) = network.named_children()
    assert isinstance(last, nn.Linear)
    network.requires_grad_(way != "frozen")
    setattr(network, name, nn.Linear(last.in_features, CLASSES))
    return network


def taught(network: nn.Sequential, way: WayName, given: Few, seed: int) -> Iterator[Step]:
    """Trains a network that has begun, in place; a Step after each. A frozen one is in evaluation mode throughout."""
    optimizer = torch.optim.AdamW(_groups(network, way), RATE)
    chance = torch.Generator().manual_seed(seed)
    device = next(network.parameters()).device
    network.train(way != "frozen")
    for number in range(STEPS):
        start = perf_counter()
        for group in optimizer.param_groups:
            group["lr"] = RATE * group["share"] * rate((number + 1) / STEPS)
        chosen = torch.randperm(len(given.labels), generator=chance)[:BATCH]
        scores = network(given.pixels[chosen].to(device))
        loss = functional.cross_entropy(scores, given.labels[chosen].to(device))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        yield Step(len(chosen), perf_counter() - start)


def _groups(network: nn.Sequential, way: WayName) -> list[dict[str, Any]]:
    """The weights that are trained, and the share of the rate that is theirs: the new layer's first."""
    *before, last = network.children()
    old = [weights for module in before for weights in module.parameters() if weights.requires_grad]
    share = FACTOR if way == "fine-tuned" else 1.0
    new: dict[str, Any] = {"params": list(last.parameters()), "share": 1.0}
    return [new, {"params": old, "share": share}] if old else [new]


def measured(network: nn.Sequential, digits: Digits, device: torch.device) -> Iterator[measure.TestResult | None]:
    """Of all test digits: None after each chunk, the result last."""
    images = torch.from_numpy(digits.test_images).unsqueeze(1).to(device)
    yield from measure.test(network, images, torch.from_numpy(digits.test_labels).long().to(device))
