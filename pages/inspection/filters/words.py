"""What the page "Filters" says in words and formulas, computed from the present filters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from explainer.inspection.filter_bank import Bank
from explainer.inspection.filters import Order
from explainer.training.film import Frame
from explainer.training.snapshot import Point
from explainer.words.book import Said, percent

UPRIGHT = 20  # degrees that stripes may lean and still stand, or lie
MOSTLY, HARDLY = 0.5, 0.05  # shares of colour
FAINT = 0.1  # of the median length


def facts(bank: Bank, number: int) -> str:
    """One or two lines about one filter."""
    length = f"L2 norm {bank.norms[number]:.3g}"
    colour = f" · {percent(bank.colour[number], '#.0%')} colour" if bank.in_colour else ""
    lines = [f"{length}{colour} · {stripes(bank, number)}"]
    if len(bank.weights) > 2:
        near, far = bank.twin(number), bank.twin(number, -1)
        lines.append(
            f"Most like {near} ({signed(bank.alike[number, near])}), least {far} ({signed(bank.alike[number, far])})"
        )
    return "\n".join(lines)


def stripes(bank: Bank, number: int) -> str:
    """What one filter is tuned to."""
    if bank.weights.shape[2] * bank.weights.shape[3] == 1:
        return "One number for each map: no shape."
    if not bank.striped()[number]:
        return "No clear stripes"
    frequency = bank.tuning.frequency[number]
    period = f", a period of {1 / frequency:.1f} pixels" if frequency else ", wider than the filter"
    return f"Stripes at {bank.tuning.angle[number]:.0f}°{period}"


def said(bank: Bank, by: Order, number: int) -> str:
    """What to notice in this order."""
    match by:
        case "orientation":
            return said_of_stripes(bank)
        case "similarity":
            return said_of_twins(bank, number)
        case "colour":
            return said_of_colour(bank)
        case "norm":
            return said_of_lengths(bank)
        case "number":
            n, planes, height, width = bank.weights.shape
            return (
                f"{n} filters of {planes} × {height} × {width} = {planes * height * width} weights each: "
                f"{bank.weights.size:,} numbers, all learned from examples."
            )


def said_of_stripes(bank: Bank) -> str:
    """How many have stripes, and how they lie."""
    striped = bank.striped()
    if not striped.any():
        return (
            f"None of the {len(striped)} filters is more striped than one in a hundred random ones: with "
            f"{bank.weights[0].size} weights each, a network need not learn neat stripes to work well."
        )
    lean = np.abs((bank.tuning.angle[striped] + 90) % 180 - 90)  # degrees from lying
    lying, standing = int((lean <= UPRIGHT).sum()), int((lean >= 90 - UPRIGHT).sum())
    return (
        f"Filters with stripes or edges: {striped.sum()} of {len(striped)}, the horizontal ones first: {lying} "
        f"horizontal, {standing} vertical, {striped.sum() - lying - standing} oblique. Those without stripes come last."
    )


def said_of_twins(bank: Bank, number: int) -> str:
    """Which filters are most and least alike, and how many have an opposite."""
    if len(bank.weights) < 3:
        return "So few filters have no order."
    near, far = bank.twin(number), bank.twin(number, -1)
    opposite = int((bank.alike.min(1) < -0.8).sum())
    return (
        f"Filter {number} is most like filter {near} (cosine {signed(bank.alike[number, near])}) and least like "
        f"{far} ({signed(bank.alike[number, far])}). {opposite} of {len(bank.weights)} filters have an opposite below "
        "−0.8: after ReLU one filter cannot say both signs."
    )


def said_of_colour(bank: Bank) -> str:
    """How many are about colour, and how many are not."""
    much, little = int((bank.colour >= MOSTLY).sum()), int((bank.colour <= HARDLY).sum())
    count = len(bank.weights)
    if much and little:
        return str(Said("filters.colour.split", much=much, little=little, count=count))
    return str(Said("filters.colour.mixed", much=much, little=little, count=count))


def said_of_lengths(bank: Bank) -> str:
    """How the lengths differ, and whether some filters hardly answer."""
    longest, shortest = float(bank.norms.max()), float(bank.norms.min())
    faint = int((bank.norms < FAINT * np.median(bank.norms)).sum())
    if shortest == 0:
        return "The filter of the smallest L2 norm is all zeros: it gives the same for every picture."
    rest = f" {faint} have less than a tenth of the median: they hardly answer." if faint else ""
    return f"The largest L2 norm is {longest / shortest:.3g} times the smallest.{rest}"


def formula(bank: Bank, by: Order, number: int, bias: float) -> str:
    """The formula of what the filters are sorted by, with the numbers of one of them."""
    name = rf"w_{{{number}}}"
    match by:
        case "norm":
            return rf"\lVert {name} \rVert = \sqrt{{\textstyle\sum w^2}} = {bank.norms[number]:.4g}"
        case "colour":
            return (
                r"\frac{\sum_c \lVert w_c - \bar w \rVert^2}{\sum_c \lVert w_c \rVert^2}"
                rf" = {bank.colour[number]:.3f} \quad\text{{for filter }} {number},\ \bar w \text{{: its grey}}"
            )
        case "similarity":
            near = bank.twin(number)
            cosine = rf"\frac{{{name} \cdot w_{{{near}}}}}{{\lVert {name} \rVert\, \lVert w_{{{near}}} \rVert}}"
            return rf"\cos({name}, w_{{{near}}}) = {cosine} = {bank.alike[number, near]:.3f}"
        case "orientation":
            return (
                r"\theta = 90^\circ + \tfrac12 \arg \sum_{f \neq 0} P(f)\, e^{2 i \angle f}"
                rf" = {bank.tuning.angle[number]:.1f}^\circ, "
                rf"\quad \text{{strength }} {bank.tuning.strength[number]:.2f}"
            )
        case "number":
            planes, height, width = bank.weights.shape[1:]
            return (
                rf"y_{{{number}}}(r, s) = {bias:.3g} + \sum_{{c < {planes}}} \sum_{{i < {height},\, j < {width}}} "
                rf"{name}(c, i, j)\, x_c(r + i, s + j)"
            )


def compared(bank: Bank, fresh: Bank) -> str:
    """Trained and fresh filters in numbers."""
    spread, before = float(bank.weights.std()), float(fresh.weights.std())
    beyond = float((np.abs(bank.weights) > np.abs(fresh.weights).max()).mean())
    return (
        f"The spread of the weights is {spread:.3g}, that of untrained ones {before:.3g}; "
        f"{percent(beyond)} are larger "
        f"than any untrained weight. {int(bank.striped().sum())} of {len(bank.weights)} trained filters have stripes, "
        f"{int(fresh.striped().sum())} untrained ones."
    )


def moment(frame: Frame, points: Sequence[Point]) -> str:
    """One line under a frame: when, and how good the network was."""
    known = [point for point in points if point.step <= frame.step]
    tested = next((point for point in reversed(known) if point.test_accuracy is not None), None)
    accuracy = f" · {percent(tested.test_accuracy, '#.1%')} test accuracy" if tested and tested.test_accuracy else ""
    return f"Step {frame.step:,} · epoch {frame.epoch:.2f}{accuracy}"


def moved(frames: Sequence[Frame]) -> NDArray[np.float64]:
    """How far all kernels together are from their start (frames,), over their length at the start."""
    start = frames[0].picture.astype(np.float64)
    length = float(np.sqrt(np.square(start).sum())) or 1.0
    distances = [np.sqrt(np.square(frame.picture.astype(np.float64) - start).sum()) for frame in frames]
    return np.array(distances) / length


def said_of_film(frames: Sequence[Frame], distances: NDArray[np.float64]) -> str:
    """What to notice in a film."""
    if len(frames) < 2:
        return "Only the start is known so far: filters as they were drawn at random."
    if not np.isfinite(distances[-1]):
        return "The weights grew without limit: the run diverged. Try a lower learning rate."
    half = int(np.argmax(distances >= distances[-1] / 2))
    return (
        f"After {frames[-1].step:,} steps the filters have moved by {percent(distances[-1])} of their length at the "
        f"start; half of that way was done by step {frames[half].step:,}."
    )


def signed(value: float) -> str:
    """A cosine with two decimals and a true minus."""
    return f"{value:.2f}".replace("-", "−")
