"""One unit of a network: its strongest and weakest pictures, with what it sees of them framed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from explainer.data.catalogue import COLOUR
from explainer.figures import exemplars as figures
from explainer.inspection.exemplars import NOWHERE, Hit, Ranking, first_layer, layers_of_units, place_of, reached, seen
from explainer.inspection.exemplars_code import digits_code, peak_formula, pictures_code, squares_code, weights_file
from explainer.inspection.picture_sets import Pictures, pictures_for
from explainer.inspection.reach import Box
from explainer.networks.description import Layer
from explainer.networks.graph import Network
from explainer.ui.controls.inputs import LINK
from explainer.ui.controls.layer_choice import choose_layer, chosen_layer
from explainer.ui.controls.networks import choose_network, chosen_network
from explainer.ui.frame import page
from explainer.ui.frame.drawn import drawn
from explainer.ui.frame.widget_values import value_of
from explainer.ui.language import say
from explainer.words.numbers import decimal
from pages.inspection.exemplars import words
from pages.inspection.exemplars.exemplar_gallery import Emphasis, Exemplar, ExemplarRow, exemplar_gallery
from pages.inspection.exemplars.pictures import Found, bundled_name, ranking

LAYER, CHANNEL, PATCH, FIXED, ROW, COLUMN = "ex_layer", "ex_channel", "ex_patch", "ex_fixed", "ex_row", "ex_column"
SHOWN, WEAK = 20, 5  # pictures in the rows of the strongest and the weakest
IN_LINE = 48  # channels in the line to choose from
SMALL, MIDDLE, LARGE = 40, 54, 58  # CSS pixels of a picture in the line, among the weakest, among the strongest


@dataclass(frozen=True, eq=False)
class View:
    """What the controls say: a unit, and whether only its patch is shown; ``at`` is its place where that is fixed."""

    network: Network
    layer: Layer
    channel: int
    at: tuple[int, int] | None
    patch: bool


def controls(place: DeltaGenerator) -> None:
    """Draws the choice of the network, of its layer, and of the unit."""
    with place:
        network = choose_network()
        if network is None:
            return
        layers = layers_of_units(network)
        choose_layer(layers, LAYER, first=first_layer(network, layers))
        layer = chosen_layer(layers, LAYER)
        _number(words.unit(layer).capitalize(), layer.channels - 1, CHANNEL)
        if layer.is_maps:
            st.toggle("Only what the unit sees", key=PATCH, bind=LINK, help="Else the whole picture, with a frame.")
            _choose_place(layer)


def _choose_place(layer: Layer) -> None:
    _, height, width = layer.shape
    if height * width == 1:
        return
    fixed = st.toggle(
        "At one place only", key=FIXED, bind=LINK, help="Rank by one neuron of the map instead of its largest."
    )
    if fixed:
        row, column = page.side_by_side("ex_place")
        with row:
            _number("Row", height - 1, ROW)
        with column:
            _number("Column", width - 1, COLUMN)


def _number(label: str, most: int, key: str) -> None:
    """A number from 0 to ``most``; one that is too large, as after another layer, becomes ``most``."""
    if st.session_state.get(key, 0) > most:
        st.session_state[key] = most
    st.number_input(f"{label}, 0 to {most:,}", 0, most, key=key, bind=LINK)


def picture(place: DeltaGenerator) -> None:
    """Draws the pictures, and what they say. Raises NoNetworkError, NotDrawnError before the controls were drawn."""
    view = _view()
    pictures = pictures_for(view.network)
    with place:
        found = ranking(view.network, view.layer, view.at, pictures)
        if found is None:
            return
        _draw(view, pictures, found)
        if found.is_whole:
            _draw_findings(view, pictures, found.ranking)
    page.pytorch_snippet(_code(view, pictures))


def _view() -> View:
    network = chosen_network()
    layer = chosen_layer(layers_of_units(network), LAYER)
    channel = min(int(value_of(CHANNEL)), layer.channels - 1)
    is_wide = layer.is_maps and layer.shape[1] * layer.shape[2] > 1
    at = None
    if is_wide and value_of(FIXED):
        at = min(int(value_of(ROW)), layer.shape[1] - 1), min(int(value_of(COLUMN)), layer.shape[2] - 1)
    return View(network, layer, channel, at, layer.is_maps and bool(value_of(PATCH)))


def _draw(view: View, pictures: Pictures, found: Found) -> None:
    """The strongest of the pictures that are ranked so far."""
    channel, tried = view.channel, words.tried(found.done, found.total, pictures.what)
    title = words.ranked(words.name(view.layer, channel, view.network), channel, found.ranking, tried)
    strongest = ExemplarRow(title, _exemplars(view, pictures, found.ranking.strongest_of(channel)[:SHOWN]), LARGE)
    exemplar_gallery([_line(view, pictures, found.ranking, tried), strongest], "ex_strong", _choose)


def _draw_findings(view: View, pictures: Pictures, found: Ranking) -> None:
    """What follows once all pictures are ranked."""
    channel, best = view.channel, found.strongest_of(view.channel)
    if not found.is_constant(channel):
        _draw_others(view, pictures, found)
    page.notice(words.notice(view.network, view.layer, channel, found, pictures))
    at = place_of(view.layer, best[0].place)
    page.formula(peak_formula(view.layer, channel, at, best[0].value, fixed=view.at is not None))


def _draw_others(view: View, pictures: Pictures, found: Ranking) -> None:
    """The weakest, and of which groups the strongest are."""
    left, right = st.columns([1, 1.25], gap="medium")
    with left:
        weakest = _exemplars(view, pictures, found.weakest_of(view.channel)[:WEAK])
        exemplar_gallery([ExemplarRow("The weakest", weakest, MIDDLE)], "ex_weak")
    with right:
        counts, expected, names = pictures.groups_of(found.strongest[view.channel])
        st.markdown(f"**{words.groups(pictures, counts)}**")
        page.chart(
            drawn(figures.class_counts, counts, expected, pictures.short_names, page.is_dark()),
            f"Bars: how many of the strongest are of each of {', '.join(names)}.",
            key="ex_counts",
        )


def _choose(channel: int) -> None:
    st.session_state[CHANNEL] = channel


def _line(view: View, pictures: Pictures, found: Ranking, tried: str) -> ExemplarRow:
    """For every channel of the chosen one's dozens what excites it most."""
    first = view.channel // IN_LINE * IN_LINE
    channels = range(first, min(first + IN_LINE, view.layer.channels))
    title = words.line(view.layer, channels, found, tried)
    return ExemplarRow(title, tuple(_stamp(view, pictures, found, c, tried) for c in channels), SMALL, tuple(channels))


def _stamp(view: View, pictures: Pictures, found: Ranking, channel: int, tried: str) -> Exemplar:
    best, is_silent = found.strongest_of(channel)[0], not found.active[channel]
    of = (view.network, view.layer, channel, best.place)
    pixels = _cut(pictures.pixels(best.number), seen(*of), reached(*of))
    emphasis: Emphasis = "strong" if channel == view.channel else "faint" if is_silent else "none"
    detail = f"{words.name(view.layer, channel, view.network)}: " + (
        say("exemplars.stamp", tried=tried)
        if is_silent
        else f"{decimal(best.value, '.4g')} on {pictures.title(best.number)}"
    )
    return Exemplar(pixels, f"{channel}\n≤ 0" if is_silent else str(channel), detail, emphasis=emphasis)


def _exemplars(view: View, pictures: Pictures, hits: tuple[Hit, ...]) -> tuple[Exemplar, ...]:
    told = pictures.told([hit.number for hit in hits])
    return tuple(_exemplar(view, pictures, hit, said) for hit, said in zip(hits, told, strict=True))


def _exemplar(view: View, pictures: Pictures, hit: Hit, said: str) -> Exemplar:
    of = (view.network, view.layer, view.channel, hit.place)
    pixels, box, window = pictures.pixels(hit.number), seen(*of), reached(*of)
    detail = words.detail(view.layer, view.network, hit, said, box=box, window=window)
    if view.patch and hit.place != NOWHERE:
        return Exemplar(_cut(pixels, box, window), words.short(hit.value), detail)
    whole = hit.place == NOWHERE or not view.layer.is_maps or _covers(box, pixels.shape[:2])
    return Exemplar(pixels, words.short(hit.value), detail, None if whole else box)


def _covers(box: Box, size: Sequence[int]) -> bool:
    return box == Box(0, 0, *size)


def _cut(pixels: NDArray[np.uint8], box: Box, window: Box) -> NDArray[np.uint8]:
    """What lies in ``box``, within its ``window``, whose padding is transparent.

    A side of the window that is larger than the picture is as long as that.
    """
    height, width = pixels.shape[:2]
    top, bottom = (0, height) if window.bottom - window.top >= height else (window.top, window.bottom)
    left, right = (0, width) if window.right - window.left >= width else (window.left, window.right)
    colors = pixels if pixels.ndim == 3 else np.repeat(pixels[..., None], 3, axis=2)
    made = np.zeros((bottom - top, right - left, 4), np.uint8)
    part = made[box.top - top : box.bottom - top, box.left - left : box.right - left]
    part[..., :3] = colors[box.top : box.bottom, box.left : box.right]
    part[..., 3] = 255
    return made


def _code(view: View, pictures: Pictures) -> str:
    if pictures.dataset is None:
        return squares_code(view.network.key, view.layer, view.channel, view.at, most=pictures.most)
    if pictures.dataset in COLOUR:
        return pictures_code(pictures.dataset, view.layer, view.channel, view.at, most=pictures.most)
    weights = weights_file(bundled_name(view.network))
    return digits_code(weights, pictures.dataset, view.layer, view.channel, view.at, most=pictures.most)
