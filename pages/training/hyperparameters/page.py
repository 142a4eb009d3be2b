"""The page "Hyperparameter search": good settings by a grid, at random, and by a model, from short runs."""

from __future__ import annotations

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.training.search.search import Search, SearchConfig, Trial
from explainer.training.search.search_code import search_code
from explainer.ui.components.feed import News, feed
from explainer.ui.components.live_text import Line, encode, live_text
from explainer.ui.frame import page
from explainer.ui.frame.page import Page, Preset
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.frame.widget_values import picture_first
from explainer.ui.language import language, say, text_of
from explainer.words.book import Said
from pages.training.hyperparameters import going_on, state, views, words

EVERY = 0.5  # seconds
TOGETHER = 3  # trials until the page is drawn anew
PROGRESS = "search-progress"

TRY_THIS = [
    Preset(Said("hyperparameters.presets.nine")),
    Preset(Said("hyperparameters.presets.twenty_five"), {state.BUDGET: "25"}),
    Preset(Said("hyperparameters.presets.dropout"), {state.UP: "dropout"}),
    Preset(Said("hyperparameters.presets.neither"), {state.ACROSS: "weight-decay", state.UP: "dropout"}),
    Preset(Said("hyperparameters.presets.width"), {state.UP: "width", state.BUDGET: "16"}),
]
SOURCES = [
    'J. Bergstra, Y. Bengio, "Random search for hyper-parameter optimization", Journal of Machine Learning Research '
    "13, 2012: figure 1 and section 2.",
    'J. Bergstra, R. Bardenet, Y. Bengio, B. Kégl, "Algorithms for hyper-parameter optimization", NeurIPS 2011, '
    "section 4: the tree-structured Parzen estimator (TPE).",
    'T. Akiba, S. Sano, T. Yanase, T. Ohta, M. Koyama, "Optuna: a next-generation hyperparameter optimization '
    'framework", KDD 2019, arXiv:1907.10902.',
]


def show() -> None:
    """The controls beside the maps, and what they say."""
    left, right = page.controls_and_picture(3.6)
    picture_first("hyperparameters", partial(_picture, right), partial(state.controls, left))


def _picture(place: DeltaGenerator) -> None:
    with place:
        try:
            wanted = state.config()
        except state.NoSearchError as problem:
            page.impossible(problem)
            return
        search = state.found(wanted)
        mark = _mark(search)  # before the page is drawn: what is newer draws it anew
        _bar(search, wanted, mark)
        chosen = state.chosen(search) if search else None
        views.maps(search, wanted, chosen)
        if search and search.why_ended:
            st.warning(verbatim(text_of(search.why_ended)))
        page.notice(words.notice(search) if search else words.before(wanted))
        page.formula(words.formula(search, wanted))
        st.caption(say(words.chance_said(wanted)))
        if search is not None and search.trials:
            _details(search, chosen)
    page.pytorch_snippet(_code(wanted))


def _details(search: Search, chosen: Trial | None) -> None:
    matters = words.which_matters(search.of("grid"), search.config)
    if matters is not None:
        st.markdown(text_of(matters))
    views.charts(search, chosen)
    with st.container(horizontal=True):
        if chosen is not None and not chosen.job.going:
            going_on.go_on(chosen)
        views.table_button(search)


def _bar(search: Search | None, wanted: SearchConfig, mark: str) -> None:
    """The buttons, and beside them how far the search is."""
    is_going = search is not None and search.going
    row = st.container(horizontal=True, gap="medium", vertical_alignment="center", key="hs_bar")
    with row.container(horizontal=True, gap="xsmall", width="content"):
        st.button(say("hyperparameters.begin"), type="primary", key="hs_begin", disabled=is_going, on_click=state.begin)
        st.button(say("hyperparameters.stop"), key="hs_stop", disabled=state.going() is None, on_click=state.stop)
    with row.container(gap=None, width="stretch"):
        if search is not None and is_going:
            live_text(_line(search, language()), "hs_progress", PROGRESS)
        if search is not None:
            feed("hs_feed", partial(_news, search, wanted, language()), mark, EVERY, going=is_going)


def _news(search: Search, wanted: SearchConfig, spoken: str) -> News:
    """Runs outside of the page's script."""
    is_going = search.going  # first: what is last is not missed
    components = {PROGRESS: encode(_line(search, spoken))}
    components[views.FEED] = views.encoded(search, wanted, spoken)
    return News(_mark(search), components, some=True, going=is_going)


def _mark(search: Search | None) -> str:
    """What the page as a whole depends on."""
    if search is None:
        return ""
    return f"{id(search)} {search.going} {_over(search) // TOGETHER}"


def _over(search: Search) -> int:
    return sum(not trial.job.going for trial in search.trials)


def _line(search: Search, spoken: str) -> Line:
    over, total = _over(search), search.config.runs
    said = Said("hyperparameters.progress", done=over, total=total)
    return Line([said.text(spoken)], share=over / total, is_single=True)


@st.cache_data(max_entries=64, show_spinner=False)
def _code(wanted: SearchConfig) -> str:
    return search_code(wanted)


PAGE = Page(
    "hyperparameters",
    Said("hyperparameters.title"),
    Said("hyperparameters.question"),
    show,
    presets=TRY_THIS,
    sources=SOURCES,
)
