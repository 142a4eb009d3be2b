"""The view "Deeper layers" of the page "Filters": a filter has one slice for every map that it reads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from explainer.inspection import filters
from explainer.inspection.filter_bank import Bank, NoFiltersError, first_layer
from explainer.inspection.filters import Kernels
from explainer.inspection.filters_code import slices_code
from explainer.networks.description import Layer
from explainer.networks.graph import Network
from explainer.ui.controls.choice import choice
from explainer.ui.controls.inputs import LINK
from explainer.ui.controls.layer_choice import choose_layer, chosen_layer
from explainer.ui.controls.networks import NoNetworkError, choose_network, chosen_network
from explainer.ui.controls.subject import NoInputError, choose_subject, chosen_subject
from explainer.ui.frame import page
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.frame.widget_values import picture_first, value_of
from pages.inspection.filters import words
from pages.inspection.filters.filter_wall import Given, Wall, filter_wall
from pages.inspection.filters.parts import (
    SHARED,
    choose_number,
    chosen_number,
    chosen_of,
    given_to,
    load_code,
    network_with_filters,
    sorts,
)

LAYER, KIND, FIRST_FILTER, FIRST_MAP, ONE, SORT = "fi_layer", "fi_kind", "fi_f", "fi_c", "fi_one", "fi_slices"
GRID, WHOLE = "grid", "filter"
KINDS = {GRID: "Filters x maps", WHOLE: "One filter"}
SIDE = 16  # filters and maps of the grid
MOST_DEPTHWISE = 256  # filters, where each reads one map and there is no grid
MOST_SLICES = 1024
MOST_VALUES = 300_000  # of the maps that are sent to the browser
HEIGHT = 420


@dataclass(frozen=True, eq=False)
class Slices:
    """Some of a layer's slices, as pairs of a filter and one of the ``per`` maps that it reads, counted from 0."""

    found: Kernels
    pairs: tuple[tuple[int, int], ...]

    @property
    def weights(self) -> NDArray[np.float32]:
        """(slices, 1, height, width)."""
        at = np.array(self.pairs)
        chosen: NDArray[np.float32] = self.found.weights[at[:, 0], at[:, 1]][:, None]
        return chosen

    def plane(self, pair: tuple[int, int]) -> int:
        """The map that a slice meets, counted over all that the layer reads."""
        return self.found.first_plane(pair[0]) + pair[1]


def show(left: DeltaGenerator, right: DeltaGenerator) -> None:
    """A grid of filters and maps, or all slices of one filter."""
    picture_first("filters deeper", partial(_picture, right), partial(_controls, left))


def _controls(place: DeltaGenerator) -> None:
    with place:
        choose_network()
        try:
            network = chosen_network()
            first_layer(network)
        except (NoNetworkError, NoFiltersError):
            return
        choose_subject()
        layers = network.description.convolutions
        choose_layer(layers, LAYER, first=layers[min(len(layers) - 1, 3)])
        count, per = filters.kernels(network, chosen_layer(layers, LAYER).name).weights.shape[:2]
        if choice("Show", KINDS, KIND) == WHOLE:
            choose_number("Filter", count, ONE)
            choice("Sort its slices by", sorts(Bank(np.zeros((1, 1, 1, 1), np.float32))), SORT, first="norm")
        else:
            if count > (rows := _rows(per)):
                choose_number("First filter", count - rows + 1, FIRST_FILTER)
            if per > SIDE:
                choose_number("First map", per - SIDE + 1, FIRST_MAP)
        st.toggle("One scale for all", True, key=f"{SHARED}_slices", bind=LINK)


def _picture(place: DeltaGenerator) -> None:
    network = network_with_filters(place)
    if network is None:
        return
    layer = chosen_layer(network.description.convolutions, LAYER)
    found = filters.kernels(network, layer.name)
    with place:
        code = _whole(network, layer, found) if value_of(KIND) == WHOLE else _grid(network, layer, found)
        page.formula(_formula(found))
    page.pytorch_snippet(f"{load_code(network, layer)}\n{code}")


def _grid(network: Network, layer: Layer, found: Kernels) -> str:
    count, per = found.weights.shape[:2]
    start = chosen_number(count - _rows(per) + 1, FIRST_FILTER) if count > _rows(per) else 0
    first = chosen_number(per - SIDE + 1, FIRST_MAP) if per > SIDE else 0
    rows, columns = range(start, min(start + _rows(per), count)), range(first, min(first + SIDE, per))
    slices = Slices(found, tuple((row, column) for row in rows for column in columns))
    _draw(network, layer, slices, _laid(layer, slices, rows, columns))
    page.notice(_said_of_grid(slices))
    return slices_code(rows, columns)


def _rows(per: int) -> int:
    """Filters that are shown at once, where each reads so many maps."""
    return SIDE if per > 1 else MOST_DEPTHWISE


def _laid(layer: Layer, slices: Slices, rows: range, columns: range) -> Wall:
    """A grid with numbers beside it; filters that read one map each follow each other."""
    if len(columns) == 1:
        wall = _wall(f"{layer.title}: filters {_span(rows)}, each of one map", slices)
        return replace(wall, short=[str(row) for row in rows])
    return replace(
        _wall(f"{layer.title}: filters {_span(rows)} (down), maps that they read {_span(columns)} (across)", slices),
        across=len(columns),
        row_names=[str(row) for row in rows],
        column_names=[str(column) for column in columns],
    )


def _whole(network: Network, layer: Layer, found: Kernels) -> str:
    count, per = found.weights.shape[:2]
    number = chosen_number(count, ONE)
    own = found.weights[number][:, None]  # (maps, 1, height, width)
    by = chosen_of(sorts(Bank(own)), SORT)
    kept = np.sort(np.argsort(-filters.norms(own), kind="stable")[:MOST_SLICES])
    order = kept[filters.order(own[kept], by)]
    slices = Slices(found, tuple((number, int(at)) for at in order))
    shown = f"all {per:,}" if len(order) == per else f"the {len(order):,} of {per:,} with the largest L2 norm"
    _draw(network, layer, slices, _wall(f"{layer.title}, filter {number}: {shown} slices", slices))
    page.notice(_said_of_filter(own, number))
    return slices_code(range(number, number + 1), range(per))


def _draw(network: Network, layer: Layer, slices: Slices, wall: Wall) -> None:
    given = None
    try:
        given = _given(network, layer, slices)
    except NoInputError as problem:
        st.info(verbatim(str(problem)))
    if given:
        read = {plane: at for at, plane in enumerate(sorted({slices.plane(pair) for pair in slices.pairs}))}
        wall = replace(wall, first=[read[slices.plane(pair)] for pair in slices.pairs])
    longest = int(filters.norms(wall.weights).argmax())
    filter_wall(
        [wall],
        wall.numbers[longest],
        "fi_slices_wall",
        each=not value_of(f"{SHARED}_slices"),
        given=given,
        height=HEIGHT,
    )


def _given(network: Network, layer: Layer, slices: Slices) -> Given | None:
    """The maps that the slices read, in order; None with a sentence where they are too many numbers."""
    subject = chosen_subject(network)
    needed = sorted({slices.plane(pair) for pair in slices.pairs})
    maps = filters.planes(network, layer.name, subject.inputs)[needed]
    if maps.size > MOST_VALUES:
        st.caption(
            f"These {len(needed)} maps are {maps.size:,} numbers, more than the {MOST_VALUES:,} that are sent to your "
            "browser: what the slices make of them is left out."
        )
        return None
    return replace(given_to(network, layer, slices.found, subject), title="The map it reads", pixels=None, maps=maps)


def _wall(title: str, slices: Slices) -> Wall:
    bank, per = Bank(slices.weights), slices.found.weights.shape[1]
    return Wall(
        title,
        bank.weights,
        [row * per + column for row, column in slices.pairs],
        [f"Filter {row}, map {slices.plane((row, column))}" for row, column in slices.pairs],
        [_facts(bank, at) for at in range(len(bank.weights))],
        [0] * len(slices.pairs),
        short=[str(column) for _, column in slices.pairs],
    )


def _facts(bank: Bank, at: int) -> str:
    if bank.weights[at].size == 1:
        return f"One weight: {words.signed(float(bank.weights[at, 0, 0, 0]))}"
    return f"L2 norm {bank.norms[at]:.3g}\n{words.stripes(bank, at)}"


def _said_of_grid(slices: Slices) -> str:
    count, per, height, width = slices.found.weights.shape
    shown = f"{len(slices.pairs):,} of {count * per:,} slices are shown."
    if height * width == 1:
        return f"{shown} A 1 × 1 filter has one number for each map: it mixes maps, and sees no shape."
    if per == 1:
        return f"{shown} Each filter reads one map only: the layer is depthwise."
    row, column = slices.pairs[int(filters.norms(slices.weights).argmax())]
    return f"{shown} That of the largest L2 norm is what filter {row} reads of map {column}."


def _said_of_filter(own: NDArray[np.float32], number: int) -> str:
    if len(own) == 1:
        return f"Filter {number} reads one map only: the layer is depthwise."
    shares = np.sort(np.square(filters.norms(own)))[::-1].cumsum()
    half = int(np.searchsorted(shares, shares[-1] / 2)) + 1
    return (
        f"Half of filter {number}'s squared weights are in {half} of its {len(own):,} slices: the maps it listens to."
    )


def _formula(found: Kernels) -> str:
    count, per, height, width = found.weights.shape
    weights = f"{found.weights.size:,}".replace(",", "{,}")
    return (
        rf"y_f = b_f + \sum_{{c < {per}}} w_{{f,c}} \star x_c, \qquad "
        rf"{count} \cdot {per} \cdot {height} \cdot {width} = {weights} \text{{ weights}}"
    )


def _span(numbers: range) -> str:
    return f"{numbers.start} to {numbers.stop - 1}" if len(numbers) > 1 else str(numbers.start)
