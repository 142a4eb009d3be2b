"""All digits on one map: what a layer finds alike lies together, by principal components or by t-SNE."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from explainer.data.catalogue import COLOUR, DatasetName
from explainer.data.digits import load, subset_indices
from explainer.inspection import embedding as backend
from explainer.inspection.embedding import ITERATIONS, ROUNDS, Layout, Projection, SameEverywhereError
from explainer.inspection.exemplars import readings
from explainer.inspection.exemplars_code import pca_code, pca_formula, tsne_code, tsne_formula, weights_file
from explainer.inspection.picture_sets import pictures_for
from explainer.lru import Lru
from explainer.networks.description import INPUT, Layer
from explainer.networks.graph import Network
from explainer.ui.components.live_text import Line
from explainer.ui.controls.choice import segmented
from explainer.ui.controls.inputs import LINK, NoInputError
from explainer.ui.controls.layer_choice import choose_layer, chosen_layer
from explainer.ui.controls.networks import choose_network, chosen_network
from explainer.ui.frame import page
from explainer.ui.frame.followed import Components, Followed
from explainer.ui.frame.long_work import long_work
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.frame.widget_values import value_of
from explainer.words.book import percent
from pages.inspection.exemplars.embedding import Cloud, embedding, encode, sheet_of
from pages.inspection.exemplars.pictures import bundled_name

LAYER, METHOD, PERPLEXITY = "ex_space", "ex_method", "ex_perplexity"
PCA, TSNE = "pca", "t-sne"
METHODS = {PCA: "PCA", TSNE: "t-SNE"}
PERPLEXITIES = [5, 15, 30, 50, 100]
COUNT, NEIGHBOURS = 2_000, 10
PIXELS = Layer(INPUT, "The pixels themselves", "other", (784,), (), is_maps=False, key="pixels")
NO_DIGITS = "The map shows handwritten digits: choose a digit reader, or a network that you trained."
_POINTS = "digit-map-points"  # name of the feed

_layouts = Lru[Layout](64)


@dataclass(frozen=True, eq=False)
class View:
    """What the controls say."""

    network: Network
    dataset: DatasetName
    layer: Layer
    method: str
    perplexity: int


def controls(place: DeltaGenerator) -> None:
    """Draws the choice of the network, of its layer, and of the method."""
    with place:
        network = choose_network()
        if network is None:
            return
        if not _has_digits(network):
            return
        layers = _layers(network)
        choose_layer(layers, LAYER, first=_first(layers))
        if segmented("Method", METHODS, METHOD) == TSNE:
            about = "About how many neighbours a digit cares for."
            st.select_slider("Perplexity", PERPLEXITIES, 30, key=PERPLEXITY, bind=LINK, help=about)


def picture(place: DeltaGenerator) -> None:
    """Draws the map, and what it says. Raises NoNetworkError, NoInputError, NotDrawnError before the controls were."""
    view = _view()
    with place:
        try:
            code = _draw_pca(view) if view.method == PCA else _draw_tsne(view)
        except SameEverywhereError as problem:
            st.warning(verbatim(str(problem)))
            return
    page.pytorch_snippet(code)


def _view() -> View:
    network = chosen_network()
    dataset = pictures_for(network).dataset
    if dataset is None or dataset in COLOUR:
        raise NoInputError(NO_DIGITS)
    method = value_of(METHOD)
    perplexity = int(value_of(PERPLEXITY)) if method == TSNE else 30
    return View(network, dataset, chosen_layer(_layers(network), LAYER), method, perplexity)


def _has_digits(network: Network) -> bool:
    """Whether the pictures of the map are grey, as it draws them."""
    return pictures_for(network).dataset not in (None, *COLOUR)


def _layers(network: Network) -> tuple[Layer, ...]:
    return (PIXELS, *backend.spaces(network))


def _first(layers: tuple[Layer, ...]) -> Layer:
    """The last hidden layer."""
    hidden = [layer for layer in layers[:-1] if layer.kind in ("activation", "fully connected")]
    return hidden[-1] if hidden else layers[-1]


def _draw_pca(view: View) -> str:
    found = _projection(view.network, view.layer.name, view.dataset)
    first, second = (percent(share, "#.1%") for share in found.explained)
    caption = f"Across: first component, {first} of the variance. Upwards: second, {second}."
    embedding(_cloud(view), found.points, caption, "ex_map")
    page.notice(
        _notice(view, found.points) + f" The two axes hold **{percent(found.explained.sum())}** of the variance."
    )
    page.formula(pca_formula(found))
    return pca_code(weights_file(bundled_name(view.network)), view.dataset, view.layer, COUNT)


def _draw_tsne(view: View) -> str:
    start = _projection(view.network, view.layer.name, view.dataset).points
    identity = (view.network.key, view.dataset, view.layer.name, view.perplexity)
    layout, work = long_work("ex_tsne", identity, lambda: _rounds(view), _is_whole, _layouts)
    if work:
        layout = Followed(work, "ex_tsne", _line, _points, can_stop=False).show()
    points = layout.points if layout else start
    caption = "Neighbours on the map are alike; the axes, sizes of groups and distances between them say nothing."
    embedding(_cloud(view), points, caption, "ex_map", _POINTS)
    whole = layout is not None and _is_whole(layout)
    page.notice(_notice(view, points) if whole else "The digits begin where PCA has put them.")
    page.formula(tsne_formula(view.perplexity))
    return tsne_code(weights_file(bundled_name(view.network)), view.dataset, view.layer, COUNT, view.perplexity)


def _rounds(view: View) -> Iterator[Layout]:
    values = backend.features(view.network, view.layer.name, _digits(view.dataset)[0])
    return backend.tsne(values, view.perplexity)


def _is_whole(layout: Layout) -> bool:
    return layout.iterations == ROUNDS * ITERATIONS


def _line(layout: Layout | None) -> Line:
    done, total = layout.iterations if layout else 0, ROUNDS * ITERATIONS
    doing = "Pulling groups together" if done < ITERATIONS else "Putting neighbours right"
    return Line([doing, f"iteration {done} of {total:,}"], strong=(0,), share=done / total)


def _points(layout: Layout | None, _over: bool) -> Components:
    return {_POINTS: {"points": encode(layout.points)}} if layout else {}


def _notice(view: View, points: NDArray[np.float32]) -> str:
    labels = _digits(view.dataset)[1]
    on_map = backend.agreement(points, labels, NEIGHBOURS)
    by_all = _agreement(view.network, view.layer.name, view.dataset)
    return (
        f"Of the {NEIGHBOURS} nearest neighbours of a digit **{percent(on_map)}** are of its own class on this map, "
        f"**{percent(by_all)}** by all {view.layer.channels:,} numbers of the layer."
    )


def _cloud(view: View) -> Cloud:
    _, labels, numbers = _digits(view.dataset)
    answers, shares = _readings(view.network, view.dataset)
    names = load(view.dataset).class_names
    return Cloud(numbers, labels, answers, shares, names, _sheet(view.dataset))


@functools.lru_cache(maxsize=3)
def _digits(dataset: DatasetName) -> tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.int64]]:
    """Pictures, labels and numbers of the digits on the map: a random part of the test set, the same every time."""
    data = load(dataset)
    chosen = subset_indices(data.test_labels, COUNT, seed=0)
    return data.test_images[chosen], data.test_labels[chosen], chosen


@functools.lru_cache(maxsize=3)
def _sheet(dataset: DatasetName) -> str:
    return sheet_of(_digits(dataset)[0])


@st.cache_data(max_entries=32, show_spinner="Reading 2,000 digits", hash_funcs={Network: lambda one: one.key})
def _readings(network: Network, dataset: DatasetName) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    answers, shares = readings(network, _digits(dataset)[0])
    return answers.astype(np.uint8), shares


@st.cache_data(max_entries=64, show_spinner="Finding the axes", hash_funcs={Network: lambda one: one.key})
def _projection(network: Network, layer: str, dataset: DatasetName) -> Projection:
    return backend.pca(backend.features(network, layer, _digits(dataset)[0]))


@st.cache_data(max_entries=64, show_spinner=False, hash_funcs={Network: lambda one: one.key})
def _agreement(network: Network, layer: str, dataset: DatasetName) -> float:
    """By all numbers of a layer."""
    values = backend.features(network, layer, _digits(dataset)[0])
    return backend.agreement(values, _digits(dataset)[1], NEIGHBOURS)
