"""The first view of the page "Batch normalization": a small tensor whose numbers share means and variances."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from explainer.data.activations import ActivationsName, activations
from explainer.data.grid_text import GridError, parse_numbers
from explainer.layers.geometry import GeometryError, batch_norm_parameters
from explainer.layers.normalization import Affine, Floats, Kind, Normalized, is_refused, normalize
from explainer.layers.normalization_code import groups_formula, normalization_code, normalization_formula, said
from explainer.ui.controls.choice import choice
from explainer.ui.controls.grid_notes import note_meanings
from explainer.ui.controls.inputs import LINK
from explainer.ui.frame import page
from explainer.words.book import Said, SaidError
from pages.layers.normalization.kinds import KINDS
from pages.layers.normalization.statistics_grid import groups_grid, statistics_grid

INPUTS: dict[ActivationsName, str] = {
    "random": "Whole numbers at random",
    "loud-channel": "One channel is loud",
    "bright-picture": "One picture is bright",
    "equal": "All numbers are equal",
}
EPSILONS = {"0": 0.0, "0.00001": 1e-5, "0.001": 1e-3, "0.1": 0.1, "1": 1.0, "10": 10.0}
MOST_PICTURES, MOST_CHANNELS, MOST_SIDE = 4, 6, 3

_NOTICES = {
    "none": "Nothing is shared: every number passes as it is, however large its channel or its picture.",
    "batch": (
        "One mean per channel, {sets} in all, each over every picture of the batch: the output of a picture depends on "
        "the others. Means from {low} to {high} all become β."
    ),
    "batch of one": (
        "One mean per channel, {sets} in all, each over the one picture of the batch: with more pictures they would "
        "share it. Means from {low} to {high} all become β."
    ),
    "layer": (
        "One mean per picture, {sets} in all, each over every channel: a batch of one picture works too. "
        "Means from {low} to {high} become 0 before γ and β."
    ),
    "instance": (
        "One mean for each channel of each picture, {sets} in all: how bright a picture is gets lost. "
        "Means from {low} to {high} all become β."
    ),
    "group": (
        "One mean for each group of channels of a picture, {sets} in all, without the rest of the batch. One group is "
        "layer normalization, as many groups as channels are instance normalization."
    ),
    "alone": (
        "Every set has one number: it is its own mean, its variance is 0, and so every output is β, whatever the input "
        "was."
    ),
    "undefined": "{undefined} of {numbers} numbers are 0 / 0, because their variance is 0: choose a larger ε.",
    "damped": (
        "ε = {eps} is not small beside the least variance, {least}: what is normalized keeps a variance below 1."
    ),
}
_REFUSED = " PyTorch refuses to train like this."


@dataclass(frozen=True, eq=False)
class Chosen:
    """What the controls hold: ``inputs`` (N, C, H, W) and the settings; one group where there are none."""

    inputs: NDArray[np.float64]
    kind: Kind
    groups: int
    eps: float
    affine: Affine


@dataclass(frozen=True, eq=False)
class View(Chosen):
    """What is shown: the settings, and the result."""

    result: Normalized


def show(left: DeltaGenerator, right: DeltaGenerator) -> None:
    """The controls beside the tensor, and below them what it says."""
    with left:
        chosen, problem = _controls()
    with right:
        try:
            view = _view(chosen)
        except GeometryError as impossible:
            _draw_impossible(chosen, impossible)
            return
        _draw(view, problem)
    page.pytorch_snippet(code(view))


def _controls() -> tuple[Chosen, SaidError | None]:
    """What they hold, and what is wrong with the scale and the shift."""
    kind = choice("Normalization", KINDS, "n_kind")
    name = choice("Numbers", INPUTS, "n_input")
    left, right = page.side_by_side("n_shape")
    pictures = int(left.slider("Pictures N", 1, MOST_PICTURES, 2, key="n_n", bind=LINK))
    channels = int(right.slider("Channels C", 1, MOST_CHANNELS, 4, key="n_c", bind=LINK))
    left, right = page.side_by_side("n_inner")
    side = int(left.slider("Side H = W", 1, MOST_SIDE, 2, key="n_side", bind=LINK))
    groups = int(right.slider("Groups", 1, MOST_CHANNELS, 2, key="n_groups", bind=LINK, disabled=kind != "group"))
    eps = EPSILONS[str(st.select_slider("ε", list(EPSILONS), "0.00001", key="n_eps", bind=LINK))]
    affine, problem = _affine(channels)
    inputs = activations(name, (pictures, channels, side, side))
    return Chosen(inputs, kind, groups if kind == "group" else 1, eps, affine), problem


def _view(chosen: Chosen) -> View:
    """Raises GeometryError for groups that do not divide the channels."""
    inputs, kind, groups, eps, affine = chosen.inputs, chosen.kind, chosen.groups, chosen.eps, chosen.affine
    return View(inputs, kind, groups, eps, affine, normalize(inputs, kind, affine, groups=groups, eps=eps))


def _affine(channels: int) -> tuple[Affine, SaidError | None]:
    """What is typed, and what is wrong with it."""
    left, right = page.side_by_side("n_affine")
    told = "One number for all channels, or one for each."
    gamma = left.text_input("Scale γ", "1", key="n_gamma", bind=LINK, max_chars=120, help=told)
    beta = right.text_input("Shift β", "0", key="n_beta", bind=LINK, max_chars=120, help=told)
    note_meanings(gamma, left, has_rows=False)
    note_meanings(beta, right, has_rows=False)
    scale, no_scale = _numbers("γ", gamma, channels, 1)
    shift, no_shift = _numbers("β", beta, channels, 0)
    return Affine(scale, shift), no_scale or no_shift


def _numbers(name: str, text: str | None, channels: int, first: float) -> tuple[Floats, SaidError | None]:
    """The numbers of ``text``, or what a layer begins with, ``first`` for every channel, and why."""
    try:
        return per_channel(name, text, channels), None
    except GridError as problem:
        return np.full(channels, first), SaidError(Said("normalization.until_then", why=problem.said, value=first))


def per_channel(name: str, text: str | None, channels: int) -> Floats:
    """The numbers (channels,) that ``text`` holds: one for all, or one for each. Raises GridError."""
    if not (text or "").strip(" \t\n,;"):
        raise GridError(f"{name} is empty: type one number for all channels, such as 1, or {channels} numbers.")
    found = parse_numbers(text or "", 60)
    if len(found) not in (1, channels):
        raise GridError(f"{name} has {len(found)} numbers: type one for all channels, or {channels}, one for each.")
    return np.broadcast_to(found, channels).copy()


def _draw_impossible(chosen: Chosen, problem: GeometryError) -> None:
    """Which channels are left over, what to change, and the division with the present numbers."""
    groups_grid(chosen.inputs, chosen.groups, key="n_grid")
    page.impossible(problem)
    page.formula(groups_formula(chosen.inputs.shape[1], chosen.groups))


def _draw(view: View, problem: SaidError | None) -> None:
    statistics_grid(
        inputs=view.inputs,
        result=view.result,
        kind=view.kind,
        affine=view.affine,
        eps=view.eps,
        groups=view.groups,
        key="n_grid",
    )
    if problem:
        page.impossible(problem)
    else:
        page.notice(notice(view))
    page.formula(normalization_formula(view.inputs, view.result, view.affine, view.eps))
    channels = view.inputs.shape[1]
    if view.kind != "none":
        st.markdown(
            f"**{batch_norm_parameters(channels)} parameters**: a γ and a β for each channel, learned like weights. "
            f"Numbers that share a mean: m = {view.result.count}."
        )


def notice(view: View) -> str:
    """One sentence on what the present values show."""
    result = view.result
    undefined = int(np.isnan(result.output).sum())
    which: str = view.kind
    if view.kind != "none" and result.count == 1:
        which = "alone"
    elif view.kind != "none" and view.eps > 0.1 * float(result.variance.min()) > 0:
        which = "damped"
    elif view.kind == "batch" and len(view.inputs) == 1:
        which = "batch of one"
    if undefined:
        which = "undefined"
    known = result.mean if result.count else np.zeros(1)
    spread = result.variance if result.count else np.zeros(1)
    sentence = _NOTICES[which] + (
        _REFUSED if which == "alone" and is_refused(view.inputs.shape, view.kind, view.groups) else ""
    )
    return sentence.format(
        sets=len(result.mean),
        undefined=undefined,
        numbers=view.inputs.size,
        eps=f"{view.eps:g}",
        low=said(float(known.min())),
        high=said(float(known.max())),
        least=said(float(spread.min())),
    )


def code(view: View) -> str:
    """PyTorch code that computes the output."""
    return normalization_code(view.inputs, view.kind, view.affine, view.groups, view.eps)
