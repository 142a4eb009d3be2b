"""The page "Dropout", its other kinds: DropConnect, spatial dropout, and alpha dropout with SELU."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import streamlit as st

from explainer.figures import dropout as figures
from explainer.layers import dropout
from explainer.layers.dropout import Floats, Mask
from explainer.layers.dropout_code import (
    alpha_code,
    alpha_formula,
    connected_code,
    connected_formula,
    spatial_code,
    spatial_formula,
)
from explainer.layers.normalization_code import said
from explainer.networks import hidden_digits
from explainer.networks.hidden_digits import CLASSES, UNITS
from explainer.ui.components.tiles import Tile, TileRow, tiles
from explainer.ui.controls.choice import segmented
from explainer.ui.frame import page
from explainer.ui.frame.drawn import drawn

PASSES = 100
GRID = (6, 8)  # rows and columns in which the UNITS are drawn
MANY = 1000  # masks over which logits are measured
NUMBERS, LAYERS, WIDTH = 100_000, 8, 96  # of SELU: measured once, and layer by layer
CONNECT, SPATIAL, ALPHA = "dropconnect", "spatial", "alpha"
KINDS = {CONNECT: "DropConnect", SPATIAL: "Spatial dropout", ALPHA: "Alpha dropout with SELU"}


@dataclass(frozen=True, eq=False)
class View:
    """What is shown: the class of the ``digit``, the ``rate``, the ``number`` of the pass from 1, and the ``seed``."""

    digit: int
    rate: float
    number: int
    seed: int

    @property
    def hidden(self) -> Floats:
        """What the hidden layer holds (UNITS,)."""
        return hidden_digits.hidden(self.digit)

    @cached_property
    def unit_masks(self) -> Mask:
        """(PASSES, UNITS)."""
        return dropout.masks(PASSES, (UNITS,), self.rate, self.seed)

    @property
    def inverted(self) -> Floats:
        """What goes on to the next layer in this pass (UNITS,)."""
        return dropout.inverted(self.hidden, self.unit_masks[self.number - 1], self.rate)


def show(view: View) -> str:
    """The chosen kind; the code that computes it."""
    kind = segmented("Kind", KINDS, "d_kind", label_visibility="collapsed")
    return {SPATIAL: _show_spatial, ALPHA: _show_alpha}.get(kind, _show_connect)(view)


def _show_connect(view: View) -> str:
    layer = hidden_digits.last_layer()
    units, weights = view.unit_masks[view.number - 1], _weight_masks(view, PASSES)[view.number - 1]
    limit = float(np.abs(layer.weights).max()) / (1 - view.rate)
    both = {"Dropout: a dropped unit is missing in every class": units[None].repeat(CLASSES, 0)}
    both["DropConnect: every weight for itself"] = weights
    rows = [
        _weights(f"{title} ({keep.sum()} of {keep.size} weights work)", keep, view, limit)
        for title, keep in both.items()
    ]
    tiles(rows, "d_weights")
    page.notice(_said_of_connect(view))
    page.formula(
        connected_formula(
            values=view.hidden,
            weights=layer.weights[view.digit],
            bias=float(layer.bias[view.digit]),
            keep=weights[view.digit],
            rate=view.rate,
        )
    )
    return connected_code(view.digit, PASSES, view.rate, view.seed)


def _weight_masks(view: View, count: int) -> Mask:
    return dropout.masks(count, (CLASSES, UNITS), view.rate, view.seed)


def _weights(title: str, keep: Mask, view: View, limit: float) -> TileRow:
    """A tile a class: how large the weights are with which it reads the hidden layer; hatched where dropped."""
    weights = dropout.inverted(hidden_digits.last_layer().weights, keep, view.rate)
    shown = np.where(keep, np.abs(weights), np.nan).astype(np.float32).reshape(CLASSES, *GRID)
    drawn = tuple(
        Tile(
            pixels=each,
            caption=f"class {label}",
            detail=f"Class {label}: {kept.sum()} of {UNITS} weights work, drawn by size; hatched: dropped.",
            emphasis="strong" if label == view.digit else "none",
        )
        for label, (each, kept) in enumerate(zip(shown, keep, strict=True))
    )
    return TileRow(title, drawn, "sequential", limit, 66)


def _said_of_connect(view: View) -> str:
    layer, c = hidden_digits.last_layer(), view.digit
    full = layer.weights @ view.hidden + layer.bias
    other = int(np.argsort(full)[-2])
    units = dropout.masks(MANY, (UNITS,), view.rate, view.seed)
    one = dropout.logits(view.hidden, layer.weights, layer.bias, units, view.rate)
    two = dropout.connected_logits(view.hidden, layer.weights, layer.bias, _weight_masks(view, MANY), view.rate)
    if not view.rate:
        return "At a rate of 0 nothing is dropped, and all masks give the same: both kinds are the network as it is."
    spread = dropout.input_deviation(view.hidden, layer.weights[c], view.rate)
    alike = [dropout.correlation(each[:, c], each[:, other]) for each in (one, two)]
    return (
        f"Over {MANY:,} masks the logit of class {c} has a standard deviation of **{said(float(one[:, c].std()))}** "
        f"with dropout and **{said(float(two[:, c].std()))}** with DropConnect: by the formula both are {said(spread)}."
        f" But with dropout classes {c} and {other} share their units, and their logits correlate at "
        f"**{_signed(alike[0])}**; with DropConnect each has a mask of its own: **{_signed(alike[1])}**."
    )


def _signed(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def _show_spatial(view: View) -> str:
    maps, chosen = hidden_digits.maps(view.digit), view.number - 1
    channels = dropout.masks(PASSES, (len(maps),), view.rate, view.seed)[chosen]
    cells = dropout.masks(PASSES, maps.shape, view.rate, view.seed)[chosen]
    limit = float(maps.max())
    rows = [
        _maps("The maps of the second convolution", maps, limit),
        _maps("Dropout: single cells", dropout.inverted(maps, cells, view.rate), limit / (1 - view.rate)),
        _maps(
            "Spatial dropout: whole maps",
            np.where(channels[:, None, None], dropout.spatial(maps, channels, view.rate), np.nan),
            limit / (1 - view.rate),
        ),
    ]
    tiles(rows, "d_maps")
    page.notice(
        _said_of_maps(dropout.told_by_neighbours(maps, cells), int(channels.sum()), len(maps), int(cells.sum()))
    )
    page.formula(spatial_formula(maps, channels, view.rate))
    return spatial_code(view.digit, chosen, view.rate, view.seed)


def _maps(title: str, maps: Floats, limit: float) -> TileRow:
    """A tile a map, hatched where all of it is dropped."""
    drawn = tuple(Tile(each.astype(np.float32), f"map {number}") for number, each in enumerate(maps))
    return TileRow(title, drawn, "sequential", limit, 72)


def _said_of_maps(alike: float, kept: int, channels: int, cells: int) -> str:
    whole = f"Spatial dropout keeps {kept} of {channels} maps; of a dropped one nothing is left to guess from."
    if np.isnan(alike):
        return f"Dropout keeps {cells:,} cells: there is no dropped cell with varied neighbours to guess from. {whole}"
    return (
        f"Dropout keeps {cells:,} cells: a dropped cell and the mean of its kept neighbours "
        f"correlate at **{_signed(alike)}**, where 1 would give it away and 0 says nothing. {whole}"
    )


def _show_alpha(view: View) -> str:
    seed = view.seed + PASSES * view.number  # each pass has its own numbers
    measured = _measured(view.rate, seed)
    lines = [f"| {NUMBERS:,} normal numbers, no digit | mean | variance |", "|---|---:|---:|"]
    lines += [f"| {name} | {mean:.3f} | {variance:.3f} |".replace("-0.", "−0.") for name, mean, variance in measured]
    st.markdown("\n".join(lines))
    plain, kept = (_through(view.rate, view.seed, is_alpha=is_alpha) for is_alpha in (False, True))
    figure = drawn(figures.variance_through_layers, plain[1], kept[1], page.is_dark())
    alt = f"Curves: the variance through {LAYERS} SELU layers with plain dropout and with alpha dropout."
    page.chart_below(figure, alt, key="d_variance")
    page.notice(
        f"After {LAYERS} SELU layers with a rate of {view.rate:.2f}, plain dropout has a mean of "
        f"**{_large(float(plain[0][-1]))}** and a variance of **{_large(float(plain[1][-1]))}**; alpha dropout has "
        f"**{_signed(float(kept[0][-1]))}** and **{_signed(float(kept[1][-1]))}**, where 0 and 1 are wanted."
    )
    page.formula(alpha_formula(view.rate))
    return alpha_code(NUMBERS, view.rate, seed)


def _large(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else _signed(value)


@st.cache_data(max_entries=64, show_spinner=False)
def _measured(rate: float, seed: int) -> list[tuple[str, float, float]]:
    """Mean and variance of SELU's values, and of what both kinds of dropout make of them."""
    values = dropout.selu_values(NUMBERS, seed)
    keep = dropout.masks(1, (NUMBERS,), rate, seed + 1)[0]
    made = {
        "after SELU": values,
        "then plain dropout": dropout.inverted(values, keep, rate),
        "then alpha dropout": dropout.alpha(values, keep, rate),
    }
    return [(name, float(each.mean()), float(each.var())) for name, each in made.items()]


@st.cache_data(max_entries=64, show_spinner=False)
def _through(rate: float, seed: int, *, is_alpha: bool) -> tuple[Floats, Floats]:
    return dropout.through_layers(LAYERS, WIDTH, rate, seed, is_alpha=is_alpha)
