"""The page "Feature maps": its controls, the map of the network, and how one of its maps was computed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.inspection.columns import plane_shape
from explainer.inspection.computed import Computed
from explainer.inspection.feature_maps import Recording
from explainer.inspection.feature_maps_code import map_code, map_formula
from explainer.inspection.silent_maps import Health
from explainer.networks.graph import Network
from explainer.ui.controls import choice as choices
from explainer.ui.controls.networks import NoNetworkError, choose_network, chosen_network
from explainer.ui.controls.subject import NoInputError, Subject, choose_subject, chosen_subject
from explainer.ui.controls.subject_code import network_code, picture_code
from explainer.ui.frame import page
from explainer.ui.frame.followed import Followed
from explainer.ui.frame.page import Page, Preset
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.frame.widget_values import picture_first, value_of
from explainer.ui.language import labels, message_of, say
from explainer.words.book import Said, percent
from pages.inspection.feature_maps import choice, work
from pages.inspection.feature_maps.choice import Choice, NoUnitError
from pages.inspection.feature_maps.computed_map import Explained, computed_map
from pages.inspection.feature_maps.network_map import Chosen, Scale, Shown, feature_maps
from pages.inspection.feature_maps.surgery import robust, unsure
from pages.inspection.feature_maps.surgery import view as surgery

SCALES: dict[Scale, str] = {"layer": "Per layer", "map": "Per map", "shared": "Shared"}
Draw = Callable[[DeltaGenerator, DeltaGenerator], None]

MAPS = "maps"
VIEWS: dict[str, Any] = {"surgery": surgery, "robustness": robust, "unsure": unsure}
MAP, SUM = "fm_network", "fm_sum"  # the components

TRY_THIS = [
    Preset("The digit reader"),
    Preset("With batch normalization", {"i_net": work.READER_WITH_NORM, "fm_layer": "activation-2"}),
    Preset("A cat in SqueezeNet", {"i_net": work.SQUEEZENET, "fm_layer": "activation-1"}),
    Preset("The logit of a class", {"fm_layer": "logits"}),
    Preset("A reading that fails", {"i_digit": "2130"}),
    Preset(Said("surgery.presets.off"), {"fm_view": "surgery", "fm_cut": "conv2.7*0", "fm_filter": "7"}),
    Preset(Said("surgery.presets.pruned"), {"fm_view": "surgery", "fm_tool": "prune", "fm_cut": "prune.80"}),
    Preset(Said("surgery.presets.rounded"), {"fm_view": "surgery", "fm_tool": "round", "fm_cut": "bits.3"}),
    Preset(Said("surgery.presets.turned"), {"fm_view": "robustness", "fm_cut": "bits.3"}),
    Preset(Said("surgery.presets.unsure"), {"fm_view": "unsure"}),
    Preset("All 96 filters", {"i_net": work.SQUEEZENET, "fm_layer": "convolution-1", "fm_all": "true"}),
]
SOURCES = [
    'Z. J. Wang et al., "CNN Explainer: learning convolutional neural networks with interactive visualization", '
    "IEEE VIS 2020, arXiv:2004.15004: the idea of the whole network as a map.",
    'F. Iandola et al., "SqueezeNet", arXiv:1602.07360.',
    'A. Araujo, W. Norris, J. Sim, "Computing receptive fields of convolutional neural networks", Distill 2019.',
    'W. Luo et al., "Understanding the effective receptive field", arXiv:1701.04128.',
    'S. Han et al., "Learning both weights and connections for efficient neural networks", arXiv:1506.02626: pruning.',
    'B. Jacob et al., "Quantization and training of neural networks for efficient integer-arithmetic-only inference", '
    "arXiv:1712.05877: rounding with one step a layer.",
    'D. Hendrycks, T. Dietterich, "Benchmarking neural network robustness", arXiv:1903.12261.',
    'C. K. Chow, "On optimum recognition error and reject tradeoff", IEEE Trans. Information Theory 16 (1970).',
    'L. Lu et al., "Dying ReLU and initialization", arXiv:1903.06733.',
]


def show() -> None:
    """The choice of the view, and its controls beside its picture."""
    left, right = page.controls_and_picture(4.2)
    choosing, below = st.container(), st.container()
    names = labels("surgery.views.{}", (MAPS, *VIEWS))
    with left:
        chosen = choices.radio(say("surgery.views.label"), names, "fm_view", horizontal=False)
    if chosen == MAPS:
        picture_first("feature_maps", partial(_picture, right, below), partial(_controls, left, choosing))
        return
    view = VIEWS[chosen]
    picture_first(f"fm {chosen}", partial(_other, view.picture, right, below), partial(_within, left, view.choose))


def _within(place: DeltaGenerator, draw: Callable[[], None]) -> None:
    with place:
        draw()


def _other(
    draw: Callable[[DeltaGenerator, DeltaGenerator], None], right: DeltaGenerator, below: DeltaGenerator
) -> None:
    try:
        draw(right, below)
    except NoNetworkError as problem:
        right.info(verbatim(message_of(problem)))


def _controls(place: DeltaGenerator, choosing: DeltaGenerator) -> None:
    with place:
        network = choose_network()
        choose_subject()
        if network is None:
            return
        choices.choice("Colour scale", SCALES, "fm_scale")
        choices.choice("Strongest by", work.MEASURES, "fm_by")
    with choosing:
        st.subheader("How it was computed", anchor=False)
        choice.choose(network)


def _picture(place: DeltaGenerator, below: DeltaGenerator) -> None:
    try:
        network = chosen_network()
        subject = chosen_subject(network)
        chosen = choice.chosen(network)
    except (NoNetworkError, NoInputError) as problem:
        place.info(verbatim(str(problem)))
        return
    except NoUnitError as problem:
        place.warning(verbatim(str(problem)))
        return
    scale, by = value_of("fm_scale"), value_of("fm_by")
    recording = work.recording(network, subject, by, chosen.whole)
    known, counting = work.health(network)
    followed = Followed(counting, "fm_silent_maps") if counting else None
    health, over = followed.look() if followed else (known, True)
    channel = choice.channel(network, recording, chosen)
    found = work.computation(network, subject, chosen.layer.name, channel)
    unit = choice.unit(found, chosen)
    with place:
        shown = Shown(
            network.description,
            recording,
            work.fields(network),
            subject.pixels,
            str(subject.title),
            health,
            work.pictures(network),
            scale,
            Chosen(chosen.layer.name, channel, unit),
            chosen.whole,
        )
        feature_maps(shown, MAP, partial(choice.take_map, network, MAP), partial(choice.take_whole, network, MAP))
        page.notice(_notice(network, subject, recording, health))
        if formula := map_formula(found, unit):
            page.formula(formula)
        if followed:  # below, where its line moves nothing when it goes
            followed.draw(health, over)
    with below:
        _draw_sum(network, subject, chosen, found, unit)


def _notice(network: Network, subject: Subject, recording: Recording, health: dict[str, Health] | None) -> str:
    best = int(recording.logits.argmax())
    probability = float(recording.probabilities[best])
    said = f"The answer is **{network.description.classes[best]}**, with {percent(probability, '.1p')}."
    if subject.label is not None and subject.label != best:
        said += f" It is wrong: this is **{network.description.classes[subject.label]}**."
    layers = [layer for layer in recording.layers if layer.layer.kind == "activation"]
    maps = sum(plane_shape(layer.layer)[0] for layer in layers)
    silent = sum(int(layer.silent.sum()) for layer in layers)
    if not maps:
        return said
    said += " " + say("feature_maps.silent", maps=maps, count=silent)
    if health is None:
        return said
    pictures = work.pictures(network)
    never = sum(int(health[layer.layer.name].silent.sum()) for layer in layers)
    saturated = sum(int(health[layer.layer.name].saturated.sum()) for layer in layers)
    also = " " + say("feature_maps.saturated", count=saturated) if saturated else ""
    none = say("feature_maps.none_silent_in_all", pictures=pictures)
    in_all = say("feature_maps.silent_in_all", count=never, pictures=pictures) if never else none
    return f"{said} {in_all}{also}"


def _draw_sum(network: Network, subject: Subject, chosen: Choice, found: Computed, unit: tuple[int, int]) -> None:
    fields = work.fields(network)
    explained = Explained(
        found,
        unit,
        fields.get(chosen.layer.name) or work.whole_field(network),
        work.effective(network, subject, chosen.layer.name, unit, found.asked.channel),
        subject.pixels,
        _head(network, found),
        choice.names(network),
    )
    computed_map(explained, SUM, partial(choice.take_map, network, SUM), partial(choice.take_unit, SUM))
    page.pytorch_snippet(map_code(network.description, network_code(network), picture_code(subject), found))


def _head(network: Network, found: Computed) -> str:
    """What is shown, in one sentence."""
    asked, core = found.asked, found.steps[0]
    what = "unit" if asked.values.size == 1 else "map"
    name = f"{asked.title}, {what} {asked.channel}"
    if asked.layer == network.description.layers[-1].name:
        name = f"The logit of “{network.description.classes[asked.channel]}”"
    count = len(found.sources) + found.others
    if found.core == "weighted sum":
        shown = f" The {len(found.sources)} with the largest part in the sum are shown." if found.others else ""
        return f"{name}: {core.title} weighs {_read(count, found)}.{shown}"
    if found.core in ("maximum", "mean"):
        return f"{name}: {core.title} keeps the {found.core} of each window of one map."
    return f"{name}: {core.title} makes one map of {count}."


def _read(count: int, found: Computed) -> str:
    if found.sources[0].values.size == 1:
        return f"the {count:,} units that it reads"
    return "the one map that it reads, with its kernel" if count == 1 else f"{count:,} maps, each with its own kernel"


PAGE = Page(
    "feature_maps",
    "Feature maps",
    "What does every layer of a trained network make of one picture?",
    show,
    presets=TRY_THIS,
    sources=SOURCES,
)
