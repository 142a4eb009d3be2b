"""The views "Softmax" and "Loss" of the page "From maps to probabilities": logits that a visitor types."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from explainer.data.grid_text import GridError, format_grid, parse_numbers
from explainer.figures.probabilities import probability_bars
from explainer.figures.softmax import gradient_bars, loss_curve
from explainer.layers.softmax import (
    LARGEST_SINGLE,
    SMALLEST_SINGLE,
    CrossEntropy,
    Softmax,
    cross_entropy,
    entropy,
    softmax,
    unshifted,
    unshifted_powers,
)
from explainer.layers.softmax_code import loss_code, loss_formula, shares, softmax_code, softmax_formula
from explainer.ui.controls.grid_notes import note_meanings
from explainer.ui.controls.inputs import LINK
from explainer.ui.frame import page
from explainer.ui.frame.drawn import drawn

FIRST, MOST_CLASSES = "2 1 0.1", 10
HEIGHT = 330  # of a chart, in pixels
# Ten classes and their sum stay above the fold of a projector.
DENSE = """<style>
.st-key-s_table :is(td, th) { padding: 0.05rem 0.4rem; white-space: nowrap; }
.st-key-s_table [data-testid="stMarkdownContainer"] { overflow-x: auto; }
@media (max-width: 640px) { .st-key-s_table :is(td, th) { padding: 0.05rem 0.2rem; font-size: 0.78rem; } }
</style>"""


def show_softmax(left: DeltaGenerator, right: DeltaGenerator) -> str:
    """Every step from the logits to the probabilities; returns the code for it."""
    with left:
        given = _controls()
    with right:
        numbers, bars = st.columns([2, 1], gap="medium")
        with numbers.container(key="s_table"):
            st.html(DENSE)
            st.markdown(table(given))
        with bars:
            figure = probability_bars(given.probabilities, _labels(given), page.is_dark(), HEIGHT)
            figure.update_xaxes(tickvals=[0, 50, 100])
            page.chart(figure, "Probability of each class", key="s_bars")
        page.notice(notice(given))
        page.formula(softmax_formula(given, int(given.probabilities.argmax())))
    return softmax_code(given)


def show_loss(left: DeltaGenerator, right: DeltaGenerator) -> str:
    """The loss of a right class and its gradient; returns the code for it."""
    with left:
        given = _controls()
        label = int(st.slider("True class", 0, MOST_CLASSES - 1, 0, key="s_true", bind=LINK))
    if label >= len(given.logits):
        last = len(given.logits) - 1
        raise GridError(f"There are classes 0 to {last}: move “True class” to one of them, or type more logits.")
    loss = cross_entropy(given, label)
    with right:
        pushes, curve = st.columns([1.4, 1], gap="medium")
        with pushes:
            figure = drawn(gradient_bars, loss.gradient, differences(given, loss), label, page.is_dark(), HEIGHT)
            page.chart(figure, "Gradient of the loss by each logit", key="s_gradient")
        with curve:
            figure = drawn(loss_curve, float(given.probabilities[label]), loss.loss, page.is_dark(), HEIGHT)
            page.chart(figure, "The loss over the probability of the true class", key="s_curve")
        page.notice(loss_notice(given, loss))
        page.formula(loss_formula(given, loss))
    return loss_code(given, label)


def logits_of(text: str | None) -> NDArray[np.float64]:
    """The numbers (2 to 10,) that ``text`` holds, in rows or columns. Raises GridError."""
    found = parse_numbers(text or "", MOST_CLASSES**2)
    if not 2 <= len(found) <= MOST_CLASSES:
        raise GridError(f"Type 2 to {MOST_CLASSES} logits, one for each class: there is {_count(len(found))}.")
    return found


def _count(number: int) -> str:
    return "only one" if number == 1 else f"room for {MOST_CLASSES}, not {number}"


def _controls() -> Softmax:
    told = "One number for each class, with spaces between them."
    text = st.text_area("Logits", FIRST, key="s_logits", bind=LINK, max_chars=400, height=90, help=told)
    note_meanings(text, has_rows=False)
    digit, take = page.side_by_side("s_take")
    digit.slider("Digit", 0, 9, 3, key="s_digit", bind=LINK, on_change=_take)
    take.button("Its logits", key="s_take", on_click=_take, help="Takes the network's for this digit.")
    temperature = float(st.slider("Temperature", 0.1, 10.0, 1.0, 0.1, key="s_t", bind=LINK))
    return softmax(logits_of(text), temperature)


def _take() -> None:
    """The logits become the network's for the digit of the slider."""
    from explainer.networks import digit_scores  # noqa: PLC0415  typed logits need no network and no torch

    logits = digit_scores.digit_logits(int(st.session_state.s_digit))
    st.session_state.s_logits = format_grid(np.round(logits, 2)[None])


def _labels(given: Softmax) -> list[str]:
    return [str(number) for number in range(len(given.logits))]


def table(given: Softmax) -> str:
    """All steps of every class as a Markdown table, with what float32 makes of the powers without the shift."""
    divided = "z" if given.temperature == 1 else "z/T"
    single = unshifted_powers(given.scaled)
    with np.errstate(over="ignore"):
        total = single.sum(dtype=np.float32)
    columns = {
        "class": [*_labels(given), "**sum**"],
        "$z$": [*map(_plain, given.logits), ""],
        "$z/T$": [*map(_plain, given.scaled), ""],
        f"${divided} - m$": [*map(_plain, given.shifted), ""],
        f"$e^{{{divided} - m}}$": [*map(_short, given.powers), f"**{_short(given.total)}**"],
        "$p$": [*shares(given.probabilities), "**100 %**"],
        f"$e^{{{divided}}}$, no shift": [*map(_short, single), f"**{_short(total)}**"],
    }
    if given.temperature == 1:
        del columns["$z/T$"]
    rows = zip(*columns.values(), strict=True)
    lines = [" | ".join(columns), " | ".join(["---:"] * len(columns)), *(" | ".join(row) for row in rows)]
    return "\n".join(f"| {line} |" for line in lines)


def notice(given: Softmax) -> str:
    """One sentence on what the present logits show."""
    if not np.allclose(unshifted(given.scaled), given.probabilities, rtol=0, atol=0.01):
        total = float(given.scaled.max() + np.log(given.total))
        return (
            f"Without the shift this fails: float32 holds $e^{{{SMALLEST_SINGLE:.1f}}}$ to "
            f"$e^{{{LARGEST_SINGLE:.1f}}}$ with all its digits, and the powers add up to $e^{{{total:.6g}}}$. With "
            "the largest subtracted, the largest power is 1, and the shares are the same."
        )
    order = np.argsort(-given.probabilities, kind="stable")
    first, second = int(order[0]), int(order[1])
    gap = float(given.scaled[first] - given.scaled[second])
    if not np.ptp(given.logits):
        return f"All {len(given.logits)} logits are equal, and so are the probabilities, at every temperature."
    if given.temperature != 1:
        plain = softmax(given.logits)
        flatter = "flatter" if given.temperature > 1 else "sharper"
        return (
            f"Temperature {given.temperature:g} makes the shares {flatter}: class {first} has "
            f"{shares(given.probabilities)[first]} instead of {shares(plain.probabilities)[first]}, and the order "
            f"stays. The entropy is {entropy(given.probabilities):.3g} nats, not {entropy(plain.probabilities):.3g}."
        )
    if gap == 0:
        return f"Classes {first} and {second} have equal logits, and so equal probabilities."
    return (
        f"Class {first} is {_plain(gap)} ahead of class {second}, so it is $e^{{{gap:.4g}}}$ = "
        f"{_times(gap)} times as probable: only differences between logits count."
    )


def _times(gap: float) -> str:
    """e to ``gap``, in words where that is beyond all reading."""
    return _plain(float(np.exp(gap))) if gap < 30 else "many billion"


def differences(given: Softmax, loss: CrossEntropy) -> list[str]:
    """How each number of the gradient comes about: p - y, divided by the temperature where it is not 1."""
    notes = []
    for p, y, value in zip(given.probabilities, loss.target, loss.gradient, strict=True):
        told = f"{p:.3f} − {y:.0f} = {round(value, 3) + 0.0:.3f}"
        if given.temperature != 1:  # shorter, for a phone
            told = f"({p:.2f} − {y:.0f}) / {given.temperature:g} = {round(value, 2) + 0.0:g}"
        notes.append(told.replace("-", "−"))
    return notes


def loss_notice(given: Softmax, loss: CrossEntropy) -> str:
    """One sentence on the present loss."""
    share = shares(given.probabilities)[loss.label]
    best = int(given.probabilities.argmax())
    if best != loss.label:
        return (
            f"The true class has {share}, so the loss is {_plain(loss.loss)}. A step against the gradient raises its "
            f"logit and lowers that of class {best} most; all of it together adds up to 0."
        )
    if loss.loss < 0.01:
        return f"The true class has {share}: the loss is {_plain(loss.loss)}, and next to no gradient is left."
    return (
        f"The true class leads with {share}, and the loss is {_plain(loss.loss)}: steps against the gradient go on "
        f"raising this logit and lowering the others, until the probability is 1. The gradient adds up to 0."
    )


def _plain(value: float | np.floating) -> str:
    """Four significant digits, with a true minus sign."""
    value = float(value)
    text = f"{value:,.0f}" if 1e4 <= abs(value) <= 1e7 else f"{value:.4g}"
    return ("0" if text == "-0" else text).replace("-", "−")


def _short(value: float | np.floating) -> str:
    """Three significant digits of what is not negative, or infinity."""
    text = "∞" if np.isinf(value) else f"{float(value):.3g}"
    return text.replace("-", "−").replace("e+", "e")
