"""What the page "Transfer learning" shows: a map of the features, accuracy against depth, and what went wrong."""

from __future__ import annotations

import numpy as np
import streamlit as st

from explainer.figures.transfer import depth_figure, map_figure
from explainer.tasks.transfer.study import AnyStudy
from explainer.ui.components.live_chart import live_chart
from explainer.ui.frame import page
from explainer.ui.frame.drawn import drawn
from explainer.ui.language import say
from pages.training.transfer import state
from pages.training.transfer.subject import Subject, most_frequent

HEIGHT, LOW, SIDE, MOST = 400, 250, 112, 8  # of the charts and of a picture, in pixels; pictures that went wrong


def result(subject: Subject, study: AnyStudy, cut: int, *, height: int = HEIGHT) -> None:
    """The map of the features at the chosen cut beside the accuracy at all of them."""
    left, right = st.columns((1.15, 1), gap="small")
    with left:
        _map(subject, study, cut, height)
    with right:
        _depth(study, cut, height)
    page.notice(subject.notice(study, cut, list(state.cut_names().values())[cut]))
    page.formula(_formula(study, cut))
    for aside in subject.asides:
        if said := aside(study, cut):
            st.markdown(say(said))
    _mistakes(subject, study, cut)


def _map(subject: Subject, study: AnyStudy, cut: int, height: int) -> None:
    is_learned = np.isin(np.arange(len(study.labels)), study.train)
    is_wrong = np.zeros(len(study.labels), bool)
    is_wrong[study.test] = study.found[cut] != study.labels[study.test]
    names = subject.in_figures
    found = dict(zip(study.test.tolist(), study.found[cut].tolist(), strict=True))
    titles = [_title(names, int(label), found.get(number)) for number, label in enumerate(study.labels)]
    place = st.container()
    layout = state.layout(subject, study, cut)
    figure = drawn(
        map_figure,
        study.maps[cut] if layout is None else layout.points.astype(np.float64),
        study.labels,
        names,
        is_learned=is_learned,
        is_wrong=is_wrong,
        titles=titles,
        dark=page.is_dark(),
        height=height,
    )
    with place:
        live_chart(figure, say("transfer.chart.map") if layout is None else say("transfer.chart.tsne"), "tl_map")


def _title(names: list[str], label: int, found: int | None) -> str:
    if found is None:
        return say("transfer.point.learned", name=names[label])
    if found == label:
        return say("transfer.point.right", name=names[label])
    return say("transfer.point.wrong", name=names[label], found=names[found])


def _depth(study: AnyStudy, cut: int, height: int) -> None:
    figure = drawn(
        depth_figure,
        study.accuracy,
        list(state.cut_names().values()),
        cut,
        chance=most_frequent(study),
        axis=say("transfer.chart.accuracy"),
        dark=page.is_dark(),
        height=height,
    )
    live_chart(figure, say("transfer.chart.depth"), "tl_depth")


def _formula(study: AnyStudy, cut: int) -> str:
    wrong = int((study.found[cut] != study.labels[study.test]).sum())
    right, tests = len(study.test) - wrong, len(study.test)
    return rf"\mathrm{{accuracy}}_1 = \frac{{{right}}}{{{tests}}} = {right / tests:.3f}"


def _mistakes(subject: Subject, study: AnyStudy, cut: int) -> None:
    """The surest of the pictures that went wrong in the first draw."""
    wrong = np.flatnonzero(study.found[cut] != study.labels[study.test])
    if not len(wrong):
        st.markdown(say("transfer.mistakes.none"))
        return
    st.markdown(say("transfer.mistakes.title", count=len(wrong)))
    worst = wrong[np.argsort(-study.sure[cut][wrong], kind="stable")][:MOST]
    names = subject.in_words
    captions = [
        say(
            "transfer.mistakes.one",
            found=names[study.found[cut][number]],
            share=study.sure[cut][number],
            name=names[study.labels[study.test[number]]],
        )
        for number in worst
    ]
    st.image([subject.picture(study, int(study.test[number])) for number in worst], captions, width=SIDE)
