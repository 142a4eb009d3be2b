"""The formulas of the page about boxes, in LaTeX, with numbers put in."""

from __future__ import annotations

import re
from itertools import groupby

import numpy as np

from explainer.tasks.average_precision import Curve, area, eleven_points
from explainer.tasks.boxes import Overlap
from explainer.tasks.suppression import Comparison, Settings


def overlap_formula(found: Overlap) -> tuple[str, str]:
    """IoU and generalized IoU of a truth A and a detection B, which the box C encloses."""
    a, b, both, union, around = map(_whole, (found.a, found.b, found.intersection, found.union, found.enclosing))
    rest = _whole(found.enclosing - found.union)
    return (
        rf"\mathrm{{IoU}} = \frac{{|A \cap B|}}{{|A| + |B| - |A \cap B|}} = \frac{{{both}}}{{{a} + {b} - {both}}}"
        rf" = \frac{{{both}}}{{{union}}} = {found.iou:.3f}",
        rf"\mathrm{{GIoU}} = \mathrm{{IoU}} - \frac{{|C| - |A \cup B|}}{{|C|}}"
        rf" = {found.iou:.3f} - \frac{{{rest}}}{{{around}}} = {found.generalized:.3f}",
    )


def suppression_formula(compared: Comparison | None, names: tuple[str, str], settings: Settings) -> str:
    """What becomes of the score of a box when it is ``compared`` with a better one; ``names`` of the better and it."""
    overlap = r"\mathrm{IoU}(M, b_i)"
    rule = {
        "greedy": rf"s_i \leftarrow 0 \ \ \mathrm{{if}}\ {overlap} > {settings.threshold:g}",
        "linear": rf"s_i \leftarrow s_i\,(1 - {overlap}) \ \ \mathrm{{if}}\ {overlap} > {settings.threshold:g}",
        "gaussian": rf"s_i \leftarrow s_i\, e^{{-{overlap}^2 / \sigma}}",
    }[settings.method]
    if compared is None:
        return rule
    share, before, after = f"{compared.iou:.3f}", _score(compared.before), _score(compared.after)
    pair = rf"\mathrm{{IoU}}({names[0]}, {names[1]}) = {share}"
    if settings.method == "gaussian":
        made = rf"{before}\, e^{{-{share}^2 / {settings.sigma:g}}} \approx {after}"
    elif compared.iou <= settings.threshold:
        made = rf"{share} \le {settings.threshold:g}"
    else:
        made = (
            rf"{before}\,(1 - {share}) \approx {after}"
            if settings.method == "linear"
            else rf"{share} > {settings.threshold:g}"
        )
    return rf"{rule} \qquad {pair}:\ \ {made}"


def precision_formula(curve: Curve, objects: int) -> tuple[str, str]:
    """Average precision under every point, written out, and at eleven points."""
    return (
        rf"\mathrm{{AP}} = \sum_k (r_k - r_{{k-1}})\, p(r_k) = {_written_out(curve, objects)} = {area(curve):.3f}",
        r"\mathrm{AP}_{11} = \frac{1}{11} \sum_{r \in \{0,\, 0.1,\, \ldots,\, 1\}} p(r)"
        + f" = {eleven_points(curve):.3f}",
    )


def _written_out(curve: Curve, objects: int) -> str:
    """1 / objects times the best precisions at the detections that are right; equal ones are counted."""
    is_right = np.diff(curve.right, prepend=0) > 0
    terms = []
    for value, same in groupby(f"{each:.3g}" for each in curve.envelope[is_right]):
        count = len(list(same))
        terms.append(value if count == 1 else rf"{count} \cdot {value}")
    return rf"\frac{{1}}{{{objects}}} \left( {' + '.join(terms) or '0'} \right)"


def _score(value: float) -> str:
    """Three decimals, or two where the third is 0."""
    return re.sub("0$", "", f"{value:.3f}")


def _whole(value: float) -> str:
    return f"{value:,.0f}".replace(",", "{,}")
