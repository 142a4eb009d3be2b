"""The table of four cases: few or many pictures, of a task like ImageNet's or unlike it, learned from in four ways.

What is advised: A. Karpathy, F.-F. Li, J. Johnson, "CS231n: transfer learning", "When and how to fine-tune?"; J.
Yosinski et al. 2014, arXiv:1411.1792, for how features become more specific with depth.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from explainer.data.cutouts import cutouts
from explainer.tasks.transfer.config import RATES, TransferConfig, WayName
from explainer.training.configuration import Controls
from explainer.training.snapshot import Step

if TYPE_CHECKING:
    import torch

    from explainer.tasks.transfer.cases_reports import CasesSnapshot

Method = Literal["last", "early", "fine-tuned", "scratch"]
Task = Literal["similar", "different"]
Size = Literal["small", "large"]

METHODS: tuple[Method, ...] = ("last", "early", "fine-tuned", "scratch")
CUTS: Mapping[Method, str] = {"last": "12", "early": "7"}  # whose features a new last layer learns from: Fire 9, Fire 5
TRAINED: Mapping[Method, WayName] = {"fine-tuned": "fine-tuned", "scratch": "scratch"}
PHOTOGRAPHED = ("mammals", "birds", "fruit", "flowers", "vehicles")
DIGITS = tuple("0123456789")
SMALL, SPLITS = (2, 5, 10), (3, 5)
HELD_OUT = 3  # of the cut-outs of a class every third is for the test
MANY_DIGITS, TESTED_DIGITS = 50, 30  # of each class
SIDE, BATCH = 64, 10
FACTOR = 0.1  # of the rate, for old weights
PASSES: Mapping[Size, int] = {"small": 20, "large": 8}
# Of a network from scratch: at a higher rate some of those with many pictures never leave chance.
_FROM_SCRATCH: Mapping[Size, float] = {"small": RATES["scratch"], "large": 3e-4}
_SECONDS = 0.005  # for a picture in training, on two CPU cores


@dataclass(frozen=True)
class Case:
    """A cell of the table, and which of ``METHODS`` textbooks advise there."""

    task: Task
    size: Size
    advised: tuple[Method, ...]

    @property
    def key(self) -> str:
        """Its own among the four."""
        return f"{self.size}-{self.task}"

    @property
    def classes(self) -> tuple[str, ...]:
        """Of the pictures."""
        return PHOTOGRAPHED if self.task == "similar" else DIGITS


CASES = (
    Case("similar", "small", ("last",)),
    Case("similar", "large", ("fine-tuned",)),
    Case("different", "small", ("early",)),
    Case("different", "large", ("fine-tuned", "scratch")),
)


@dataclass(frozen=True)
class CasesConfig:
    """The whole table: ``small`` pictures a class where there are few, and so many ``splits`` of the pictures.

    Large is all that are left beside the test: two thirds of the cut-outs, and 50 digits of each class. All at 64 x 64
    pixels. ``seed`` decides the splits and the random weights.
    """

    small: int = 5
    splits: int = 3
    seed: int = 0

    @property
    def batch_size(self) -> int:
        """Pictures in a step of the optimizer."""
        return BATCH

    @property
    def scenes(self) -> int:
        """Pictures that all networks that are trained see together, each in every pass once."""
        return self.splits * len(TRAINED) * sum(PASSES[case.size] * learned(self, case) for case in CASES)

    @property
    def steps(self) -> int:
        """Steps of the optimizer in the whole table; 0 where it is not possible."""
        return -(-self.scenes // BATCH) if is_possible(self) else 0

    def rough_seconds(self) -> float:
        """Seconds that the whole table takes on about two CPU cores, roughly; 0 where it is not possible."""
        return self.scenes * _SECONDS if is_possible(self) else 0.0

    def snapshots(self, controls: Controls, device: torch.device) -> Iterator[CasesSnapshot | Step]:
        """Fills the table; see ``cases_loop.filled``. Raises ImpossibleNetworkError or DatasetError."""
        from explainer.tasks.transfer.cases_loop import filled  # noqa: PLC0415  the server describes runs without torch

        del controls  # nothing changes while it goes
        return filled(self, device)


@dataclass(frozen=True)
class CaseRun(TransferConfig):
    """One network of the table, which learns from ``given`` pictures, not as many of each class."""

    given: int = 0

    @property
    def learned_from(self) -> int:
        """How many pictures are learned from."""
        return self.given


def is_possible(config: CasesConfig) -> bool:
    """Whether every number is one that the table can be filled with."""
    return 1 <= config.small <= max(SMALL) and 2 <= config.splits <= max(SPLITS) and 0 <= config.seed < 2**31


def learned(config: CasesConfig, case: Case) -> int:
    """How many pictures are learned from in a case."""
    if case.size == "small":
        return config.small * len(case.classes)
    if case.task == "different":
        return MANY_DIGITS * len(DIGITS)
    return sum(count - count // HELD_OUT for count in _counts())


def unseen(case: Case) -> int:
    """How many pictures a case is tested on."""
    return TESTED_DIGITS * len(DIGITS) if case.task == "different" else sum(count // HELD_OUT for count in _counts())


def run_of(config: CasesConfig, case: Case, method: Method, split: int) -> CaseRun:
    """The network that a case trains by a method. Raises KeyError for one that trains none."""
    way = TRAINED[method]
    return CaseRun(
        case.classes,
        way=way,
        given=learned(config, case),
        factor=FACTOR,
        epochs=PASSES[case.size],
        batch_size=BATCH,
        learning_rate=_FROM_SCRATCH[case.size] if way == "scratch" else RATES[way],
        seed=config.seed + split,
        side=SIDE,
    )


def _counts() -> list[int]:
    """Cut-outs of each class."""
    kinds = [PHOTOGRAPHED.index(each.kind) for each in cutouts() if each.kind in PHOTOGRAPHED]
    counts: list[int] = np.bincount(kinds).tolist()
    return counts
