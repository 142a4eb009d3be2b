"""Fills the table of four cases: split by split, so that every cell soon has a first figure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np
import torch
from numpy.typing import NDArray

from explainer.networks.config import ImpossibleNetworkError
from explainer.tasks.scene_run import EPOCH, Cadence
from explainer.tasks.transfer.cases_config import (
    CASES,
    CUTS,
    METHODS,
    TRAINED,
    Case,
    CasesConfig,
    Method,
    is_possible,
    run_of,
)
from explainer.tasks.transfer.cases_data import case_examples
from explainer.tasks.transfer.cases_reports import CasesResults, CasesSnapshot
from explainer.tasks.transfer.examples import Examples
from explainer.tasks.transfer.features import Floats, backbone, of_cuts, standardized
from explainer.tasks.transfer.linear import last_layer
from explainer.tasks.transfer.loop import train
from explainer.training.snapshot import Moment, Snapshot, Step
from explainer.words.book import Said

CHUNK = 32  # pictures whose features are computed at once
EVERY = 20  # steps of the optimizer between two reports
_AT_THE_END = Cadence(point=10**9, part=10**9)  # the networks are tested once they are trained


@dataclass
class _Table:
    """What is known of it so far, and how far the training is."""

    config: CasesConfig
    device: torch.device
    accuracy: NDArray[np.float64]
    steps: int = 0
    seen: int = 0
    seconds: float = 0.0
    began: float = field(default_factory=perf_counter)

    def put(self, case: Case, method: Method, split: int, accuracy: float) -> None:
        self.accuracy[CASES.index(case), METHODS.index(method), split] = accuracy

    def count(self, step: Step) -> None:
        self.steps += step.examples > 0
        self.seen += step.examples
        self.seconds += step.seconds

    def report(self) -> CasesSnapshot:
        speed = self.seen / self.seconds if self.seconds else 0.0
        moment = Moment(self.steps, self.seen / EPOCH, perf_counter() - self.began, speed, 0.0)
        return Snapshot(moment, results=CasesResults(self.accuracy.copy()))


def filled(config: CasesConfig, device: torch.device) -> Iterator[CasesSnapshot | Step]:
    """A report at the start, after every cell of every split and every few steps; a Step wherever one can break off.

    Raises ImpossibleNetworkError for a table that is not possible, DatasetError where the digits are damaged.
    """
    if not is_possible(config):
        raise ImpossibleNetworkError(Said("transfer.impossible"))
    table = _Table(config, device, np.full((len(CASES), len(METHODS), config.splits), np.nan))
    yield table.report()
    for split in range(config.splits):
        for case in CASES:
            given = case_examples(config, case, split)
            yield from _on_features(table, case, split, given)
            for method in TRAINED:
                yield from _trained(table, case, method, split, given)


def _on_features(table: _Table, case: Case, split: int, given: Examples) -> Iterator[CasesSnapshot | Step]:
    """A new last layer on the features of each cut."""
    parts: list[list[Floats]] = []
    pictures = np.concatenate([given.learned, given.tested])
    for start in range(0, len(pictures), CHUNK):
        parts.append(case_features(pictures[start : start + CHUNK]))
        yield Step()
    count = len(given.learned)
    for method, columns in zip(CUTS, zip(*parts, strict=True), strict=True):
        values = np.concatenate(columns)
        layer = last_layer(values[:count], given.learned_labels, len(case.classes))
        table.put(case, method, split, float((layer.classes(values[count:]) == given.tested_labels).mean()))
        yield table.report()


def case_features(rgb: NDArray[np.uint8]) -> list[Floats]:
    """Of pictures (n, side, side, 3): for each of ``CUTS`` the mean of every map, (n, maps)."""
    pictures = torch.from_numpy(rgb).permute(0, 3, 1, 2).float() / 255
    return of_cuts(backbone(), standardized(pictures), tuple(CUTS.values()))


def _trained(table: _Table, case: Case, method: Method, split: int, given: Examples) -> Iterator[CasesSnapshot | Step]:
    """A network, from its first step to its test. One that breaks leaves its place in the table empty."""
    run = run_of(table.config, case, method, split)
    for item in train(run, device=table.device, source=given, measured=_AT_THE_END):
        if isinstance(item, Step):
            table.count(item)
            yield item
            if item.examples and table.steps % EVERY == 0:
                yield table.report()
        elif item.point.step == run.steps and item.point.test_accuracy is not None:
            table.put(case, method, split, item.point.test_accuracy)
    yield table.report()
