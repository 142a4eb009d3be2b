"""The view "Surgery": what each filter is worth, what the network still reads, and which digits it reads otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from explainer.data.digits import load
from explainer.figures.surgery import Titles, class_bars, harm_bars
from explainer.inspection.surgery.answers import Answers, Change, change, labels
from explainer.inspection.surgery.harm import Harm, harm
from explainer.inspection.surgery.operations import Operations, filtering, short, write
from explainer.inspection.surgery.surgery_code import accuracy_code, weights_code
from explainer.lru import Lru
from explainer.networks import zoo
from explainer.networks.description import Layer
from explainer.networks.graph import Network
from explainer.ui.components.tiles import Tile, TileRow, tiles
from explainer.ui.controls.layer_choice import title
from explainer.ui.frame import page
from explainer.ui.frame.drawn import drawn
from explainer.ui.frame.followed import Followed, share_done
from explainer.ui.frame.long_work import long_work
from explainer.ui.language import language, say
from explainer.words.book import Said
from pages.inspection.feature_maps.surgery import controls, state, words
from pages.inspection.feature_maps.surgery.controls import choose

CHART = "fm_harm"
_PRESSED = "fm_harm_pressed"  # how often: a chart of its own each time, in which nothing is selected
_SHOWN = 36  # tiles of a row
_FIRST = 1000  # digits after which the harm of filters is shown first
_known = Lru[Harm](64)


def picture(right: DeltaGenerator, below: DeltaGenerator) -> None:
    """Draws the view. Raises NoNetworkError, a sentence, where no reader of digits is chosen."""
    if (asked := state.asked(right)) is None:
        return
    network, done = asked
    with right, st.spinner(say("surgery.reading")):
        before, after = state.answers(network), state.answers(network, done)
    changed = change(before, after, labels())
    with right:
        found = _charts(network, done, changed)
        page.notice(words.notice(changed, done))
        if found is not None and found.is_whole:
            st.caption(say(words.harm_said(found, controls.layer(network))))
        formulas = [words.accuracy_formula(changed, done)]
        page.formula(*formulas, *([words.operation_formula(network, done)] if done else []))
        if done:
            digits(changed, after)
    with below:
        page.pytorch_snippet(accuracy_code(network, weights_code(zoo.name_of(network)), done))


def digits(changed: Change, after: Answers) -> None:
    """The digits whose reading became wrong, and those whose became right."""
    rows = [row("surgery.tiles.lost", changed.lost, after), row("surgery.tiles.won", changed.won, after)]
    tiles([each for each in rows if each.tiles], key="fm_changed")


def row(key: str, numbers: NDArray[np.int64], found: Answers) -> TileRow:
    """The first digits of ``numbers`` with their class and what was answered."""
    images, true = load("mnist").test_images, labels()
    made = tuple(
        Tile(
            images[number].astype(np.float32),
            say("surgery.tiles.caption", true=int(true[number]), answer=int(found.predicted[number])),
            say(
                "surgery.tiles.detail",
                number=int(number),
                share=float(found.confidence[number]),
                answer=int(found.predicted[number]),
            ),
        )
        for number in numbers[:_SHOWN]
    )
    shown = min(len(numbers), _SHOWN)
    return TileRow(say(Said(key, count=len(numbers), shown=shown)), made, "grey", 255.0)


def _charts(network: Network, done: Operations, changed: Change) -> Harm | None:
    """What each filter is worth beside what is read wrongly of each class."""
    wide, narrow = st.columns([3, 2], gap="medium")
    with narrow:
        _classes(changed)
    if not filtering(network.description):
        return None
    with wide:
        return _harm(network, done, controls.layer(network))


def _classes(changed: Change) -> None:
    totals = np.bincount(labels(), minlength=10)
    titles = Titles(
        say("surgery.classes.above"), say("surgery.classes.below"), say("surgery.classes.hover", x="%{x}", y="%{y}")
    )
    names = (say("surgery.classes.before"), say("surgery.classes.after"))
    figure = drawn(
        class_bars,
        (totals - changed.before).astype(float),
        (totals - changed.after).astype(float),
        titles,
        names,
        page.is_dark(),
    )
    page.chart(figure, Said("surgery.classes.alt"), key="fm_classes")


def _harm(network: Network, done: Operations, layer: Layer) -> Harm | None:
    identity = (network.key, write(done), layer.name)
    found, work = long_work(CHART, identity, partial(_count, network, done, layer), lambda made: made.is_whole, _known)
    over = work is None
    followed = (
        Followed(work, CHART, share_done(Said(f"surgery.harm.{words.what(layer)}.doing")), mark=_mark) if work else None
    )
    if followed:
        found, over = followed.look()
    if found is not None and found.digits >= _FIRST:
        _draw(network, found, layer)
    else:
        st.container(height=290, border=False)
    if followed:
        followed.draw(found, over)
        if over and not (found is not None and found.is_whole):
            st.caption(say("surgery.harm.stopped", digits=found.digits if found else 0))
    return found


def _count(network: Network, done: Operations, layer: Layer) -> Iterator[Harm | None]:
    data = load("mnist")
    yield from harm(state.damaged(network, done), layer, data.test_images, data.test_labels)


def _mark(found: Harm | None) -> int:
    """The chart is drawn for the first digits, for half of them, and for all."""
    return 0 if found is None or found.digits < _FIRST else 1 if found.share < 0.5 else 2 if found.share < 1 else 3


def _draw(network: Network, found: Harm, layer: Layer) -> None:
    above = say("surgery.harm.above", digits=found.digits)
    below = say("surgery.harm.below", layer=title(layer))
    hover = say(f"surgery.harm.{words.what(layer)}.hover", x="%{customdata}", y="%{y:.2f}")
    titles = Titles(above, below, hover)
    figure = drawn(harm_bars, found.lost, titles, page.is_dark(), marked=controls.unit(network))
    key = f"{CHART}_{short(layer)}_{st.session_state.get(_PRESSED, 0)}_{language()}"
    alt = Said(f"surgery.harm.{words.what(layer)}.alt", layer=title(layer))
    page.chart_to_press(figure, alt, key, partial(_pressed, network, key))


def _pressed(network: Network, key: str) -> None:
    points = st.session_state[key].selection.points
    number = points[0].get("customdata") if points else None
    number = number[0] if isinstance(number, list) else number
    if isinstance(number, (int, float)) and 0 <= number < controls.layer(network).channels:
        controls.press(network, int(number))
    st.session_state[_PRESSED] = st.session_state.get(_PRESSED, 0) + 1


__all__ = ["choose", "digits", "picture", "row"]
