"""The page "Initialization and gradient flow": its controls, its curves, and two closer looks below them."""

from __future__ import annotations

from functools import partial
from typing import Literal

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from explainer.figures.flow import Curve, flow_curves, layer_histograms, neuron_weights
from explainer.training import flow as flows
from explainer.training import symmetry
from explainer.training.flow import ActivationName, Clipping, Flow, Measured, Start
from explainer.training.flow_code import flow_code
from explainer.training.flow_theory import Theory, expected
from explainer.training.symmetry import Neurons
from explainer.ui.components.live_chart import live_chart
from explainer.ui.controls.choice import choice, tabs
from explainer.ui.frame import page
from explainer.ui.frame.drawn import drawn
from explainer.ui.frame.page import Page, Preset
from explainer.ui.frame.widget_values import picture_first, value_of
from explainer.words.book import percent
from explainer.words.numbers import readable
from pages.training.initialization import words

LINK: Literal["query-params"] = "query-params"
STARTS: dict[Start, str] = {
    "he": "He, fan in",
    "he-fan-out": "He, fan out",
    "xavier-normal": "Xavier, normal",
    "xavier": "Xavier, uniform",
    "lsuv": "LSUV",
    "normal-0.01": "Too small: σ = 0.01",
    "normal-1": "Too large: σ = 1",
    "own": "Your own n Var(w)",
    "zeros": "Zeros",
    "constant": "Constant 0.01",
}
Shortcut = Literal["none", "every-layer", "every-two-layers"]
SKIPPED: dict[Shortcut, int] = {"none": 0, "every-layer": 1, "every-two-layers": 2}
SHORTCUTS: dict[Shortcut, str] = {
    "none": "none",
    "every-layer": "over every layer",
    "every-two-layers": "over every two layers",
}
CLIPPING: dict[Clipping, str] = {"none": "none", "norm": "by norm", "value": "by value"}
WIDTHS = [8, 16, 32, 64, 128, 256, 512]
THRESHOLDS = [float(f"{digit}e{power}") for power in range(-6, 1) for digit in (1, 3)] + [10.0]
CLOSER = {"symmetry": "Symmetry", "histograms": "Histograms"}
HEIGHT = 350

TRY_THIS = [
    Preset("The sigmoid vanishes", {"i_f": "logistic", "i_start": "xavier-normal"}),
    Preset("He keeps ReLU", {"i_depth": "50", "i_width": "512"}),
    Preset("Xavier with ReLU decays", {"i_start": "xavier-normal", "i_depth": "50"}),
    Preset("Too large explodes", {"i_start": "normal-1", "i_depth": "50"}),
    Preset("Too small, without residuals", {"i_start": "normal-0.01"}),
    Preset("Residuals rescue", {"i_start": "normal-0.01", "i_skip": "every-layer"}),
    Preset("Batch normalization rescues", {"i_start": "normal-0.01", "i_bn": "true"}),
    Preset("Clipped", {"i_start": "own", "i_gain": "4", "i_clip": "norm"}),
]
SOURCES = [
    'X. Glorot, Y. Bengio, "Understanding the difficulty of training deep feedforward neural networks", AISTATS 2010.',
    'K. He, X. Zhang, S. Ren, J. Sun, "Delving deep into rectifiers", ICCV 2015, arXiv:1502.01852.',
    'D. Mishkin, J. Matas, "All you need is a good init", ICLR 2016, arXiv:1511.06422: LSUV.',
    'S. Schoenholz et al., "Deep information propagation", ICLR 2017, arXiv:1611.01232: the recursion.',
    'G. Yang et al., "A mean field theory of batch normalization", ICLR 2019, arXiv:1902.08129.',
    'R. Pascanu, T. Mikolov, Y. Bengio, "On the difficulty of training recurrent neural networks", ICML 2013.',
]


def show() -> None:
    """The controls beside the curves, and below them what they say, and two closer looks."""
    left, right = page.controls_and_picture()
    picture_first("initialization", partial(_picture, right), partial(_controls, left))


def _picture(place: DeltaGenerator) -> None:
    flow = _chosen()
    measured, theory = _measured(flow)
    with place:
        _draw(flow, measured, theory)
        page.notice(words.notice(flow, measured))
        page.formula(words.aligned(words.formulas(flow, measured, theory)))
    closer = tabs(CLOSER, "i_below")
    if closer["symmetry"].open:
        with closer["symmetry"]:
            _symmetry(flow.activation)
    if closer["histograms"].open:
        with closer["histograms"]:
            _histograms(flow)
    page.pytorch_snippet(flow_code(flow), key="i_code")


def _controls(place: DeltaGenerator) -> None:
    with place:
        start = choice("Initialization", STARTS, "i_start")
        if start == "own":
            st.slider("n Var(w)", 0.1, 5.0, 2.0, 0.1, key="i_gain", bind=LINK, help="n: the inputs of a layer.")
        choice("Activation", words.NAMES, "i_f")
        st.slider("Depth (hidden layers)", 1, 50, 20, key="i_depth", bind=LINK)
        st.select_slider("Width (neurons in a layer)", WIDTHS, 128, key="i_width", bind=LINK)
        st.toggle("Batch normalization", key="i_bn", bind=LINK)
        choice("Residual connections", SHORTCUTS, "i_skip")
        left, right = page.side_by_side("i_clipping")
        clipping = choice("Gradient clipping", CLIPPING, "i_clip", place=left)
        right.number_input("Seed", 0, 9_999, 0, key="i_seed", bind=LINK)
        if clipping != "none":
            st.select_slider("Clip at", THRESHOLDS, 0.1, lambda at: f"{at:g}", key="i_at", bind=LINK)


def _chosen() -> Flow:
    """What the controls hold."""
    start, clipping = value_of("i_start"), value_of("i_clip")
    return Flow(
        start=start,
        activation=value_of("i_f"),
        depth=int(value_of("i_depth")),
        width=int(value_of("i_width")),
        gain=float(value_of("i_gain")) if start == "own" else 2.0,
        batch_norm=bool(value_of("i_bn")),
        shortcut=SKIPPED[value_of("i_skip")],
        clipping=clipping,
        threshold=float(value_of("i_at")) if clipping != "none" else 1.0,
        seed=int(value_of("i_seed")),
    )


@st.cache_data(max_entries=200, show_spinner=False)
def _measured(flow: Flow) -> tuple[Measured, Theory | None]:
    measured = flows.run(flow)
    return measured, expected(flow, measured)


@st.cache_data(max_entries=20, show_spinner=False)
def _outputs(flow: Flow, layers: tuple[int, ...]) -> list[NDArray[np.float32]]:
    return flows.outputs(flow, layers)


@st.cache_data(max_entries=50, show_spinner=False)
def _trained(start: Literal["constant", "xavier"], activation: ActivationName, steps: int) -> Neurons:
    return symmetry.train(start, activation, steps)


def _draw(flow: Flow, measured: Measured, theory: Theory | None) -> None:
    forward = [
        Curve("activations x", measured.outputs, theory.outputs if theory else None),
        Curve("sums y", measured.sums, theory.sums if theory else None),
    ]
    backward = [
        Curve("gradient of x", measured.gradients, theory.gradients if theory else None),
        Curve("gradient of w", measured.weight_gradients),
    ]
    if flow.clipping != "none":
        backward.append(Curve("w, clipped", measured.clipped))
    figure = drawn(
        flow_curves, forward, backward, ("σ of activations", "σ of gradients"), page.is_dark(), height=HEIGHT
    )
    alt = (
        f"Standard deviations over {flow.depth} layers. Activations: {readable(measured.outputs[0])} in layer 1, "
        f"{readable(measured.outputs[-1])} in the last. Gradients: {readable(measured.gradients[0])} and "
        f"{readable(measured.gradients[-1])}."
    )
    live_chart(figure, alt, key="i_flow")


def _symmetry(activation: ActivationName) -> None:
    left, right = st.columns([1, 2.6], gap="medium")
    with left:
        steps = int(st.slider("Steps of gradient descent", 0, 200, 100, 10, key="i_steps", bind=LINK))
        st.markdown(
            f"Two hidden layers of {symmetry.NEURONS} neurons with {words.NAMES[activation]}; these are the weights of "
            "the first, trained on the same 128 digits."
        )
    equal, random = (_trained(start, activation, steps) for start in ("constant", "xavier"))
    with right:
        rows = [("<b>Constant 0.01</b>", equal.weights), ("<b>Random (Xavier)</b>", random.weights)]
        alt = "The weights of eight neurons as pictures, started with equal weights (above) and random ones (below)."
        page.chart(drawn(neuron_weights, rows, page.is_dark()), alt, key="i_neurons")
        page.notice(words_of_symmetry(equal, random, steps))


def words_of_symmetry(equal: Neurons, random: Neurons, steps: int) -> str:
    """How far apart the neurons are."""
    if steps == 0:
        return (
            f"At the start equal weights differ by {equal.difference:g}, random ones by up to {random.difference:.2g}."
        )
    return (
        f"After {steps} steps the equal weights have moved by up to {readable(equal.moved)}, all neurons alike: "
        f"the largest difference between two is **{readable(equal.difference)}**, between random ones "
        f"{random.difference:.2g}. Equal neurons are one neuron: the loss is {equal.loss:.3g} against "
        f"{random.loss:.3g}."
    )


def _histograms(flow: Flow) -> None:
    layers = tuple(sorted({1, *(round(1 + part * (flow.depth - 1) / 4) for part in (1, 2, 3)), flow.depth}))
    values = _outputs(flow, layers)
    alt = f"Histograms of the activations in layers {', '.join(map(str, layers))}."
    page.chart(drawn(layer_histograms, layers, values, page.is_dark()), alt, key="i_histograms")
    last = np.asarray(values[-1], np.float64)
    if not np.isfinite(last).all():
        page.notice(f"In layer {layers[-1]} some activations are not finite: no histogram holds them.")
        return
    zero, largest = float((last == 0).mean()), readable(float(np.abs(last).max()))
    page.notice(
        f"Of the activations in layer {layers[-1]} {percent(zero)} are 0, and the largest is {largest} in size."
    )


PAGE = Page(
    "initialization",
    "Initialization and gradient flow",
    "Why do deep networks stop learning before they have begun?",
    show,
    presets=TRY_THIS,
    sources=SOURCES,
)
