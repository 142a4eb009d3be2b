"""The formulas of segmentation in LaTeX, with the present numbers put in."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explainer.tasks.segmentation.config import CLASSES, UNetConfig
from explainer.tasks.segmentation.reports import SegmentationResults
from explainer.words.latex import latex

_CROSS_ENTROPY = r"-\frac{\sum_i w_i \ln p_i(y_i)}{\sum_i w_i}"
_DICE = r"1 - \frac{1}{%d} \sum_k \frac{2 \sum_i p_{ik} g_{ik}}{\sum_i p_{ik}^2 + \sum_i g_{ik}}"
_SQUARES = r"\frac{1}{N} \sum_i (\hat{x}_i - x_i)^2"


def loss_formula(config: UNetConfig, background: float, parts: tuple[float, ...] | None = None) -> str:
    """The loss of pixels i and classes k, with the ``background``'s weight, and the values of its parts where given."""
    terms = {
        "cross-entropy": _CROSS_ENTROPY,
        "dice": _DICE % CLASSES[config.data],
        "squared-error": _SQUARES,
    }
    written = rf"\mathcal{{L}} = {' + '.join(terms[part] for part in config.parts)}"
    if parts is not None:
        values = " + ".join(latex(value, 3) for value in parts)
        written += f" = {values}" + (f" = {latex(sum(parts), 3)}" if len(parts) > 1 else "")
    has_weights = "cross-entropy" in config.parts
    return written + (rf",\quad w_\mathrm{{background}} = {latex(background, 3)}" if has_weights else "")


def iou_formula(results: SegmentationResults, of: int) -> str:
    """Intersection over union of class ``of``: its pixels that are right, wrongly called so, and missed."""
    right, wrong, missed = _counts(results, of)
    return _fraction("IoU", f"{right}", f"{right} + {wrong} + {missed}", right, right + wrong + missed)


def dice_formula(results: SegmentationResults, of: int) -> str:
    """Dice of class ``of``, with the same counts."""
    right, wrong, missed = _counts(results, of)
    under = rf"2 \cdot {right} + {wrong} + {missed}"
    return _fraction("Dice", rf"2 \cdot {right}", under, 2 * right, 2 * right + wrong + missed)


def psnr_formula(psnr: float) -> str:
    """Of values in 0..1: the mean squared error that gives ``psnr`` dB."""
    return rf"\mathrm{{PSNR}} = 10 \log_{{10}} \frac{{1}}{{{latex(10 ** (-psnr / 10), 3)}}} = {psnr:.1f}\,\mathrm{{dB}}"


def pixel_formula(name: str, logits: NDArray[np.float32]) -> str:
    """The probability of the likeliest of a pixel's classes, called ``name``, from its ``logits`` (k,), at least three.

    Only the three largest are written: the others add little.
    """
    highest = np.sort(logits.astype(np.float64))[::-1]
    powers = " + ".join(f"e^{{{latex(float(value), 3)}}}" for value in highest[:3])
    probability = 1 / float(np.exp(highest - highest[0]).sum())
    over = f"e^{{{latex(float(highest[0]), 3)}}}"
    return rf"p_\text{{{name}}} = \frac{{{over}}}{{{powers} + \dots}} \approx {probability:.3f}"


def _counts(results: SegmentationResults, of: int) -> tuple[int, int, int]:
    """Pixels that are of the class and called so, that are only called so, and that only are."""
    right = int(results.confusion[of, of])
    return right, int(results.confusion[:, of].sum()) - right, int(results.confusion[of].sum()) - right


def _fraction(name: str, over: str, under: str, numerator: int, denominator: int) -> str:
    result = f" = {numerator / denominator:.3f}" if denominator else ""
    return rf"\mathrm{{{name}}} = \frac{{{over}}}{{{under}}}{result}"
