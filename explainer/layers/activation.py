"""An activation function with its parameter put in, and what standard normal inputs make of it."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from explainer.layers.activation_functions import Function
from explainer.layers.activation_kinds import KINDS, MAXOUT, Activation, Kind, Piece
from explainer.layers.activation_latex import put_in, straight
from explainer.layers.maxout import PRESETS, Lines, corners, envelope, maxout
from explainer.words.latex import latex

CENTRED = 1e-4  # a mean output as near to 0 as this counts as zero


def activation(key: str, parameter: float | None = None, lines: Lines = PRESETS["relu"]) -> Activation:
    """The function ``key`` of ``KINDS`` with its ``parameter`` (None: the default), or the maxout of ``lines``.

    Raises KeyError for a key that is not among ``KINDS``.
    """
    kind = KINDS[key]
    if key == MAXOUT:
        return _maxout(kind, lines)
    number = kind.default if parameter is None else parameter
    pieces = tuple(
        replace(piece, value=put_in(piece.value, number), slope=put_in(piece.slope, number)) for piece in kind.pieces
    )
    return Activation(kind, kind.make(number), pieces, kind.code.format(p=repr(float(number))))


def normal_mean(function: Function) -> float:
    """The mean of the outputs for standard normal inputs, by the midpoint rule on 8,000 cells from -10 to 10."""
    x = (np.arange(8_000) + 0.5) / 400 - 10
    density = np.exp(-0.5 * x * x) / math.sqrt(2 * math.pi)
    return float((function.value(x) * density).sum() / 400)


def is_zero_centred(function: Function) -> bool:
    """Whether standard normal inputs have outputs of mean 0."""
    return abs(normal_mean(function)) < CENTRED


def _maxout(kind: Kind, lines: Lines) -> Activation:
    upper = envelope(lines)
    pieces = tuple(
        Piece(straight(slope, constant), latex(slope), until)
        for (slope, constant), until in zip(upper, (*corners(upper), math.inf), strict=True)
    )
    code = ", ".join(f"{slope!r} * x + {constant!r}" for slope, constant in lines)
    return Activation(kind, maxout(lines), pieces, f"torch.stack([{code}]).amax(0)")
