"""Three ways to teach SqueezeNet the same classes: their curves, what came out, and the networks."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from explainer.figures.learning import Baseline, Curve, Titles, run_figure
from explainer.tasks.transfer.config import TransferConfig
from explainer.ui.components.live_chart import live_chart
from explainer.ui.controls import networks
from explainer.ui.controls.following import Followed, follow, mark_of
from explainer.ui.controls.run_history import weights_button
from explainer.ui.frame import menu, page
from explainer.ui.frame.drawn import drawn
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.language import say
from explainer.words.book import Said
from pages.training.transfer import ways_state
from pages.training.transfer.ways_state import Way

_ATTRIBUTION, _METHODS = "inspection/attribution", "at_methods"  # where a network is looked into
HEIGHT, LOW = 410, 300  # of the curves, in pixels


def picture(place: DeltaGenerator, row: DeltaGenerator, wanted: TransferConfig, *, height: int = HEIGHT) -> None:
    """The buttons in ``row``, the curves of all three, and what came out."""
    configs = (wanted, *ways_state.beside(wanted))
    marks = {each.way: mark_of(ways_state.LEARNER.chosen(each)) for each in configs}  # what is newer redraws the page
    shown = ways_state.ways(wanted)
    with row, ways_state.LEARNER.bar():
        known = [Followed(way.run, marks[way.config.way], lambda _: {}) for way in shown if way.run is not None]
        follow(known, "transfer-ways")
    with place:
        for way in shown:
            if way.state and way.state.message:
                st.warning(verbatim(way.state.message))
        _curves(shown, height)
        page.notice(_notice(shown))
        page.formula(_formula(shown[1]))
        _table(shown)
        _networks(shown)


def _curves(shown: list[Way], height: int) -> None:
    names = ways_state.way_names()
    losses = [
        Curve(name, _seen(way), _column([each.loss for each in way.points])) for name, way in _named(names, shown)
    ]
    quality = [
        Curve(name, _seen(way), _column([each.test_accuracy for each in way.points]), color=number)
        for number, (name, way) in enumerate(_named(names, shown))
    ]
    titles = Titles(say("transfer.ways.loss"), say("transfer.ways.accuracy"), say("transfer.ways.seen"))
    figure = drawn(
        run_figure,
        losses,
        quality,
        titles,
        end=max(way.config.scenes for way in shown),
        limits=(0, 1.03),
        dark=page.is_dark(),
        height=height,
        baselines=[Baseline(say("transfer.ways.guess"), _guess(shown))] if _guess(shown) else [],
        panes=((0.66, 1.0), (0.0, 0.42)) if height == HEIGHT else ((0.72, 1.0), (0.0, 0.4)),
    )
    live_chart(figure, say("transfer.ways.alt"), "tl_curves")


def _named(names: list[str], shown: list[Way]) -> list[tuple[str, Way]]:
    return list(zip(names, shown, strict=True))


def _guess(shown: list[Way]) -> float:
    """What one gets who always says the class that most test pictures have; 0 before a test."""
    results = next((way.state.results for way in shown if way.state and way.state.results), None)
    return float(np.bincount(results.labels).max() / len(results.labels)) if results else 0.0


def _seen(way: Way) -> NDArray[np.float64]:
    seen = [min(each.step * way.config.batch_size, way.config.scenes) for each in way.points]
    return np.array(seen, dtype=np.float64)


def _column(values: list[float | None]) -> NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _notice(shown: list[Way]) -> Said:
    if not all(way.state and not way.state.going and way.tested for way in shown):
        return Said("transfer.ways.before", count=shown[0].config.learned_from)
    frozen, tuned, scratch = ((way.tested.test_accuracy or 0.0) for way in shown if way.tested)
    tests = shown[0].tested.test_pictures if shown[0].tested else 0
    return Said("transfer.ways.notice", count=tests, frozen=frozen, tuned=tuned, scratch=scratch)


def _formula(way: Way) -> str:
    factor, rate = way.config.factor, way.config.learning_rate
    return rf"\eta_\text{{old}} = {factor:g} \cdot {rate:g} = {_plain(factor * rate)}"


def _plain(value: float) -> str:
    """Without an exponent."""
    return f"{value:.7f}".rstrip("0")


def _table(shown: list[Way]) -> None:
    """What came out of each way so far."""
    rows = [
        say(
            "transfer.ways.row",
            way=name,
            share=way.tested.test_accuracy or 0.0,
            seconds=way.points[-1].seconds,
        )
        for name, way in _named(ways_state.way_names(), shown)
        if way.tested is not None
    ]
    if rows:
        st.markdown("\n".join(f"- {row}" for row in rows))


def _networks(shown: list[Way]) -> None:
    """The networks of the ways that are over: to look into, and as files."""
    for name, way in _named(ways_state.way_names(), shown):
        if way.run is None or way.state is None or way.state.going or not way.state.weights:
            continue
        with st.container(horizontal=True, vertical_alignment="center"):
            if st.button(say("transfer.ways.look", way=name), key=f"tl_look_{way.config.way}"):
                st.session_state[networks.KEY] = way.run.key
                st.session_state[_METHODS] = ["grad-cam"]
                menu.switch(_ATTRIBUTION)
            weights_button(
                say("transfer.ways.weights", way=name),
                way.state.weights,
                file=f"squeezenet-{way.config.way}.safetensors",
                key=f"tl_weights_{way.config.way}",
            )
