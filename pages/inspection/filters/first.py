"""The views "First layer" and "Trained and fresh" of the page "Filters"."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.figures.regularization import weight_histogram
from explainer.inspection import filters
from explainer.inspection.filter_bank import Bank, NoFiltersError, first_layer
from explainer.inspection.filters import Kernels
from explainer.inspection.filters_code import fresh_code, order_code
from explainer.networks.graph import Network
from explainer.ui.controls.choice import choice
from explainer.ui.controls.inputs import LINK
from explainer.ui.controls.networks import NoNetworkError, choose_network, chosen_network, latest_beside
from explainer.ui.controls.subject import NoInputError, choose_subject, chosen_subject
from explainer.ui.frame import page
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.frame.widget_values import picture_first, value_of
from pages.inspection.filters import words
from pages.inspection.filters.filter_wall import Given, Wall, filter_wall
from pages.inspection.filters.parts import (
    FILTER,
    PAINT,
    PAINTS,
    SHARED,
    SORT,
    SORTS,
    choose_number,
    chosen_number,
    chosen_of,
    given_to,
    load_code,
    network_with_filters,
    paint_of,
    sorts,
)

SEED, UNITS = "fi_seed", "fi_units"
HEIGHT, LOW = 400, 380  # of a wall in CSS pixels
BINS = 61
PIXELS = (
    "SqueezeNet learned from pixels of 0 to 255. Here its pixels are brought to about −2 to 2, as usual today, and its "
    "first layer's weights are larger by as much: that is most of the difference in size."
)


def show_first(left: DeltaGenerator, right: DeltaGenerator) -> None:
    """All filters of the first layer, and what the one that is pointed at does."""
    picture_first("filters first", partial(_guarded, right, _first), partial(_controls, left, fresh=False))


def show_fresh(left: DeltaGenerator, right: DeltaGenerator) -> None:
    """The same beside filters as they were before training."""
    picture_first("filters fresh", partial(_guarded, right, _fresh), partial(_controls, left, fresh=True))


def _guarded(place: DeltaGenerator, draw: Callable[[Network, DeltaGenerator], None]) -> None:
    network = network_with_filters(place)
    if network is not None:
        draw(network, place)


def _controls(place: DeltaGenerator, fresh: bool) -> None:
    with place:
        choose_network()
        try:
            network = chosen_network()
            bank = Bank(filters.kernels(network, first_layer(network).name).weights)
        except (NoNetworkError, NoFiltersError):
            return
        choose_subject()
        choice("Sort by", sorts(bank), SORT)
        if bank.in_colour:
            choice("Weights as", PAINTS, PAINT, help="Red, green and blue at once, or a signed scale.")
        choose_number("Filter", len(bank.weights), FILTER, help="Or click one.")
        if fresh:
            st.number_input("Seed of the untrained filters", 0, 999, 0, key=SEED, bind=LINK)
        st.toggle(
            "One scale for all",
            key=SHARED,
            bind=LINK,
            help="Else each filter is coloured up to its own largest weight.",
        )


def _first(network: Network, place: DeltaGenerator) -> None:
    layer = first_layer(network)
    found = filters.kernels(network, layer.name)
    bank = Bank(found.weights)
    number, by = chosen_number(len(bank.weights), FILTER), chosen_of(sorts(bank), SORT)
    wall = _wall(
        f"{layer.title}: {len(bank.weights)} filters, by {SORTS[by].lower()}",
        bank,
        found,
        filters.order(bank.weights, by),
    )
    walls = [wall]
    if beside := latest_beside():
        walls = _then_and_latest(wall, *beside)
    with place:
        _draw(walls, network, found, number, HEIGHT if len(walls) == 1 else LOW)
        page.notice(words.said(bank, by, number))
        page.formula(words.formula(bank, by, number, float(found.bias[number])))
    page.pytorch_snippet(f"{load_code(network, layer)}\n{order_code(by, number)}")


def _then_and_latest(then: Wall, latest: Network, name: str, latest_name: str) -> list[Wall]:
    """Filters at an earlier moment of a run beside the same as they are at its latest, in the same order."""
    bank = Bank(filters.kernels(latest, first_layer(latest).name).weights)
    now = _wall(latest_name, bank, None, then.numbers, after=len(bank.weights))
    return [replace(then, title=name), replace(now, names=then.names)]


def _fresh(network: Network, place: DeltaGenerator) -> None:
    layer = first_layer(network)
    found = filters.kernels(network, layer.name)
    bank = Bank(found.weights)
    number, by, seed = chosen_number(len(bank.weights), FILTER), chosen_of(sorts(bank), SORT), int(value_of(SEED))
    fresh = Bank(filters.fresh(bank.weights.shape, seed))
    walls = [
        _wall("Trained", bank, found, filters.order(bank.weights, by)),
        _wall("Untrained: drawn at random", fresh, None, filters.order(fresh.weights, by), after=len(bank.weights)),
    ]
    with place:
        _draw(walls, network, found, number, LOW)
        page.notice(words.compared(bank, fresh))
        if network.key == "squeezenet":
            st.caption(PIXELS)
        own = st.toggle("Weights in units of their own spread", True, key=UNITS, bind=LINK)
        unit = "weight / standard deviation" if own else "weight"
        figure = weight_histogram(*_bins(bank, fresh, own), page.is_dark(), height=260, unit=unit)
        page.chart_below(figure, "Histograms of the trained and of the untrained weights.", key="fi_histogram")
        page.formula(_uniform(bank))
    page.pytorch_snippet(f"{load_code(network, layer)}\n{fresh_code(seed)}\n{order_code(by, number)}")


def _draw(walls: Sequence[Wall], network: Network, found: Kernels, number: int, height: int) -> None:
    layer, given = first_layer(network), None
    try:
        given = given_to(network, layer, found, chosen_subject(network))
    except NoInputError as problem:
        st.info(verbatim(str(problem)))
    _mount(walls, given, number, height, Bank(found.weights))


def _mount(walls: Sequence[Wall], given: Given | None, number: int, height: int, bank: Bank) -> None:
    filter_wall(
        walls=walls,
        chosen=number,
        key="fi_wall",
        paint=paint_of(bank),
        each=not value_of(SHARED),
        given=given,
        on_pick=partial(_pick, len(bank.weights)),
        height=height,
    )


def _pick(count: int, number: int) -> None:
    """A filter was clicked; a fresh one is looked at in the browser only."""
    if 0 <= number < count:
        st.session_state[FILTER] = number


def _wall(title: str, bank: Bank, found: Kernels | None, order: Sequence[int] | object, after: int = 0) -> Wall:
    """Filters in this order; those that are not trained are numbered from ``after``."""
    numbers = [int(number) for number in np.asarray(order)]
    return Wall(
        title,
        bank.weights[numbers],
        [number + after for number in numbers],
        [f"Untrained filter {number}" if after else f"Filter {number}" for number in numbers],
        [words.facts(bank, number) for number in numbers],
        [found.first_plane(number) if found else 0 for number in numbers],
        None if found is None else [float(found.bias[number]) for number in numbers],
        [str(number) for number in numbers],
    )


def _bins(bank: Bank, fresh: Bank, own: bool) -> tuple[list[float], list[tuple[str, list[int]]]]:
    """Edges and counts of the weights, or of the weights over the standard deviation of their like."""
    values = [each.weights / ((own and each.weights.std()) or 1.0) for each in (bank, fresh)]
    limit = float(max(np.abs(each).max() for each in values)) or 1.0
    edges = np.linspace(-limit, limit, BINS + 1)
    counts = [np.histogram(each, edges)[0].tolist() for each in values]
    return edges.tolist(), list(zip(("trained", "untrained"), counts, strict=True))


def _uniform(bank: Bank) -> str:
    planes, height, width = bank.weights.shape[1:]
    bound = (planes * height * width) ** -0.5
    return (
        rf"w_{{\text{{untrained}}}} \sim \mathcal{{U}}\left(-b, b\right), \quad b = \frac{{1}}"
        rf"{{\sqrt{{{planes} \cdot {height} \cdot {width}}}}} = {bound:.4f}, \quad \sigma = \frac{{b}}{{\sqrt 3}} = "
        rf"{bound / 3**0.5:.4f}"
    )
