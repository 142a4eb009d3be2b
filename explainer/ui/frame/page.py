"""The frame of every page, from its title to its sources, so that all pages read alike."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import plotly.graph_objects as go
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.ui.components import take_home as home
from explainer.ui.components.live_chart import live_chart
from explainer.ui.components.preset_links import preset_links
from explainer.ui.frame import notebook, told
from explainer.ui.frame.address import part
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.frame.widget_values import open_page
from explainer.ui.language import language, parameters, say, text_of
from explainer.words import book
from explainer.words.book import Said, SaidError


@dataclass(frozen=True)
class Preset:
    """A view worth seeing: what to call it, and the values of the page's bound controls as in the address bar."""

    label: Said | str
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """A page: its ``name``, as in the address, its title, the question that it answers, and what draws it.

    ``show`` draws the controls beside the picture and what they say, ``below`` what follows the links of ``presets``.
    """

    name: str
    title: Said | str
    question: Said | str
    show: Callable[[], None]
    presets: Sequence[Preset]
    sources: Sequence[str]
    below: Sequence[Callable[[], None]] = ()

    def open(self) -> None:
        """Draws the page from its title to its sources, each part a fragment."""
        header(self.title, self.question)
        _part("show", self.show)
        try_this(self.presets)
        for number, below in enumerate(self.below):
            _part(f"below_{number}", below)
        text(self.name)
        sources(self.sources)
        take_home(self.name)


@dataclass(frozen=True)
class OwnPage:
    """A page of another shape: ``open`` draws all of it."""

    name: str
    open: Callable[[], None]


def _part(name: str, draw: Callable[[], None]) -> None:
    """Draws a fragment whose choices are in the address."""

    @st.fragment
    @functools.wraps(draw)
    def shown() -> None:
        with part(name), told.part(name):
            draw()

    shown()


def header(title: Said | str, question: Said | str) -> None:
    """The page's title and the one question that it answers; the first that the whole page draws."""
    open_page()
    told.note("title", text_of(title))
    told.note("question", text_of(question))
    with st.container(key="page_title", gap=None):
        st.title(text_of(title), anchor=False)
        st.markdown(text_of(question))


def side_by_side(key: str) -> tuple[DeltaGenerator, DeltaGenerator]:
    """Two places for narrow controls, which stay beside each other on a phone; ``key`` names them.

    Both are the same row, which two go into: columns would be three elements more to draw with every move of a slider.
    """
    row = st.container(horizontal=True, key=f"pair_{key}")
    return row, row


def pairs(key: str) -> DeltaGenerator:
    """A place for narrow controls, two in each of its lines on every screen; ``key`` names it.

    A row for each pair would be one element more a pair to draw with every move of a slider.
    """
    return st.container(horizontal=True, key=f"pairs_{key}")


def switches(key: str) -> DeltaGenerator:
    """A place for switches, which stand in two columns on every screen; ``key`` names it."""
    return st.container(horizontal=True, key=f"switches_{key}")


def controls_and_picture(ratio: float = 2.6) -> tuple[DeltaGenerator, DeltaGenerator]:
    """A column for the controls and one, ``ratio`` times as wide, for the picture, which comes first on a phone."""
    with st.container(key="picture_first"):
        left, right = st.columns([1, ratio], gap="medium")
    return left, right


def notice(sentence: Said | str) -> None:
    """What to notice: one sentence that the page computed from the present values."""
    told.note("notice", text_of(sentence))
    st.markdown(f":primary[:material/visibility:] {text_of(sentence)}")


def impossible(problem: SaidError) -> None:
    """Why the present settings are impossible, and what to change: stands in the place of the notice."""
    told.note("notice", text_of(problem.said))
    st.warning(verbatim(text_of(problem.said)))


def formula(*latex: str) -> None:
    """The formula, with the present numbers put in; several stand beside each other where there is room."""
    for each in latex:
        told.note("formula", each)
    if len(latex) == 1:
        st.latex(*latex)
        return
    with st.container(horizontal=True, horizontal_alignment="center", gap="large"):
        for each in latex:
            st.latex(each, width="content")


def pytorch_snippet(code: str, key: str = "code") -> None:
    """PyTorch code that reproduces exactly what the page shows, under "In PyTorch"; "?code=true", or ``key``, opens it.

    Drawn only when open: coloured anew with every move of a slider it would slow the page down.
    """
    told.note("code", code)
    with st.expander(say("frame.in_pytorch"), key=key, bind="query-params") as folded:
        if folded.open:
            st.code(code, language="python")


def try_this(presets: Sequence[Preset]) -> None:
    """Links to this page with other settings; controls that a link does not name go back to their defaults."""
    links = [(text_of(preset.label), {**parameters(), **preset.query}) for preset in presets]
    preset_links(say("frame.try_this"), links, key="try_this")


def sources(references: Sequence[str]) -> None:
    """Where the page's content comes from: one Markdown line a source, folded away under "Sources"."""
    for reference in references:
        told.note("source", reference)
    with st.expander(say("frame.sources")):
        st.markdown("\n".join(f"- {reference}" for reference in references))


@st.fragment
def take_home(name: str) -> None:
    """What a visitor takes home of the page ``name``, folded away at its end: its pictures, and all as a notebook."""
    home.take_home(name, lambda link: notebook.notebook(told.notes(), notebook.settings(), link))


def text(name: str) -> None:
    """The page's prose, from assets/text/<language>/<name>.md. Raises FileNotFoundError where there is none."""
    prose = book.prose(name, language())
    told.note("prose", prose)
    st.markdown(prose)


def chart(figure: go.Figure, alt: Said | str, key: str) -> None:
    """A figure drawn for ``is_dark()``, changed in place where ``key`` was drawn before; ``alt`` says what it shows."""
    live_chart(figure, text_of(alt), key)


def chart_to_press(figure: go.Figure, alt: Said | str, key: str, pressed: Callable[[], None]) -> None:
    """A figure of which a part can be pressed: ``pressed`` then reads ``st.session_state[key].selection``."""
    st.plotly_chart(
        figure,
        theme=None,
        alt=text_of(alt),
        key=key,
        on_select=pressed,
        selection_mode="points",
        config={"displayModeBar": False},
    )


def chart_below(figure: go.Figure, alt: Said | str, key: str) -> None:
    """A chart below the picture that a page is about, on screen after it: Plotly is slower than all else of a page."""
    live_chart(figure, text_of(alt), key, waits=True)


def is_dark() -> bool:
    """Whether the visitor sees the dark theme."""
    return st.context.theme.type == "dark"
