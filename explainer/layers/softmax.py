"""Softmax with a temperature, step by step and without overflow, and the cross-entropy loss with its gradient.

Source: I. Goodfellow, Y. Bengio, A. Courville, "Deep Learning", MIT Press 2016, sections 4.1 and 6.2.2.3.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SMALLEST_SINGLE = float(np.log(np.finfo(np.float32).tiny))  # below e to this, -87.34, float32 has fewer digits
LARGEST_SINGLE = float(np.log(np.finfo(np.float32).max))  # e to more than this is too large for float32: 88.72


@dataclass(frozen=True, eq=False)
class Softmax:
    """All steps from logits to probabilities, each (classes,).

    ``scaled`` are the logits divided by the temperature, ``shifted`` those less their largest, ``powers`` are e to
    them, 0 to 1, ``total`` is the sum of the powers, ``probabilities`` their shares in it, which add up to 1.
    """

    logits: Floats
    temperature: float
    scaled: Floats
    shifted: Floats
    powers: Floats
    total: float
    probabilities: Floats


@dataclass(frozen=True, eq=False)
class CrossEntropy:
    """The loss of a prediction whose class is ``label``, in nats, and what it does to the logits.

    ``loss`` is -log of the probability of ``label``, ``target`` (classes,) is 1 there and else 0, and ``gradient``
    (classes,) that of the loss by the logits, (probabilities - target) / temperature.
    """

    label: int
    loss: float
    target: Floats
    gradient: Floats


def softmax(logits: Floats, temperature: float = 1.0) -> Softmax:
    """Softmax of finite ``logits`` (classes,), one or more, for a ``temperature`` above 0.

    The largest is subtracted first: that changes no share and keeps every power at 1 or below. Raises ValueError for
    a temperature that is not above 0.
    """
    if not temperature > 0:
        raise ValueError(f"The temperature is {temperature}: choose one above 0.")
    scaled = np.asarray(logits, np.float64) / temperature
    shifted = scaled - scaled.max()
    powers = np.exp(shifted)
    total = float(powers.sum())
    return Softmax(np.asarray(logits, np.float64), temperature, scaled, shifted, powers, total, powers / total)


def probabilities(logits: Floats) -> Floats:
    """Softmax of finite ``logits`` (..., classes) along the last axis, in the shape of the logits."""
    powers = np.exp(logits - logits.max(-1, keepdims=True))
    shares: Floats = powers / powers.sum(-1, keepdims=True)
    return shares


def unshifted_powers(scaled: Floats) -> NDArray[np.float32]:
    """e to each of ``scaled`` (n,) as float32 holds it: infinite above ``LARGEST_SINGLE``, and 0 far below 0."""
    with np.errstate(over="ignore", under="ignore"):
        powers: NDArray[np.float32] = np.exp(scaled).astype(np.float32)
    return powers


def unshifted(scaled: Floats) -> NDArray[np.float32]:
    """The shares (n,) that float32 finds without the shift; not a number where infinity is divided by itself."""
    powers = unshifted_powers(scaled)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        shares: NDArray[np.float32] = powers / powers.sum(dtype=np.float32)
    return shares


def cross_entropy(given: Softmax, label: int) -> CrossEntropy:
    """The loss where the class ``label``, counted from 0, is right.

    Computed as log(total) - shifted, which stays finite where the probability itself is rounded to 0. Raises
    ValueError for a label that is no class.
    """
    if not 0 <= label < len(given.logits):
        raise ValueError(f"Class {label} is not among the {len(given.logits)} classes.")
    target = np.zeros(len(given.logits))
    target[label] = 1.0
    loss = float(np.log(given.total) - given.shifted[label])
    return CrossEntropy(label, loss, target, (given.probabilities - target) / given.temperature)


def entropy(probabilities: Floats) -> float:
    """The entropy in nats of ``probabilities`` (n,): 0 where one is 1, log(n) where all are equal."""
    known = probabilities[probabilities > 0]
    return float(-(known * np.log(known)).sum()) + 0.0
