"""The page "Activation maximization": a picture that climbs to what a unit likes best, and what it says in numbers."""

from __future__ import annotations

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.inspection import maximization_plan as plans
from explainer.inspection.maximization_code import formula, pytorch_code
from explainer.inspection.maximization_plan import Made
from explainer.networks import zoo
from explainer.networks.description import class_keys
from explainer.ui.components.feed import News, feed
from explainer.ui.controls.networks import NoNetworkError
from explainer.ui.frame import page
from explainer.ui.frame.background import Background, background, current, waits
from explainer.ui.frame.followed import Components, Followed
from explainer.ui.frame.page import Page, Preset
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.frame.widget_values import picture_first
from pages.inspection.maximization.ascent import ascent, encode
from pages.inspection.maximization.controls import (
    ALL,
    ONE,
    TURN,
    View,
    chosen_view,
    controls,
)
from pages.inspection.maximization.scene import said, scene, short

WORK, FEED, EVERY = "am", "am-pictures", 0.3
_ASKED, _AGAIN = "am.asked", "am.again"  # the plan that a visitor asked for, and how often anew
_STOPPED = "am.stopped"  # the work that a visitor stopped last

TRY_THIS = [
    Preset("The third layer of convolutions"),
    Preset("All 24 channels at once", {"am_view": ALL}),
    Preset("What is a 3?", {"am_layer": "logits"}),
    Preset("All ten digits", {"am_view": ALL, "am_layer": "logits"}),
    Preset("One regularizer after the other", {"am_view": TURN, "am_layer": "logits"}),
    Preset("A network of photographs", {"i_net": "squeezenet"}),
]
SOURCES = [
    'D. Erhan, Y. Bengio, A. Courville, P. Vincent, "Visualizing higher-layer features of a deep network", University '
    "of Montreal, technical report 1341 (2009).",
    'K. Simonyan, A. Vedaldi, A. Zisserman, "Deep inside convolutional networks", arXiv:1312.6034: scores of classes, '
    "L2.",
    'J. Yosinski et al., "Understanding neural networks through deep visualization", arXiv:1506.06579: blur.',
    'A. Mahendran, A. Vedaldi, "Understanding deep image representations by inverting them", arXiv:1412.0035: total '
    "variation.",
    'C. Olah, A. Mordvintsev, L. Schubert, "Feature visualization", Distill 2017, doi:10.23915/distill.00007: Fourier '
    "basis, "
    "decorrelated colour and its matrix, random transformations.",
    'D. Kingma, J. Ba, "Adam: a method for stochastic optimization", arXiv:1412.6980: the steps.',
]


def show() -> None:
    """The controls beside the pictures, and below them the code."""
    left, right = page.controls_and_picture()
    with right:
        top, picture = st.container(), st.container()
    picture_first("maximization", partial(_picture, picture), partial(controls, left, top))


def _picture(place: DeltaGenerator) -> None:
    try:
        view = chosen_view()
    except NoNetworkError as problem:
        place.info(verbatim(str(problem)))
        return
    with place:
        made = _watch(view)
        if made is not None and made.snapshots:
            page.notice(said(view, made))
        _formula(view, made)
    page.pytorch_snippet(_code(view, made))


def _watch(view: View) -> Made | None:
    """Draws what was made, or is being made, of the view's plan; begins with it where it was asked for."""
    if (made := plans.find(view.plan)) is not None:
        _draw(view, made, "")
        _follow_nothing()
        return made
    work = _work(view)
    if work is None:
        _draw(view, None, f"{_steps(view)} steps at {view.plan.target.side} × {view.plan.target.side} pixels")
        _follow_nothing()
        st.button("Make it", icon=":material/landscape:", type="primary", key="am_make", on_click=_ask, args=(view,))
        return None
    followed = Followed(work, WORK, components=partial(_drawn, view, work), every=EVERY)
    made, over = followed.look()
    _draw(view, made, _progress(view, work), _share(view, made, over))
    followed.draw(made, over)
    _buttons(view, work, over)
    return made


def _follow_nothing() -> None:
    """What stands in the place of work that is followed, so that the browser keeps it."""
    feed(f"{WORK}_feed", lambda: News("still", {}, some=True, going=False), "still", EVERY, going=False)


def _work(view: View) -> Background[Made] | None:
    """The work on the plan: going on, ended, or begun now. None where nobody asked for it yet."""
    times = st.session_state.get(_AGAIN, 0)
    stopped: Background[Made] | None = st.session_state.get(_STOPPED)
    if stopped is not None and stopped.identity == (view.plan, times):
        return stopped
    old = current(WORK)
    if old is not None and old.identity != (view.plan, times):
        old.stop()
    is_new = old is None or old.identity != (view.plan, times)
    if is_new and not plans.is_small(view.network) and st.session_state.get(_ASKED) != view.plan:
        return None
    return background(WORK, (view.plan, times), partial(plans.make, view.network, view.plan), view.plan)


def _ask(view: View) -> None:
    """Begins with the view's plan, or begins again."""
    st.session_state[_ASKED] = view.plan
    st.session_state[_AGAIN] = st.session_state.get(_AGAIN, 0) + 1


def _stop(work: Background[Made]) -> None:
    """Ends the work; what it has made stays, also when other settings are looked at meanwhile."""
    work.stop()
    st.session_state[_STOPPED] = work


def _buttons(view: View, work: Background[Made], over: bool) -> None:
    if over:
        st.button("Start again", icon=":material/replay:", key="am_again", on_click=_ask, args=(view,))
    else:
        st.button("Stop climbing", icon=":material/stop:", key="am_stop", on_click=_stop, args=(work,))


def _draw(view: View, made: Made | None, line: str, share: float | None = None) -> None:
    ascent(scene(view, made, line, share), "am_ascent", FEED, on_choice=partial(_choose, view))


def _choose(view: View, unit: int) -> None:
    """Shows a unit of the layer alone."""
    st.session_state.am_view = ONE
    if view.is_class:
        st.session_state.am_class = class_keys(view.network.description.classes)[unit]
    else:
        st.session_state.am_unit = unit


def _drawn(view: View, work: Background[Made], made: Made | None, over: bool) -> Components:
    return {FEED: encode(scene(view, made, _progress(view, work), _share(view, made, over)))}


def _share(view: View, made: Made | None, over: bool) -> float | None:
    """How full the bar is; there is none when all is over."""
    if over:
        return None
    return made.share(view.plan) if made else 0.0


def _progress(view: View, work: Background[Made]) -> str:
    made, steps = work.latest, _steps(view)
    if work.problem:
        return "Broken off"
    if made is None:
        return str(waits(work) or "Looking at real pictures")
    done = sum(snapshot.step for snapshot in made.snapshots)
    if work.is_stopped and not made.is_over(view.plan):
        return f"Stopped after {done} of {steps} steps"
    return f"Step {done} of {steps}"


def _steps(view: View) -> int:
    return sum(stage.settings.steps for stage in view.plan.stages)


def _formula(view: View, made: Made | None) -> None:
    settings = view.plan.stages[-1].settings
    last = made.snapshots[-1] if made and made.is_over(view.plan) and view.kind != ALL else None
    page.formula(formula(view.plan.target, settings, made.real.scale if made else None, last))
    if made is not None:
        st.caption(
            f"a: the activation; T: the random transformations, if any; {short(made.real.scale)}: how far "
            "activations of this layer "
            "differ over real pictures, so that a weight means the same in every layer; x: what the network reads of "
            "the picture, 0 for the mean colour."
        )


def _code(view: View, made: Made | None) -> str:
    """For all stages but the last the helpers are to be taken out again."""
    name = zoo.name_of(view.network) or ""
    scale = made.real.scale if made else 1.0
    transform = view.network.description.transform
    return pytorch_code(name, transform, view.plan.target, view.plan.stages[-1].settings, scale)


PAGE = Page(
    "maximization",
    "Activation maximization",
    "What picture would excite this unit most, if it could choose every pixel?",
    show,
    presets=TRY_THIS,
    sources=SOURCES,
)
