"""What the page "Channels and filters" says of its picture: the sentence, the formula, the counts."""

from __future__ import annotations

import numpy as np

from explainer.layers import geometry
from explainer.ui.language import say
from explainer.words.book import percent
from pages.layers.channels.view import DEPTHWISE, SEPARABLE, View


def notice(view: View) -> str:
    """One sentence on what to notice, with present numbers."""
    area, maps, channels = view.kernels[0, 0].size, len(view.maps), view.channels
    if view.kind == DEPTHWISE:
        return (
            f"Depthwise: every channel has a kernel of its own, and nothing is summed. {channels * area} weights "
            f"make {channels} maps; standard filters need {channels**2 * area} for as many."
        )
    if view.kind == SEPARABLE:
        return (
            f"The second step: {maps} mixtures of the {channels} depthwise maps. {channels * area} + "
            f"{channels * maps} = {channels * (area + maps)} weights make {maps} maps; standard filters need "
            f"{channels * area * maps}."
        )
    brings = np.abs(view.partials).sum(axis=(1, 2))
    if not brings.any():
        return f"The filter “{view.name}” answers nowhere here: whatever its kernels meet, they give 0."
    if len(brings) == 1:
        return say("channels.alone", groups=view.groups, plane=view.names[0], filter=view.number + 1)
    most = int(brings.argmax())
    return (
        f"{len(brings)} kernels and one bias make one map. {view.names[most]} moves that map most: "
        f"{percent(brings[most] / brings.sum())} of what is added up."
    )


def learned(view: View) -> str:
    """How many numbers the layer learns, in LaTeX."""
    side, maps, total = view.kernels.shape[2], len(view.maps), parameters(view)
    channels, read = view.channels, view.kernels.shape[1]
    if view.kind == DEPTHWISE:
        return rf"C \cdot (K \cdot K + 1) = {channels} \cdot ({side} \cdot {side} + 1) = {total}"
    if view.kind == SEPARABLE:
        return (
            rf"C \cdot K \cdot K + F \cdot (C + 1) = {channels} \cdot {side} \cdot {side} + {maps} \cdot "
            rf"({channels} + 1) = {total}"
        )
    depth = r"\frac{C}{g}" if view.groups > 1 else "C"
    return rf"F \cdot ({depth} \cdot K \cdot K + 1) = {maps} \cdot ({read} \cdot {side} \cdot {side} + 1) = {total}"


def strongest(view: View) -> str:
    """The strongest cell of the map as the sum that makes it, in LaTeX."""
    shown = view.maps[view.number]
    row, column = np.unravel_index(int(np.abs(shown).argmax()), shown.shape)
    parts = [(name.lower(), value) for name, value in zip(view.names, view.partials[:, row, column], strict=True)]
    terms = [rf"\underbrace{{{_term(value)}}}_{{\text{{{name}}}}}" for name, value in [*parts, ("bias", view.bias)]]
    return rf"y_{{{row},{column}}} = {' + '.join(terms)} = {_number(shown[row, column])}"


def parameters(view: View) -> int:
    """Numbers that the layer learns; the first step of "depthwise-separable" has no biases here."""
    first = view.kernels.size if view.kind == SEPARABLE else 0
    return int(first + view.weights.size + view.biases.size)


def counts(view: View) -> str:
    """Parameters and multiplications, and those of a fully connected layer of the same sizes."""
    maps, height, width = view.maps.shape
    first = view.kernels.size if view.kind == SEPARABLE else 0
    multiplications = (first + view.weights.size) * height * width
    connected = geometry.fully_connected_parameters((view.channels, *view.given.size), (maps, height, width))
    return (
        f"**{parameters(view):,} parameters**, **{multiplications:,} MACs** for this input: every weight is "
        f"used once for each of the {height} × {width} cells of a map. A fully connected layer from "
        f"{view.channels} channels of {view.given.size[0]} × {view.given.size[1]} to {maps} of {height} × {width} "
        f"would need **{connected:,}** parameters."
    )


def _term(value: float) -> str:
    """A number of a sum: in parentheses below 0."""
    text = _number(value)
    return f"({text})" if text.startswith("-") else text


def _number(value: float) -> str:
    """A number with at most two decimals, in LaTeX."""
    text = f"{value:,.2f}".rstrip("0").rstrip(".").replace(",", "{,}")
    return "0" if text == "-0" else text
