"""What the page says of a unit: how strongly it responds, what it sees, and its place in the formulas."""

from __future__ import annotations

import numpy as np

from explainer.inspection.fired import Fired
from explainer.inspection.target import Floats
from explainer.layers.softmax_code import number
from explainer.words.book import Said
from pages.inspection.attribution.words import half


def heading(found: Fired, picture: Said | str, layer: str) -> Said:
    """Which unit it is, and its activation."""
    unit, value = found.unit, found.activation
    if unit.at is None:
        return Said("attribution.unit.heading", picture=picture, unit=unit.channel, layer=layer, value=value)
    values = {"picture": picture, "map": unit.channel, "layer": layer, "value": value}
    row, column = unit.at
    if found.is_strongest and value:
        return Said("attribution.unit.heading_strongest", **values, row=row, column=column)
    return Said("attribution.unit.heading_place", **values, row=row, column=column)


def notice(found: Fired, size: int, heats: list[tuple[Said, Floats]]) -> Said:
    """What the unit sees of a picture of ``size`` pixels, and how narrow the first of the maps (title, heat) is there.

    ``heats`` are those of the maps that are known and not 0.
    """
    seen = found.seen
    height, width = seen.bottom - seen.top, seen.right - seen.left
    if not found.activation:
        return Said("attribution.unit.silent")
    if not heats:
        return Said("attribution.unit.nothing", height=height, width=width)
    method, heat = heats[0]
    inside = heat[seen.top : seen.bottom, seen.left : seen.right]
    share = half(np.asarray(inside))
    if (height, width) == (size, size):
        return Said("attribution.unit.sees_all", method=method, share=share)
    return Said("attribution.unit.sees", height=height, width=width, method=method, share=share)


def formula(found: Fired) -> str:
    """LaTeX: the unit, and its activation."""
    unit = found.unit
    place = "" if unit.at is None else rf"({unit.at[0]},\, {unit.at[1]})"
    return rf"S = A_{{{unit.channel}}}{place} = {number(found.activation)}"
