"""The page "Optimizers": its controls, its race, and what they say in numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args
from urllib.parse import urlencode

import streamlit as st

from explainer.figures import theme
from explainer.figures.schedules import schedule_curves
from explainer.training.config import OptimizerName
from explainer.training.race import OPTIMIZERS, Race, Trace, run
from explainer.training.race_code import race_code
from explainer.training.schedules import Shape, shares
from explainer.training.surfaces import SURFACES, Point, Surface
from explainer.ui.controls.choice import choice, pills
from explainer.ui.controls.training_settings import number
from explainer.ui.frame import menu, page
from explainer.ui.frame.drawn import drawn
from explainer.ui.frame.page import Page, Preset
from pages.training.optimizers import words
from pages.training.optimizers.race import Racer, race_view

LINK: Literal["query-params"] = "query-params"
NAMES = words.NAMES
TITLES = {name: surface.title for name, surface in SURFACES.items()}
SHAPES = {shape: shape for shape in get_args(Shape)}
ROUND = (1, 1.1, 1.2, 1.4, 1.6, 1.8, 2, 2.2, 2.5, 2.8, 3.2, 3.6, 4, 4.5, 5, 5.6, 6.3, 7, 8, 9)
RATES = [float(f"{digit}e{power}") for power in range(-4, 1) for digit in ROUND] + [10.0]
DECAYS = [0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0]
MOST_STEPS, HEIGHT = 500, 330
DECAY_HELP = "AdamW takes it off the weights beside its step. At 0 it is Adam: one lies under the other."
TRAIN = "training/train"

TRY_THIS = [
    Preset("At the edge of divergence", {"o_rate_ravine": "0.1", "o_run": "sgd"}),
    Preset("Beyond it", {"o_rate_ravine": "0.11", "o_beta": "0.5"}),
    Preset("A curved valley", {"o_surface": "rosenbrock", "o_steps": "400"}),
    Preset("Nearly stuck on a saddle", {"o_surface": "saddle", "o_x_saddle": "0.0001"}),
    Preset("Noise, and a schedule against it", {"o_surface": "bowl", "o_shape": "cosine"}),
]
ON_MNIST: dict[OptimizerName, float] = {
    "sgd": 0.1,
    "momentum": 0.02,
    "nesterov": 0.02,
    "adagrad": 0.01,
    "rmsprop": 0.001,
    "adam": 0.002,
    "adamw": 0.002,
}
SOURCES = [
    'B. T. Polyak, "Some methods of speeding up the convergence of iteration methods", USSR Computational '
    "Mathematics and Mathematical Physics 4(5), 1964: momentum.",
    'Y. Nesterov, "A method for solving the convex programming problem with convergence rate O(1/k²)", 1983; '
    'I. Sutskever et al., "On the importance of initialization and momentum in deep learning", ICML 2013.',
    'J. Duchi, E. Hazan, Y. Singer, "Adaptive subgradient methods", JMLR 12, 2011: AdaGrad.',
    'T. Tieleman, G. Hinton, "Lecture 6.5: RMSProp", Coursera 2012.',
    'D. P. Kingma, J. Ba, "Adam", arXiv:1412.6980; I. Loshchilov, F. Hutter, "Decoupled weight decay regularization", '
    'arXiv:1711.05101, and "SGDR: Stochastic gradient descent with warm restarts", arXiv:1608.03983.',
    'H. H. Rosenbrock, "An automatic method for finding the greatest or least value of a function", 1960; '
    'E. M. L. Beale, "On an iterative method of finding a local minimum", 1958.',
    'G. Goh, "Why momentum really works", Distill 2017: the edge of divergence.',
]


@dataclass(frozen=True)
class View:
    """What the page shows: a race, and who takes part in it."""

    race: Race
    racers: tuple[OptimizerName, ...]

    @property
    def surface(self) -> Surface:
        """What is raced on."""
        return SURFACES[self.race.surface]


def show() -> None:
    """The controls beside the race, and below them what it says."""
    left, right = page.controls_and_picture()
    with left:
        view = _controls()
    traces = [_trace(view.race.seen_by(optimizer), optimizer) for optimizer in view.racers]
    with right:
        _draw(view, traces)
        page.notice(words.notice(view.race, traces))
        page.formula(view.surface.latex)
        st.markdown(words.edge_of_divergence(view.race))
    chosen = _step_by_step(view)
    _schedules(view)
    page.pytorch_snippet(race_code(view.race, chosen))


def on_mnist() -> None:
    """Links that open "Train a CNN" with each of the optimizers, where their curves lie over each other."""
    train = menu.find(TRAIN)
    if train is None:
        return
    st.subheader("The same optimizers on MNIST", anchor=False)
    st.markdown(
        "Each link opens **Train a CNN** in another tab with an optimizer set: press **Train** there, then take the "
        "next. The runs are yours in all tabs, and their curves lie over each other."
    )
    links = [
        _link(train, f"{NAMES[optimizer]}, {number(rate)}", _training(optimizer, rate))
        for optimizer, rate in ON_MNIST.items()
    ]
    switched = {**_training("adam", 0.005), "switch": "schedule"}
    st.markdown(" · ".join(links))
    st.markdown(f"{_link(train, 'Adam with and without a schedule', switched)}: press **Both**, and two runs start.")


def _link(train: menu.Place, label: str, query: dict[str, str]) -> str:
    """A link that begins afresh: within a session, what was chosen there before would win over the address."""
    return f"[{label}]({train.path}?{urlencode(query)})"


def _training(optimizer: OptimizerName, rate: float) -> dict[str, str]:
    """What "Train a CNN" finds in its address."""
    return {"opt": optimizer, "lr": number(rate), "schedule": "constant", "epochs": "2"}


def _controls() -> View:
    surface = SURFACES[choice("Surface", TITLES, "o_surface")]
    chosen = pills("Optimizers", NAMES, "o_run", first=list(NAMES))
    race = _race(surface)
    return View(race, tuple(optimizer for optimizer in OPTIMIZERS if optimizer in chosen))


def _race(surface: Surface) -> Race:
    """Every surface has rates and a start of its own, since what suits one is far too much for another."""
    name = surface.name
    rate = st.select_slider(
        "Learning rate",
        RATES,
        surface.rate,
        number,
        key=f"o_rate_{name}",
        bind=LINK,
        help="Of gradient descent, momentum and Nesterov.",
    )
    adaptive = st.select_slider(
        "Adaptive learning rate",
        RATES,
        surface.adaptive_rate,
        number,
        key=f"o_adapt_{name}",
        bind=LINK,
        help="Of AdaGrad, RMSProp, Adam and AdamW, which divide by the size of the gradients: their steps are about "
        "this long.",
    )
    momentum = st.slider(
        label="Momentum",
        min_value=0.0,
        max_value=0.99,
        value=0.9,
        step=0.01,
        key="o_beta",
        bind=LINK,
        help="It is Adam's first beta as well.",
    )
    left, right = page.side_by_side("o_schedule")
    shape: Shape = choice("Schedule", SHAPES, "o_shape", place=left)
    steps = right.slider("Steps", 10, MOST_STEPS, 150, 10, key="o_steps", bind=LINK)
    left, right = page.side_by_side("o_start")
    start = (_coordinate(left, surface, "x"), _coordinate(right, surface, "y"))
    decay = st.select_slider("Weight decay (L2)", DECAYS, 0.0, number, key="o_l2", bind=LINK, help=DECAY_HELP)
    noise, seed = _noise(surface)
    return Race(name, start, rate, adaptive, momentum, decay, shape, steps, noise, seed)


def _coordinate(place: st.delta_generator.DeltaGenerator, surface: Surface, axis: Literal["x", "y"]) -> float:
    at = 0 if axis == "x" else 1
    low, high = surface.area[2 * at : 2 * at + 2]
    value = place.number_input(
        label=f"Start {axis}",
        min_value=low,
        max_value=high,
        value=surface.start[at],
        step=0.1,
        format="%g",
        key=_start_key(surface, axis),
        bind=LINK,
    )
    return float(value)


def _start_key(surface: Surface, axis: Literal["x", "y"]) -> str:
    return f"o_{axis}_{surface.name}"


def _noise(surface: Surface) -> tuple[float, int]:
    """The noise of the gradients and its seed, where the surface has some."""
    if not surface.noise:
        return 0.0, 0
    left, right = page.side_by_side("o_noise")
    noise = left.slider("Noise", 0.0, 5.0, surface.noise, 0.25, key="o_noise", bind=LINK)
    return float(noise), int(right.number_input("Seed", 0, 9_999, 0, key="o_seed", bind=LINK))


@st.cache_data(max_entries=1_000, show_spinner=False)
def _trace(race: Race, optimizer: OptimizerName) -> Trace:
    (trace,) = run(race, (optimizer,))
    return trace


def _draw(view: View, traces: list[Trace]) -> None:
    colors = dict(zip(OPTIMIZERS, theme.QUALITATIVE, strict=False))
    racers = [Racer(NAMES[trace.optimizer], colors[trace.optimizer], trace) for trace in traces]
    surface = view.surface

    def start_at(place: Point) -> None:
        st.session_state[_start_key(surface, "x")], st.session_state[_start_key(surface, "y")] = place

    race_view(surface, racers, view.race.steps, "o_race", on_start=start_at, height=HEIGHT)


def _step_by_step(view: View) -> OptimizerName:
    """One step of one optimizer with its numbers; gives the optimizer."""
    st.subheader("One step in numbers", anchor=False)
    left, right = st.columns([1, 2.6], gap="medium")
    with left:
        chosen = choice("Optimizer", NAMES, "o_rule", first=list(NAMES)[1])
        step = st.slider("Step", 1, MOST_STEPS, 2, key="o_step", bind=LINK)
    with right:
        page.formula(words.formula(view.race, chosen, step))
    return chosen


def _schedules(view: View) -> None:
    st.subheader("Learning-rate schedules", anchor=False)
    race = view.race
    curves = {shape: shares(shape, race.steps) for shape in get_args(Shape)}
    page.chart_below(
        drawn(schedule_curves, curves, race.shape, race.rate, page.is_dark()),
        f"The learning rate over {race.steps} steps for {len(curves)} schedules; {race.shape} is the present one.",
        key="o_schedules",
    )
    page.notice(words.scheduled(race))


PAGE = Page(
    "optimizers",
    "Optimizers",
    "Which way down is quickest, and when does it go wrong?",
    show,
    presets=TRY_THIS,
    sources=SOURCES,
    below=(on_mnist,),
)
