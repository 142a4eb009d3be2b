"""The page "What decided": maps of a network's reasons, and tests of them."""

from __future__ import annotations

import io
from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from PIL import Image
from streamlit.delta_generator import DeltaGenerator

from explainer.inspection.attribution_code import FILE, OF_FILE, Source, attribution_code, of_digit, of_photograph
from explainer.inspection.grad_cam import GradCam, grad_cam
from explainer.inspection.gradients import Integrated
from explainer.inspection.methods import METHODS
from explainer.inspection.occlusion import Occlusion
from explainer.inspection.target import Target
from explainer.networks import zoo
from explainer.networks.graph import Network
from explainer.ui.controls.inputs import DIGIT, LINK, PHOTOS
from explainer.ui.controls.networks import KEY, NoNetworkError
from explainer.ui.controls.subject import NoInputError, Subject
from explainer.ui.frame import page
from explainer.ui.frame.page import Page, Preset
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.frame.widget_values import picture_first
from explainer.ui.language import language, say, text_of
from explainer.words.book import Said
from pages.inspection.attribution import checks, words
from pages.inspection.attribution import maps as attribution_maps
from pages.inspection.attribution import view as attribution_view
from pages.inspection.attribution.maps import Maps
from pages.inspection.attribution.view import View

MAPS, RANDOM, REMOVE = "Maps", "Test: random weights", "Test: remove pixels"
SQUEEZENET = {KEY: "squeezenet"}
NEAR = 0.001  # to 0 or 1: there softmax is flat

TRY_THIS = [
    Preset(Said("attribution.presets.cat"), {**SQUEEZENET, "at_methods": "Grad-CAM"}),
    Preset(Said("attribution.presets.cover"), {**SQUEEZENET, "at_methods": "Occlusion"}),
    Preset(Said("attribution.presets.tabby"), {**SQUEEZENET, "at_methods": "Grad-CAM", "at_other": "tabby"}),
    Preset(Said("attribution.presets.seven"), {"at_methods": "Integrated gradients", "at_other": "2"}),
    Preset(Said("attribution.presets.random"), {"at_view": RANDOM}),
    Preset(Said("attribution.presets.remove"), {"at_view": REMOVE}),
    Preset(
        Said("attribution.presets.nothing"), {**SQUEEZENET, "at_methods": "Gradient", "at_class": "electric locomotive"}
    ),
]
SOURCES = [
    *dict.fromkeys(method.source for method in METHODS.values()),
    'B. Zhou et al., "Learning deep features for discriminative localization", arXiv:1512.04150: CAM.',
    'J. Adebayo et al., "Sanity checks for saliency maps", NeurIPS 2018, arXiv:1810.03292.',
    'V. Petsiuk, A. Das, K. Saenko, "RISE", BMVC 2018, arXiv:1806.07421: deletion and insertion.',
    'P. Sturmfels, S. Lundberg, S.-I. Lee, "Visualizing the impact of feature attribution baselines", Distill 2020.',
]


def show() -> None:
    """The controls beside the maps, or beside one of the tests of them."""
    left, right = page.controls_and_picture()
    picture_first("attribution", partial(_picture, right), partial(attribution_view.controls, left))


def _picture(place: DeltaGenerator) -> None:
    try:
        view = attribution_view.view()
    except (NoNetworkError, NoInputError) as problem:
        place.warning(verbatim(text_of(problem.said)))
        return
    if not view.methods:
        place.info(say("attribution.empty"))
        return
    with place:
        maps, random, remove = st.tabs([MAPS, RANDOM, REMOVE], key="at_view", bind=LINK)
        if maps.open:
            with maps:
                _maps(view)
        elif random.open:
            with random:
                checks.random_weights(view)
        elif remove.open:
            with remove:
                checks.remove_pixels(view)
    _code(view)


def _maps(view: View) -> None:
    classes = words.classes(view.probabilities, _names(view))
    st.caption(say("attribution.read_as", picture=view.subject.title, classes=classes))
    found = attribution_maps.draw(view)
    other = None if view.is_beside else view.other
    heats = [(each.title, attribution_maps.heat(view, found, each, view.target, other)) for each in view.shown]
    known = [(name, heat) for name, heat in heats if np.isfinite(heat).all() and heat.any()]
    if known:
        page.notice(words.notice(known))
    for formula in _formulas(view, found)[:2]:
        page.formula(formula)
    st.caption(say(_about(view)))


def _about(view: View) -> Said:
    """What is explained and shown, with a warning where it is a probability that hardly moves."""
    share = float(view.probabilities[view.target.label])
    is_saturated = view.target.of == "probability" and not NEAR < share < 1 - NEAR
    form = "saturated" if is_saturated else view.target.of
    return Said(f"attribution.target.{form}", name=view.name(view.target), shows=view.methods[0].shows)


def _names(view: View) -> list[str]:
    return attribution_view.names(view.network.description)


def _formulas(view: View, maps: Maps) -> list[str]:
    """Of the first method, and whether integrated gradients are complete."""
    found = [each for (_, target), each in maps.items() if isinstance(each, Integrated) and target == view.target]
    complete = [words.completeness(each, language()) for each in found]
    method = view.methods[0]
    heat = attribution_maps.heat(view, maps, method, view.target)
    if method.title == "Integrated gradients" or not np.isfinite(heat).all():
        return complete
    if method.title == "Grad-CAM":
        parts = _grad_cam(view.network, view.subject.inputs, view.target, view.settings.layer)
        return [words.camera_formula(parts.weights, parts.sums), *complete]
    if method.title == "Occlusion":
        covered = next(each for each in maps.values() if isinstance(each, Occlusion))
        return [words.occlusion_formula(covered, view.target, language()), *complete]
    inputs = view.subject.inputs
    span = float(inputs.max() - inputs.min())
    return [words.formula(method, heat, view.settings, span, language()), *complete]


@st.cache_data(max_entries=32, show_spinner=False, hash_funcs={Network: lambda one: one.key})
def _grad_cam(network: Network, inputs: NDArray[np.float32], target: Target, layer: str) -> GradCam:
    return grad_cam(network, inputs, target, layer)


def _code(view: View) -> None:
    source = _source(view.subject)
    page.pytorch_snippet(
        attribution_code(
            name=zoo.name_of(view.network) or "",
            description=view.network.description,
            source=source,
            method=view.methods[0].title,
            target=view.target,
            settings=view.settings,
        )
    )
    if source == OF_FILE:
        st.download_button(say("attribution.download"), _png(view.subject.pixels), FILE, on_click="ignore")


def _png(pixels: NDArray[np.uint8]) -> bytes:
    """A PNG file, every pixel as it is, grey or in colour."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def _source(subject: Subject) -> Source:
    """Where the code finds the picture."""
    if subject.kind in PHOTOS:
        return of_photograph(subject.kind)
    return of_digit(subject.number) if subject.kind == DIGIT else OF_FILE


PAGE = Page(
    "attribution",
    Said("attribution.title"),
    Said("attribution.question"),
    show,
    presets=TRY_THIS,
    sources=SOURCES,
)
