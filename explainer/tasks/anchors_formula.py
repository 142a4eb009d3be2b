"""The coding of a box by an anchor, and an anchor's share of the loss, in LaTeX with numbers put in."""

from __future__ import annotations

from explainer.tasks.anchors import BALANCE, BATCH, Loss, coded
from explainer.tasks.boxes import Box

_Four = tuple[float, float, float, float]


def coding_formulas(truth: Box, anchor: Box) -> tuple[str, str, str, str]:
    """t of the truth, a coordinate each."""
    x, y, width, height = _middle(truth)
    x_a, y_a, width_a, height_a = _middle(anchor)
    t = [f"{value:.3f}" for value in _positive_zero(coded(truth, anchor))]
    return (
        rf"t^*_x = \frac{{x^* - x_a}}{{w_a}} = \frac{{{x} - {_bracketed(x_a)}}}{{{width_a}}} = {t[0]}",
        rf"t^*_y = \frac{{y^* - y_a}}{{h_a}} = \frac{{{y} - {_bracketed(y_a)}}}{{{height_a}}} = {t[1]}",
        rf"t^*_w = \log \frac{{w^*}}{{w_a}} = \log \frac{{{width}}}{{{width_a}}} = {t[2]}",
        rf"t^*_h = \log \frac{{h^*}}{{h_a}} = \log \frac{{{height}}}{{{height_a}}} = {t[3]}",
    )


def decoding_formulas(predicted: _Four, anchor: Box, made: Box) -> tuple[str, str, str, str]:
    """From the predicted t back to pixels: ``made`` is the box that it makes of the anchor."""
    x_a, y_a, width_a, height_a = _middle(anchor)
    x, y, width, height = _middle(made)
    t = [f"{value:g}" for value in predicted]
    return (
        rf"x = x_a + w_a t_x = {x_a} + {width_a} \cdot {_bracketed(t[0])} = {x}",
        rf"y = y_a + h_a t_y = {y_a} + {height_a} \cdot {_bracketed(t[1])} = {y}",
        rf"w = w_a e^{{t_w}} = {width_a}\, e^{{{t[2]}}} = {width}",
        rf"h = h_a e^{{t_h}} = {height_a}\, e^{{{t[3]}}} = {height}",
    )


def loss_formulas(found: Loss, probability: float, *, is_positive: bool, positions: int) -> tuple[str, str]:
    """The smooth L1 loss of the four coordinates, and both parts of the loss with their weights."""
    terms = " + ".join(f"{value:.3f}" for value in found.coordinates)
    boxes = rf"L_\mathrm{{reg}} = \sum_{{i \in x, y, w, h}} \mathrm{{smooth}}_{{L_1}}(t_i - t^*_i) = {terms}"
    share = f"{probability:g}" if is_positive else f"(1 - {probability:g})"
    star = "1" if is_positive else "0"
    whole = (
        rf"\frac{{L_\mathrm{{cls}}}}{{N_\mathrm{{cls}}}} + \lambda\, \frac{{p^* L_\mathrm{{reg}}}}{{N_\mathrm{{reg}}}}"
        rf" = \frac{{-\log {share}}}{{{BATCH}}}"
        rf" + {BALANCE} \cdot \frac{{{star} \cdot {sum(found.coordinates):.3f}}}{{{_grouped(positions)}}}"
        rf" = {found.class_part:.5f} + {found.box_part:.5f} = {found.whole:.5f}"
    )
    return rf"{boxes} = {sum(found.coordinates):.3f}", whole


def _middle(box: Box) -> tuple[str, str, str, str]:
    left, top, right, bottom = box
    x, y, width, height = _positive_zero(((left + right) / 2, (top + bottom) / 2, right - left, bottom - top))
    return f"{x:.1f}", f"{y:.1f}", f"{width:.1f}", f"{height:.1f}"


def _positive_zero(values: _Four) -> list[float]:
    """-0.0001 would be written as -0.000."""
    return [0.0 if abs(value) < 5e-4 else value for value in values]


def _bracketed(number: str) -> str:
    return f"({number})" if number.startswith("-") else number


def _grouped(count: int) -> str:
    return f"{count:,}".replace(",", "{,}")
