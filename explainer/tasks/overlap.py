"""How well a picture's pixels are told apart: the confusion matrix, and from it IoU and Dice of each class.

Sources: M. Everingham et al., "The PASCAL visual object classes (VOC) challenge", IJCV 88, 2010, section 4.1 (IoU over
the pixels of all test pictures together); L. R. Dice, "Measures of the amount of ecologic association between species",
Ecology 26, 1945.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]
Labels = NDArray[np.int64]


def confusion(truth: NDArray[np.integer], found: NDArray[np.integer], classes: int) -> Counts:
    """(classes, classes): how many pixels of each class, a row, were labelled as each class, a column.

    ``truth`` and ``found`` are labels 0 to ``classes`` - 1 of one shape, any shape. Confusion matrices of parts add up
    to that of the whole. Raises ValueError for two shapes, or for a label outside.
    """
    if truth.shape != found.shape:
        raise ValueError(f"truth={truth.shape}, found={found.shape}")
    for labels in (truth, found):
        if labels.size and not 0 <= labels.min() <= labels.max() < classes:
            raise ValueError(f"labels={labels.min()}..{labels.max()}, classes={classes}")
    pairs = truth.astype(np.int64).ravel() * classes + found.ravel()
    return np.bincount(pairs, minlength=classes**2).reshape(classes, classes).astype(np.int64)


def intersection_over_union(matrix: Counts) -> Floats:
    """(classes,): the IoU of each class, 0..1, from a confusion matrix; NaN for a class that is nowhere."""
    shared, either = _shared_and_summed(matrix)
    return _ratios(shared, either - shared)


def dice(matrix: Counts) -> Floats:
    """(classes,): twice the shared pixels over the sum of both, 0..1, 2 IoU / (1 + IoU); NaN for a class nowhere."""
    shared, either = _shared_and_summed(matrix)
    return _ratios(2 * shared, either)


def mean_iou(matrix: Counts) -> float:
    """The mean IoU, 0..1, over the classes that are in the truth or in what was found; NaN where there is no pixel."""
    each = intersection_over_union(matrix)
    there = each[~np.isnan(each)]
    return float(there.mean()) if there.size else float("nan")


def accuracy(matrix: Counts) -> float:
    """The share of pixels that are labelled rightly, 0..1; NaN where there is no pixel."""
    total = int(matrix.sum())
    return int(matrix.trace()) / total if total else float("nan")


def _shared_and_summed(matrix: Counts) -> tuple[Counts, Counts]:
    """Of each class: the pixels in both, and the sum of those in the truth and those found."""
    return np.diagonal(matrix), matrix.sum(axis=0) + matrix.sum(axis=1)


def _ratios(part: Counts, whole: Counts) -> Floats:
    found = np.full(part.shape, np.nan)
    np.divide(part, whole, out=found, where=whole > 0)
    return found
