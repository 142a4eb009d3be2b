"""Learning from cut-outs: what was asked for on the page "Transfer learning"."""

from __future__ import annotations

import streamlit as st

from explainer.data.cutouts import CLASSES
from explainer.lru import Lru
from explainer.tasks.transfer.config import GROUNDS
from explainer.tasks.transfer.study import (
    REDUCED,
    AnyStudy,
    Progress,
    StudyConfig,
    counts,
    is_possible,
    picture,
    shown_features,
    study,
)
from explainer.ui.controls.choice import choice, pills, stepped
from explainer.ui.controls.inputs import LINK
from explainer.ui.frame.widget_values import value_of
from explainer.ui.language import labels, say
from explainer.words.book import Said
from pages.training.transfer.subject import NoStudyError, Subject, most_frequent

OF, COUNT, LEARNED, TESTED, REDUCE = "tl_of", "tl_count", "tl_learned", "tl_tested", "tl_reduce"
BLURRED = "fruit"  # of which half are small pictures, enlarged
FIRST = ("mammals", "birds", "fruit", "flowers", "vehicles")
PER_CLASS = {each: each for each in ("1", "2", "3", "5", "10", "15")}
_KEPT: Lru[Progress] = Lru(32)
_LAYOUTS: Lru[object] = Lru(64)


def controls() -> None:
    """What is learned from what."""
    pills(say("transfer.controls.of"), labels("transfer.classes.{}", CLASSES), OF, first=FIRST)
    about = say("transfer.controls.count_help")
    stepped(say("transfer.controls.count"), PER_CLASS, COUNT, first="10", help=about)
    grounds = labels("transfer.grounds.{}", GROUNDS)
    choice(say("transfer.controls.learned"), grounds, LEARNED)
    choice(say("transfer.controls.tested"), grounds, TESTED)
    about = say("transfer.controls.reduce_help", pixels=REDUCED)
    st.toggle(say("transfer.controls.reduce"), key=REDUCE, bind=LINK, help=about)


def config(seed: int) -> StudyConfig:
    """What the controls hold. Raises NoStudyError, with a sentence, where nothing can be learned from it."""
    classes = tuple(name for name in CLASSES if name in value_of(OF))
    made = StudyConfig(classes, int(value_of(COUNT)), value_of(LEARNED), value_of(TESTED), seed, _reduced())
    if len(classes) < 2:
        raise NoStudyError(Said("transfer.too_few_classes"))
    if not is_possible(made):
        least = min(zip(counts(classes), classes, strict=True))
        name = labels("transfer.classes.{}", (least[1],))[least[1]]
        raise NoStudyError(Said("transfer.too_few_pictures", name=name, count=least[0], wanted=made.per_class))
    return made


def _reduced() -> int | None:
    return REDUCED if value_of(REDUCE) else None


def names(wanted: StudyConfig) -> tuple[str, ...]:
    """The names of the classes."""
    return tuple(labels("transfer.classes.{}", wanted.classes).values())


def subject(wanted: StudyConfig) -> Subject:
    """The study of a description."""
    return Subject(
        identity=wanted,
        names=names(wanted),
        work=lambda: study(wanted),
        kept=_KEPT,
        layouts=_LAYOUTS,
        picture=lambda found, number: picture(found.config, number),
        values=shown_features,
        notice=_notice,
        asides=(_shortcut, _trap),
    )


def _notice(found: AnyStudy, cut: int, name: str) -> Said:
    own = found.accuracy[cut]
    return Said(
        "transfer.notice",
        count=found.config.per_class,
        cut=name,
        mean=float(own.mean()),
        spread=100 * float(own.std()),
        tests=len(found.test),
        guessing=most_frequent(found),
    )


def _shortcut(found: AnyStudy, cut: int) -> Said | None:
    """What came of learning the first class on red and all others on white; None without that."""
    if found.config.learned != "first-red":
        return None
    is_first, is_found = found.labels[found.test] == 0, found.found[cut] == 0
    return Said(
        "transfer.shortcut",
        name=names(found.config)[0],
        count=int(is_first.sum()),
        right=int((is_first & is_found).sum()),
        others=int((~is_first).sum()),
        taken=int((~is_first & is_found).sum()),
    )


def _trap(found: AnyStudy, cut: int) -> Said | None:
    """What all cut-outs blurred alike change, also for the fruit, half of which blur betrays; None without that."""
    if found.whole is None:
        return None
    values = {"pixels": REDUCED, "mean": float(found.accuracy[cut].mean())}
    values |= {"before": float(found.whole.accuracy[cut].mean())}
    if BLURRED not in found.config.classes:
        return Said("transfer.trap.others", **values)
    is_fruit = found.labels[found.test] == found.config.classes.index(BLURRED)
    before, after = (int((each.found[cut] == each.labels[each.test])[is_fruit].sum()) for each in (found.whole, found))
    return Said("transfer.trap.fruit", count=int(is_fruit.sum()), right=after, right_before=before, **values)
