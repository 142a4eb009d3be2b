"""What the page "Transposed convolution" says of its picture in numbers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from explainer.layers import geometry, transposed
from explainer.layers.transposed_code import inner_sums
from explainer.layers.window import Window, never_read
from explainer.words.numbers import decimal
from pages.layers.transposed.view import View


def notice(view: View, window: Window) -> str:
    """What to notice."""
    cut = int(never_read(window).sum())
    if cut:
        return (
            f"{cut:,} of {window.inputs[0].size:,} input values leave no trace: the padding cuts off all of their "
            "stamps."
        )
    return f"{_growth(view)} {_evenness(view)}"


def _growth(view: View) -> str:
    size, made = view.given.size, transposed.output_shape(*view.sizes)
    return f"{size[0]} × {size[1]} becomes {made[0]} × {made[1]}."


def _evenness(view: View) -> str:
    """How many stamps reach a cell inside the output, and what an input of ones makes of that."""
    size, kernel, settings = view.sizes
    inside, sums = (inner_sums(size, weights, settings) for weights in (np.ones(kernel), view.kernel))
    if size == (1, 1):
        return "One input value makes one stamp: the kernel times that value."
    if not inside.all():
        return "Some cells are reached by no stamp: a smaller stride or dilation closes such gaps."
    if transposed.checkerboard(*view.sizes).max() < inside.max():
        return "All cells are near the border: give the input more rows and columns to see how the stamps overlap."
    stride, weights = f"{settings.stride[0]} × {settings.stride[1]}", f"{kernel[0]} × {kernel[1]}"
    counts = [f"{number:.0f}" for number in np.unique(inside)]
    if len(counts) == 1:
        reached = "1 stamp reaches" if counts == ["1"] else f"{counts[0]} stamps reach"
        return f"Away from the border {reached} every cell: a kernel of {weights} and a stride of {stride} go together."
    reached = f"Away from the border {', '.join(counts[:-1])} or {counts[-1]} stamps reach a cell by turns"
    if np.allclose(sums, sums[0, 0]):
        return (
            f"{reached}, but the weights make up for it: an input of ones becomes {decimal(sums[0, 0], '.4g')} "
            "everywhere."
        )
    return f"{reached}, since the stride {stride} does not divide the kernel {weights}: a checkerboard."


def formula(view: View) -> Iterator[str]:
    """Height and width of the output; two lines an axis, so that a phone shows them whole."""
    size, kernel, settings = view.sizes
    for axis, name in enumerate(("H", "W")):
        made = geometry.transposed_positions(
            size[axis],
            kernel[axis],
            settings.stride[axis],
            settings.padding[axis],
            output_padding=settings.output_padding[axis],
            dilation=settings.dilation[axis],
        )
        yield (
            rf"\begin{{aligned}} {name}_{{\text{{out}}}} = {{}} & ({size[axis]} - 1) \cdot {settings.stride[axis]} "
            rf"- 2 \cdot {settings.padding[axis]} + {settings.dilation[axis]} \cdot ({kernel[axis]} - 1) \\ & + "
            rf"{settings.output_padding[axis]} + 1 = {geometry.result(made)} \end{{aligned}}"
        )


def counts(view: View) -> str:
    """Weights and MACs."""
    size, kernel, _ = view.sizes
    macs = geometry.convolution_macs(1, 1, kernel, *size)
    return (
        f"Weights in every stamp: **{view.kernel.size:,}**. MACs for this input, each of its values times "
        f"each weight: {size[0] * size[1]:,} · {view.kernel.size:,} = **{macs:,}**."
    )
