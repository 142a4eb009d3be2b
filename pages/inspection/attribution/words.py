"""What the page "What decided" says in numbers: one sentence to notice, and formulas."""

from __future__ import annotations

from collections.abc import Mapping
from string import Template

import numpy as np

from explainer.inspection.grad_cam import GradCam
from explainer.inspection.gradients import Integrated
from explainer.inspection.methods import Found, Method, values_of
from explainer.inspection.occlusion import Occlusion
from explainer.inspection.sanity_checks import rank_correlation
from explainer.inspection.target import Explained, Floats, Target, class_of
from explainer.layers.softmax_code import number
from explainer.words.book import ENGLISH, Said
from pages.inspection.attribution.digits import agreeing

FOOLED = 0.1  # the area that random deletion leaves where nothing can be seen of the order
WORDS = ("below", "above", "grad_cam", "guided_backpropagation", "missing", "patch", "column")
NEAR_ONE = 0.9999  # a probability from which on what is missing to 1 tells more than it does
TERMS = 2  # of Grad-CAM's sum whose weights are written
LEAST = 0.0005  # a probability that is shown


def classes(probabilities: Floats, names: list[str]) -> tuple[Said, ...]:
    """Up to five classes with the highest of ``probabilities`` (classes,), in percent; of those near 0 none."""
    best = [i for i in np.argsort(-probabilities, kind="stable")[:5].tolist() if probabilities[i] >= LEAST]
    return tuple(_share(names[i], float(probabilities[i])) for i in best)


def notice(heats: list[tuple[Said, Floats]]) -> Said:
    """How narrow the first map is, and how far the second one agrees; of maps (title, heat) that are computed."""
    (first, heat), *others = heats
    share = half(heat)
    rank = rank_correlation(np.abs(heat), np.abs(others[0][1])) if others else float("nan")
    if not np.isfinite(rank):
        return Said("attribution.half", method=first, share=share)
    return Said("attribution.half_and_rank", method=first, share=share, other=others[0][0], rank=float(rank))


def half(heat: Floats) -> float:
    """The share of the pixels, the strongest ones, that hold half of the sum of all sizes; NaN where all are 0."""
    sizes = np.sort(np.abs(heat).ravel())[::-1].astype(np.float64)
    sums = np.cumsum(sizes)
    return float((np.searchsorted(sums, sums[-1] / 2) + 1) / sums.size) if sums[-1] else float("nan")


def completeness(found: Integrated, language: str = ENGLISH) -> tuple[str, ...]:
    """LaTeX: the sum of all attributions beside what it should be, and what is missing."""
    missing, words = found.rise - found.total, _words(language)
    share = rf" = {100 * missing / found.rise:.3f}\,\%" if found.rise else ""
    values = found.total, missing, found.rise, found.at_picture, found.at_baseline
    total, told, rise, picture, baseline = agreeing(values, [(0, 1, 2), (2, 4, 3)])
    return (
        rf"\sum_i A_i = {total}",
        rf"\text{{{words['missing']}}} {told}{share}",
        r"S(x) - S(x_0)",
        rf"= {picture} - {_bracketed(baseline)} = {rise}",
    )


def formula(
    method: Method,
    found: Found,
    heat: Floats,
    target: Explained,
    *,
    numbers: Mapping[str, str],
    language: str = ENGLISH,
) -> tuple[str, ...]:
    """LaTeX: what ``method`` computes, and its number at the strongest pixel of its map ``heat`` (size, size).

    ``numbers`` are those that its formula names; nothing before a patch has been anywhere.
    """
    match found:
        case GradCam():
            return _camera(found)
        case Occlusion():
            return _covered(found, class_of(target), language)
    row, column = np.unravel_index(int(np.abs(heat).argmax()), heat.shape)
    about = Template(method.latex).substitute(_words(language), **numbers)
    return (*about.split(r", \quad "), rf"M_{{{row},{column}}} = {number(heat[row, column])}")


def difference(pair: tuple[Found, Found], targets: tuple[Explained, Explained], size: int) -> tuple[str, ...]:
    """LaTeX: the map of a difference of two classes, of S_1 and S_2, with its numbers at its strongest pixel.

    It is summed over the colours with its signs.
    """
    first, second = (
        values_of(found, target, size).sum(0, dtype="float64") for found, target in zip(pair, targets, strict=True)
    )
    heat = first - second
    row, column = np.unravel_index(int(np.abs(heat).argmax()), heat.shape)
    here = [float(values[row, column]) for values in (first, second, heat)]
    sums = r"M_k(S_1) - M_k(S_2)"
    if values_of(pair[0], targets[0], size).shape[0] > 1:
        sums = rf"\sum_k \big( {sums} \big)"
    else:
        sums = sums.replace("_k", "")
    one, two, less = agreeing(here, [(2, 1, 0)])
    return (rf"D = {sums}", rf"D_{{{row},{column}}} = {one} - {_bracketed(two)} = {less}")


def _camera(found: GradCam) -> tuple[str, ...]:
    """Grad-CAM with its strongest weights, and the highest of its sums."""
    best = [k for k in np.argsort(-np.abs(found.weights), kind="stable")[:TERMS].tolist() if found.weights[k]]
    weights = [rf"\alpha_{{{k}}} = {number(float(f'{found.weights[k]:.3g}'))}" for k in best]
    if np.count_nonzero(found.weights) > len(best):
        weights[-1] += r",\, \dots"
    row, column = np.unravel_index(int(found.sums.argmax()), found.sums.shape)
    highest = max(float(found.sums.max()), 0.0)
    return (
        r"L = \text{ReLU}\Big( \sum_{k} \alpha_k A_k \Big)",
        *weights,
        rf"L_{{{row},{column}}} = {number(highest)}",
    )


def _covered(found: Occlusion, target: Target, language: str) -> tuple[str, ...]:
    """The position of the patch at which the target falls most."""
    drops = found.drops(target)
    if not np.isfinite(drops).any():
        return ()
    row, column = np.unravel_index(int(np.nanargmax(drops)), drops.shape)
    with_patch = float(found.scores(target)[row, column])
    whole = with_patch + float(drops[row, column])
    words, drop = _words(language), float(drops[row, column])
    if target.of == "probability" and min(whole, with_patch) > NEAR_ONE:
        told = [f"(1 - {number(1 - value)})" for value in (whole, with_patch)] + [number(drop)]
    else:
        told = agreeing((whole, with_patch, drop), [(2, 1, 0)])
    place = rf"\text{{{words['patch']}}} {found.starts[row]}, \text{{{words['column']}}} {found.starts[column]}"
    return (rf"S(x) - S(x_{{{place}}})", rf"= {told[0]} - {_bracketed(told[1])} = {told[2]}")


def randomness(names: list[Said], correlations: Floats) -> Said:
    """What is left of each map once all weights are random, by the rank correlations (methods,) with the true one."""
    known = [(name, value) for name, value in zip(names, correlations.tolist(), strict=True) if np.isfinite(value)]
    if not known:
        return Said("attribution.random.nothing_to_compare")
    ranks = tuple(Said("attribution.random.rank", method=name, rank=value) for name, value in known)
    name, value = max(known, key=lambda each: each[1])
    if value > 0.3:
        return Said("attribution.random.some_left", ranks=ranks, method=name)
    return Said("attribution.random.little_left", ranks=ranks)


def removed(areas: list[tuple[Said, float, float]], chance: tuple[float, float]) -> Said:
    """Which order of pixels is best by the areas (name, deletion, insertion), and what chance has."""
    soonest, best = min(areas, key=lambda each: each[1]), max(areas, key=lambda each: each[2])
    return Said(
        "attribution.remove.best_but_fooled" if chance[0] < FOOLED else "attribution.remove.best",
        soonest=soonest[0],
        deletion=soonest[1],
        chance_deletion=chance[0],
        best=best[0],
        insertion=best[2],
        chance_insertion=chance[1],
    )


def _words(language: str) -> dict[str, str]:
    """The words in formulas, by their names."""
    return {name: Said(f"attribution.formula.{name}").text(language) for name in WORDS}


def _share(name: str, share: float) -> Said:
    return Said("attribution.share", name=name, share=share)


def _bracketed(text: str) -> str:
    return f"({text})" if text.startswith("-") else text
