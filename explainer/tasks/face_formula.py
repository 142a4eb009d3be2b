"""One box of a detector with anchors, from its five numbers to pixels, in LaTeX."""

from __future__ import annotations

from explainer.tasks.face_cells import AnchorBox
from explainer.words.latex import latex


def box_formulas(shown: AnchorBox, *, row: int, column: int, cells: int, extent: int) -> tuple[str, ...]:
    """Centre, sides and score of a box of the cell in ``row`` and ``column``, of ``cells`` a side.

    The picture's square has ``extent`` pixels.
    """
    x, y, width, height, sure = (latex(round(each, 3)) for each in shown.numbers)
    cell = rf"\tfrac{{{extent}}}{{{cells}}}"
    (across, down), (wide, high) = shown.centre, shown.size
    return (
        rf"x = {cell}\,({column} + \sigma({x})) = {across:.1f}",
        rf"y = {cell}\,({row} + \sigma({y})) = {down:.1f}",
        rf"w = {cell} \cdot {shown.anchor[0]:.3f}\, e^{{{width}}} = {wide:.1f}",
        rf"h = {cell} \cdot {shown.anchor[1]:.3f}\, e^{{{height}}} = {high:.1f}",
        rf"\mathrm{{score}} = \sigma({sure}) = {shown.score:.3f}",
    )
