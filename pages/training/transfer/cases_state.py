"""The table of four cases: what was asked for, and the run that fills it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from explainer.tasks.transfer.cases_config import CASES, METHODS, SMALL, SPLITS, Case, CasesConfig, Method
from explainer.tasks.transfer.cases_reports import CasesResults
from explainer.tasks.transfer.reports import TransferViews
from explainer.tasks.transfer.verdicts import Verdict, verdict
from explainer.training.job import Job
from explainer.training.snapshot import Moment
from explainer.ui.controls.choice import segmented, stepped
from explainer.ui.controls.inputs import LINK
from explainer.ui.controls.learner import Learner
from explainer.ui.frame.studio import Run
from explainer.ui.frame.widget_values import value_of
from explainer.ui.language import labels, say

CasesRunOf: TypeAlias = Run[Job[CasesConfig, Moment, TransferViews, CasesResults]]
FEW, COUNT, SEED = "tl_few", "tl_splits", "tl_table_seed"
MOST_SEED = 20


def controls(place: DeltaGenerator) -> None:
    """How few are few, and how often all is drawn anew."""
    with place:
        few = {str(count): str(count) for count in SMALL}
        stepped(say("transfer.cases.few"), few, FEW, first="5", help=say("transfer.cases.few_help"))
        splits = {str(count): str(count) for count in SPLITS}
        segmented(say("transfer.cases.splits"), splits, COUNT, help=say("transfer.cases.splits_help"))
        st.number_input(say("transfer.cases.seed"), 0, MOST_SEED, 0, key=SEED, bind=LINK)


def config() -> CasesConfig:
    """What the controls hold."""
    return CasesConfig(int(value_of(FEW)), int(value_of(COUNT)), int(value_of(SEED)))


def _name(_: CasesConfig) -> str:
    """Of a run, as the page of all runs shows it."""
    return say("transfer.cases.run")


LEARNER = Learner("tlc", CasesConfig, config, _name, single_steps=False)


@dataclass(frozen=True, eq=False)
class Table:
    """What is known: ``accuracy`` (cases, methods, splits), NaN where it is not, and a verdict on each whole cell."""

    config: CasesConfig
    accuracy: NDArray[np.float64]

    @property
    def known(self) -> int:
        """Results that are known."""
        return int(np.isfinite(self.accuracy).sum())

    @property
    def verdicts(self) -> list[Verdict | None]:
        """On each of ``CASES``."""
        return [verdict(case, own) for case, own in zip(CASES, self.accuracy, strict=True)]


def table(wanted: CasesConfig, run: CasesRunOf | None) -> Table:
    """The table as far as the run has come; empty before there is one."""
    results = run.look().job.state().results if run else None
    empty = np.full((len(CASES), len(METHODS), wanted.splits), np.nan)
    return Table(wanted, empty if results is None else results.accuracy)


def case_names() -> dict[str, str]:
    """The four cases by their keys."""
    return labels("transfer.cases.titles.{}", [case.key for case in CASES])


def method_names() -> dict[Method, str]:
    """The ways of learning by their identifiers."""
    return labels("transfer.cases.methods.{}", METHODS)


def title(case: Case) -> str:
    """What a case is called."""
    return case_names()[case.key]
