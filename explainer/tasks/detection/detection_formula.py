"""The formulas of a detector in LaTeX: its loss with the present weights, and one box with its numbers put in."""

from __future__ import annotations

from explainer.tasks.detection.cell_view import Cell, CellBox
from explainer.tasks.detection.cells import LARGEST, SMALLEST, TYPICAL
from explainer.tasks.detection.config import CELL, SIDE, DetectionConfig
from explainer.words.latex import bracketed, latex


def loss_formula(config: DetectionConfig, weights: tuple[float, ...]) -> str:
    """The loss with the ``weights`` of its parts, as of ``config.part_weights``.

    Of YOLO v1 box j of cell i is in "obj" where it is responsible; cell i is where it has a digit.
    """
    factors = [f"{weight:g}" for weight in weights]
    if config.loss == "modern":
        return (
            rf"\mathcal{{L}} = \mathrm{{BCE}}(p) + {factors[1]}\,(1 - \mathrm{{GIoU}})"
            rf" + {factors[2]}\,\mathrm{{CE}}(c)"
        )
    size = r"(\Delta\!\sqrt{w})^2 + (\Delta\!\sqrt{h})^2" if config.square_roots else r"\Delta w^2 + \Delta h^2"
    boxes, others, cells = (rf"\sum_{{{each} \mathrm{{obj}}}}" for each in (r"ij \in", r"ij \notin", r"i \in"))
    return (
        rf"\mathcal{{L}} = {factors[0]} {boxes} \left[ \Delta x^2 + \Delta y^2 + {size} \right]"
        rf" + {boxes} (C - \mathrm{{IoU}})^2 + {factors[3]} {others} C^2 + {cells} \lVert \Delta p \rVert^2"
    )


def box_formulas(config: DetectionConfig, cell: Cell, box: CellBox) -> tuple[str, ...]:
    """Centre, sides and score of ``box`` in ``cell``, each from the network's numbers to pixels."""
    left, top, right, bottom = box.box
    made = (left + right) / 2, (top + bottom) / 2, right - left, bottom - top
    if config.loss == "modern":
        _, x, y, width, height = box.numbers
        centre, sides = r"\sigma({})", ((width, made[2]), (height, made[3]))
        written = [_exponential(*side) for side in sides]
    else:
        x, y, width, height, _ = box.numbers
        centre = "{}"
        written = [_side(width, made[2], config), _side(height, made[3], config)]
    return (
        rf"x = {CELL}\,({cell.column} + {_inner(centre, x)}) = {made[0]:.1f}",
        rf"y = {CELL}\,({cell.row} + {_inner(centre, y)}) = {made[1]:.1f}",
        f"w = {written[0]}",
        f"h = {written[1]}",
        _score(config, cell, box),
    )


def _inner(centre: str, value: float) -> str:
    """An output within a sum."""
    number = latex(value, 3)
    return centre.replace("{}", number) if centre != "{}" else bracketed_short(value)


def bracketed_short(value: float) -> str:
    """Three significant digits, in brackets where it is negative."""
    return bracketed(float(f"{value:.3g}"))


def _side(output: float, pixels: float, config: DetectionConfig) -> str:
    """Of YOLO v1: the share of the picture's side, or the root of that."""
    if config.square_roots:
        return rf"{SIDE} \cdot {bracketed_short(output)}^2 = {pixels:.1f}"
    if output < 0:
        return rf"{SIDE} \cdot \max(0, {latex(output, 3)}) = {pixels:.1f}"
    return rf"{SIDE} \cdot {latex(output, 3)} = {pixels:.1f}"


def _exponential(output: float, pixels: float) -> str:
    kept = min(max(output, SMALLEST), LARGEST)
    return rf"{TYPICAL:g}\,e^{{{latex(kept, 3)}}} = {pixels:.1f}"


def _score(config: DetectionConfig, cell: Cell, box: CellBox) -> str:
    likely = max(cell.classes[cell.digit], 0.0)
    if config.loss == "modern":
        sure = rf"\sigma({latex(box.numbers[0], 3)})"
    else:
        output = box.numbers[4]
        sure = latex(output, 3) if output >= 0 else rf"\max(0, {latex(output, 3)})"
    return rf"\mathrm{{score}} = {sure} \cdot {latex(likely, 3)} = {box.score:.3f}"
