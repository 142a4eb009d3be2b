"""Three ways to teach SqueezeNet the same classes: what was asked for, and the runs of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import streamlit as st

from explainer.tasks.transfer.config import MODULES, RATES, WAYS, TransferConfig
from explainer.tasks.transfer.own_study import OwnStudyConfig
from explainer.tasks.transfer.reports import TransferPoint, TransferResults, TransferViews
from explainer.tasks.transfer.study import StudyConfig
from explainer.training.job import Job, State
from explainer.ui.controls.choice import segmented, stepped
from explainer.ui.controls.inputs import LINK
from explainer.ui.controls.learner import Learner
from explainer.ui.frame.studio import Run
from explainer.ui.frame.widget_values import value_of
from explainer.ui.language import labels, say
from pages.training.transfer import cutout_state, own_state, state

TransferRun: TypeAlias = Run[Job[TransferConfig, TransferPoint, TransferViews, TransferResults]]
TransferState: TypeAlias = State[TransferPoint, TransferViews, TransferResults]

DEPTH, FACTOR, AUGMENT, LENGTH, SEED = "tl_depth_of", "tl_factor", "tl_augment", "tl_length", "tl_seed"
FACTORS = {"0.01": "1/100", "0.1": "1/10", "1": "1"}
LENGTHS = {str(passes): str(passes) for passes in (5, 10, 20, 40)}
MOST_SEED = 20


@dataclass(frozen=True, eq=False)
class Way:
    """One of the three: its run, None before there is one, and what it has reported."""

    config: TransferConfig
    run: TransferRun | None
    state: TransferState | None

    @property
    def points(self) -> tuple[TransferPoint, ...]:
        """Of its curves."""
        return self.state.points if self.state else ()

    @property
    def tested(self) -> TransferPoint | None:
        """The latest point with a test after a step."""
        return next((each for each in reversed(self.points) if each.test_pictures and each.step), None)


def controls() -> None:
    """What the three ways do, and how long."""
    depths = {str(count): str(count) for count in range(1, MODULES)} | {str(MODULES): say("transfer.ways.all")}
    stepped(say("transfer.ways.depth"), depths, DEPTH, first=str(MODULES), help=say("transfer.ways.depth_help"))
    segmented(say("transfer.ways.factor"), FACTORS, FACTOR, first="0.01", help=say("transfer.ways.factor_help"))
    stepped(say("transfer.ways.length"), LENGTHS, LENGTH, first="20", help=say("transfer.ways.length_help"))
    st.toggle(say("transfer.ways.augment"), key=AUGMENT, bind=LINK, help=say("transfer.ways.augment_help"))
    st.number_input(say("transfer.ways.seed"), 0, MOST_SEED, 0, key=SEED, bind=LINK)


def config() -> TransferConfig:
    """The fine-tuned one, with which the other two are trained. Raises NoStudyError where nothing can be learned."""
    draw = int(value_of(state.DRAW))
    made = _of_own(own_state.config(draw)) if state.is_own() else _of_cutouts(cutout_state.config(draw))
    return replace(
        made,
        modules=int(value_of(DEPTH)),
        factor=float(value_of(FACTOR)),
        epochs=int(value_of(LENGTH)),
        augmented=bool(value_of(AUGMENT)),
        seed=int(value_of(SEED)),
    )


def _of_own(study: OwnStudyConfig) -> TransferConfig:
    return TransferConfig(own_state.names(), draw=study.seed, pictures=study.pictures)


def _of_cutouts(study: StudyConfig) -> TransferConfig:
    return TransferConfig(
        study.classes,
        per_class=study.per_class,
        learned=study.learned,
        tested=study.tested,
        draw=study.seed,
        reduced=study.reduced,
    )


def beside(wanted: TransferConfig) -> Sequence[TransferConfig]:
    """The other two, as the controls of the first do not change them."""
    same = TransferConfig(wanted.classes)
    plain = replace(wanted, modules=same.modules, factor=same.factor)
    return [replace(plain, way=way, learning_rate=RATES[way]) for way in WAYS if way != wanted.way]


def _name(wanted: TransferConfig) -> str:
    """Of a run, as the page of all runs shows it."""
    way = labels("transfer.ways.names.{}", (_word(wanted.way),))[_word(wanted.way)]
    return say("transfer.ways.run", way=way, count=len(wanted.classes))


def _word(way: str) -> str:
    """As the book's key has it."""
    return way.replace("-", "_")


def way_names() -> list[str]:
    """Of all three, in their order."""
    return list(labels("transfer.ways.names.{}", tuple(map(_word, WAYS))).values())


LEARNER = Learner("tlw", TransferConfig, config, _name, beside=beside)


def ways(wanted: TransferConfig) -> list[Way]:
    """The three as they are now, in the order of ``WAYS``."""
    configs = {each.way: each for each in (wanted, *beside(wanted))}
    runs: list[TransferRun | None] = [LEARNER.chosen(configs[way]) for way in WAYS]
    return [
        Way(configs[way], run, run.look().job.state() if run else None) for way, run in zip(WAYS, runs, strict=True)
    ]
