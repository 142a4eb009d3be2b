"""The page "What decided": maps of a network's reasons, and tests of them."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from PIL import Image
from streamlit.delta_generator import DeltaGenerator

from explainer.inspection.attribution_code import (
    FILE,
    OF_FILE,
    Source,
    attribution_code,
    of_digit,
    of_photograph,
    of_test_picture,
)
from explainer.inspection.gradients import Integrated
from explainer.inspection.methods import METHODS
from explainer.inspection.target import Floats, Target
from explainer.layers.softmax_code import number
from explainer.networks import zoo
from explainer.ui.controls.choice import tabs
from explainer.ui.controls.inputs import DIGIT, PHOTOS
from explainer.ui.controls.layer_choice import title
from explainer.ui.controls.networks import KEY, NoNetworkError
from explainer.ui.controls.subject import PICTURE, NoInputError, Subject
from explainer.ui.frame import page
from explainer.ui.frame.page import Page, Preset
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.frame.widget_values import picture_first
from explainer.ui.language import language, say, text_of
from explainer.words.book import Said
from pages.inspection.attribution import checks, unit_words, words
from pages.inspection.attribution import maps as attribution_maps
from pages.inspection.attribution import view as attribution_view
from pages.inspection.attribution.maps import Maps
from pages.inspection.attribution.view import View

SQUEEZENET = {KEY: "squeezenet"}
CLIPPED = "attribution.scale.clipped"
NEAR = 0.001  # to 0 or 1: there softmax is flat

TRY_THIS = [
    Preset(Said("attribution.presets.tripod"), {**SQUEEZENET, "i_in": "photographer", "at_methods": "grad-cam"}),
    Preset(
        Said("attribution.presets.engine"),
        {
            **SQUEEZENET,
            **{"i_in": "engine", "at_methods": "grad-cam"},
            **{"at_other": "second-most-probable", "at_how": "side-by-side"},
        },
    ),
    Preset(Said("attribution.presets.cat"), {**SQUEEZENET, "at_methods": "grad-cam"}),
    Preset(Said("attribution.presets.cover"), {**SQUEEZENET, "at_methods": "occlusion"}),
    Preset(Said("attribution.presets.tabby"), {**SQUEEZENET, "at_methods": "grad-cam", "at_other": "tabby"}),
    Preset(Said("attribution.presets.eye"), {**SQUEEZENET, "at_of": "unit", "at_unit": "activation-19", "at_map": "5"}),
    Preset(Said("attribution.presets.seven"), {"at_methods": "integrated-gradients", "at_other": "2"}),
    Preset(Said("attribution.presets.random"), {"at_view": "random-weights"}),
    Preset(Said("attribution.presets.remove"), {"at_view": "remove-pixels"}),
    Preset(
        Said("attribution.presets.nothing"), {**SQUEEZENET, "at_methods": "gradient", "at_class": "electric-locomotive"}
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
        views = tabs({key: say(said) for key, (said, _) in VIEWS.items()}, "at_view")
        for key, tab in views.items():
            if tab.open:
                with tab:
                    _view(key, view)
    _code(view)


def _view(key: str, view: View) -> None:
    if view.fired is not None and key != "maps":
        st.info(say("attribution.unit.classes_alone"))
        return
    VIEWS[key][1](view)


def _maps(view: View) -> None:
    st.caption(say(_heading(view)))
    found = attribution_maps.draw(view)
    other = None if view.is_beside else view.other
    heats: list[tuple[Said, Floats]] = [
        (each.title, attribution_maps.heat(view, found, each, view.target, other)) for each in view.shown
    ]
    known = [(name, heat) for name, heat in heats if np.isfinite(heat).all() and heat.any()]
    if view.fired is not None:
        page.notice(unit_words.notice(view.fired, len(view.subject.pixels), known))
    elif known:
        page.notice(words.notice(known))
    for formula in [each for each in _formulas(view, found) if each][:2]:
        page.formula(*formula)
    st.caption(" ".join([say(_about(view)), *([say(CLIPPED)] if known else [])]))  # a map of zeros has no colour bar


def _heading(view: View) -> Said:
    """What the network reads the picture as, or how strongly the unit responds to it."""
    if view.fired is not None:
        layer = view.network.description.layer(view.fired.unit.layer)
        return unit_words.heading(view.fired, view.subject.title, title(layer))
    classes = words.classes(view.probabilities, _names(view))
    return Said("attribution.read_as", picture=view.subject.title, classes=classes)


def _about(view: View) -> Said:
    """What is explained and shown, with a warning where it is a probability that hardly moves."""
    if not isinstance(view.target, Target):
        return Said("attribution.unit.target", name=view.name(view.target), shows=view.methods[0].shows)
    if view.other is not None and not view.is_beside:
        name, other = view.name(view.target), view.name(view.other)
        key = f"attribution.target.difference_{view.target.of}"
        return Said(key, name=name, other=other, method=view.methods[0].title)
    share = float(view.probabilities[view.target.label])
    is_saturated = view.target.of == "probability" and not NEAR < share < 1 - NEAR
    form = "saturated" if is_saturated else view.target.of
    return Said(f"attribution.target.{form}", name=view.name(view.target), shows=view.methods[0].shows)


def _names(view: View) -> list[str]:
    return attribution_view.names(view.network.description)


def _formulas(view: View, maps: Maps) -> list[tuple[str, ...]]:
    """Of the first method, and whether integrated gradients are complete."""
    if view.other is not None and not view.is_beside:
        return _formulas_of_difference(view, maps, view.other)
    found = [each for (_, target), each in maps.items() if isinstance(each, Integrated) and target == view.target]
    complete = [words.completeness(each, language()) for each in found]
    method = view.methods[0]
    heat, first = attribution_maps.heat(view, maps, method, view.target), attribution_maps.found(view, maps, method)
    unit = () if view.fired is None else (unit_words.formula(view.fired),)
    if first is None or isinstance(first, Integrated) or not np.isfinite(heat).all():
        return [unit, *complete] if unit else complete
    made = words.formula(method, first, heat, view.target, numbers=_numbers(view), language=language())
    return [(*unit, *made), *complete]


def _formulas_of_difference(view: View, maps: Maps, other: Target) -> list[tuple[str, ...]]:
    """Of the first method, and whether integrated gradients of the difference are complete: they are linear."""
    pairs = [attribution_maps.pair(view, maps, method, other) for method in view.shown]
    known = [pair for pair in pairs if pair is not None]
    first = pairs[0]
    is_whole = first and np.isfinite(attribution_maps.heat(view, maps, view.methods[0], view.target, other)).all()
    made = [words.difference(first, (view.target, other), len(view.subject.pixels))] if first and is_whole else []
    complete = [
        words.completeness(one - two, language())
        for one, two in known
        if isinstance(one, Integrated) and isinstance(two, Integrated)
    ]
    return [*made, *complete]


def _numbers(view: View) -> dict[str, str]:
    """Those that formulas name."""
    inputs = view.subject.inputs
    noise = view.settings.noise * float(inputs.max() - inputs.min())
    return {"samples": str(view.settings.samples), "noise": number(noise)}


def _code(view: View) -> None:
    source = _source(view.subject)
    page.pytorch_snippet(
        attribution_code(
            name=zoo.name_of(view.network) or "",
            description=view.network.description,
            source=source,
            method=view.methods[0].key,
            target=view.target,
            settings=view.settings,
            other=None if view.is_beside else view.other,
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
    if subject.kind == PICTURE:
        return of_test_picture(subject.number)
    return of_digit(subject.number) if subject.kind == DIGIT else OF_FILE


VIEWS: dict[str, tuple[Said, Callable[[View], None]]] = {
    "maps": (Said("attribution.views.maps"), _maps),
    "random-weights": (Said("attribution.views.random_weights"), checks.random_weights),
    "remove-pixels": (Said("attribution.views.remove_pixels"), checks.remove_pixels),
}
PAGE = Page(
    "attribution",
    Said("attribution.title"),
    Said("attribution.question"),
    show,
    presets=TRY_THIS,
    sources=SOURCES,
)
