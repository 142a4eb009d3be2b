"""What the page "Transfer learning" shows: a map of the features, accuracy against depth, and what went wrong."""

from __future__ import annotations

import numpy as np
import streamlit as st

from explainer.figures.transfer import depth_figure, map_figure
from explainer.tasks.transfer.study import Study, picture
from explainer.ui.components.live_chart import live_chart
from explainer.ui.frame import page
from explainer.ui.frame.drawn import drawn
from explainer.ui.language import labels, say
from explainer.words.book import Said
from pages.training.transfer import state

HEIGHT, SIDE, MOST = 400, 112, 8  # of the charts and of a picture, in pixels; pictures that went wrong


def result(study: Study, cut: int) -> None:
    """The map of the features at the chosen cut beside the accuracy at all of them."""
    left, right = st.columns((1.15, 1), gap="small")
    with left:
        _map(study, cut)
    with right:
        _depth(study, cut)
    page.notice(_notice(study, cut))
    page.formula(_formula(study, cut))
    _mistakes(study, cut)


def _names(study: Study) -> list[str]:
    return list(labels("transfer.classes.{}", study.config.classes).values())


def _map(study: Study, cut: int) -> None:
    is_learned = np.isin(np.arange(len(study.labels)), study.train)
    is_wrong = np.zeros(len(study.labels), bool)
    is_wrong[study.test] = study.found[cut] != study.labels[study.test]
    names = _names(study)
    found = dict(zip(study.test.tolist(), study.found[cut].tolist(), strict=True))
    titles = [_title(names, int(label), found.get(number)) for number, label in enumerate(study.labels)]
    figure = drawn(
        map_figure,
        study.maps[cut],
        study.labels,
        names,
        is_learned=is_learned,
        is_wrong=is_wrong,
        titles=titles,
        dark=page.is_dark(),
        height=HEIGHT,
    )
    live_chart(figure, say("transfer.chart.map"), "tl_map")


def _title(names: list[str], label: int, found: int | None) -> str:
    if found is None:
        return say("transfer.point.learned", name=names[label])
    if found == label:
        return say("transfer.point.right", name=names[label])
    return say("transfer.point.wrong", name=names[label], found=names[found])


def _depth(study: Study, cut: int) -> None:
    figure = drawn(
        depth_figure,
        study.accuracy,
        list(state.cut_names().values()),
        cut,
        chance=_most_frequent(study),
        axis=say("transfer.chart.accuracy"),
        dark=page.is_dark(),
        height=HEIGHT,
    )
    live_chart(figure, say("transfer.chart.depth"), "tl_depth")


def _most_frequent(study: Study) -> float:
    """What one gets who always says the class that most test pictures have."""
    return float(np.bincount(study.labels[study.test]).max() / len(study.test))


def _notice(study: Study, cut: int) -> Said:
    own = 100 * study.accuracy[cut]
    return Said(
        "transfer.notice",
        count=study.config.per_class,
        cut=list(state.cut_names().values())[cut],
        mean=float(own.mean()),
        spread=float(own.std()),
        tests=len(study.test),
        guessing=100 * _most_frequent(study),
    )


def _formula(study: Study, cut: int) -> str:
    wrong = int((study.found[cut] != study.labels[study.test]).sum())
    right, tests = len(study.test) - wrong, len(study.test)
    return rf"\mathrm{{accuracy}}_1 = \frac{{{right}}}{{{tests}}} = {right / tests:.3f}"


def _mistakes(study: Study, cut: int) -> None:
    """The surest of the pictures that went wrong in the first draw."""
    wrong = np.flatnonzero(study.found[cut] != study.labels[study.test])
    if not len(wrong):
        st.markdown(say("transfer.mistakes.none"))
        return
    st.markdown(say("transfer.mistakes.title", count=len(wrong)))
    worst = wrong[np.argsort(-study.sure[cut][wrong], kind="stable")][:MOST]
    names = _names(study)
    captions = [
        say(
            "transfer.mistakes.one",
            found=names[study.found[cut][number]],
            share=100 * study.sure[cut][number],
            name=names[study.labels[study.test[number]]],
        )
        for number in worst
    ]
    st.image([picture(study.config, int(study.test[number])) for number in worst], captions, width=SIDE)
