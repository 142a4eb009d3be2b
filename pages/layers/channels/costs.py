"""What every kind of convolution costs for a layer of any size: multiplied out, and over the number of channels."""

from __future__ import annotations

import streamlit as st

from explainer.figures.layers import parameters_over_channels
from explainer.layers import costs
from explainer.layers.costs import Cost
from explainer.layers.geometry import GeometryError
from explainer.ui.controls.inputs import LINK
from explainer.ui.frame import page
from explainer.ui.frame.drawn import drawn
from explainer.ui.frame.verbatim import verbatim
from explainer.words.book import percent

MOST_CHANNELS, MOST_SIDE = 4096, 11
HEIGHT = 400  # of the chart, in pixels


def show() -> None:
    """The size of a layer, a table of what each kind needs, and a chart from C to C channels."""
    st.subheader("What does each kind cost?", anchor=False)
    near, far = st.columns(2)
    with near:
        first, second = page.side_by_side("layer")
    with far:
        third, fourth = page.side_by_side("layer_kernel")
    channels = int(first.number_input("Channels in (C)", 1, MOST_CHANNELS, 512, key="cin", bind=LINK))
    maps = int(second.number_input("Filters (F)", 1, MOST_CHANNELS, 512, key="cout", bind=LINK))
    side = int(third.number_input("Kernel size (K)", 1, MOST_SIDE, 3, key="k", bind=LINK))
    groups = int(fourth.number_input("Groups (g)", 1, MOST_CHANNELS, 4, key="groups", bind=LINK))
    st.table(_table(channels, maps, side, groups), hide_index=True, width="content")
    try:
        costs.grouped(channels, maps, side, groups)
    except GeometryError as problem:
        st.warning(verbatim(str(problem)))
    page.notice(_notice(channels, maps, side))
    _chart(channels, maps, side)


def _table(channels: int, maps: int, side: int, groups: int) -> dict[str, list[str]]:
    """The columns of the table by their names, a row a kind."""
    whole = costs.standard(channels, maps, side)
    kinds = [whole, *_grouped(channels, maps, side, groups), costs.depthwise(channels, side)]
    kinds += [costs.pointwise(channels, maps), costs.separable(channels, maps, side)]
    return {
        "Kind": [cost.kind for cost in kinds],
        "Weights": [" + ".join(" · ".join(name for name, _ in step.factors) for step in cost.steps) for cost in kinds],
        "With numbers": [
            " + ".join(" · ".join(f"{value:,}" for _, value in step.factors) for step in cost.steps) for cost in kinds
        ],
        "Biases": [" + ".join(f"{step.biases:,}" for step in cost.steps) for cost in kinds],
        "Parameters": [f"**{cost.parameters:,}**" for cost in kinds],
        "Of standard": [f"{percent(cost.parameters / whole.parameters, '#.1%')}" for cost in kinds],
    }


def _grouped(channels: int, maps: int, side: int, groups: int) -> list[Cost]:
    """The grouped convolution where there is one."""
    try:
        return [costs.grouped(channels, maps, side, groups)]
    except GeometryError:
        return []


def _notice(channels: int, maps: int, side: int) -> str:
    whole, parts = costs.standard(channels, maps, side), costs.separable(channels, maps, side)
    if parts.parameters > whole.parameters:
        return (
            f"Here the depthwise separable convolution needs {parts.parameters:,} parameters, more than the standard "
            f"one's {whole.parameters:,}: it pays off for many channels and kernels larger than 1 × 1."
        )
    return (
        f"The depthwise separable convolution needs {whole.parameters / parts.parameters:.1f} times fewer parameters: "
        f"1/F + 1/K² = 1/{maps:,} + 1/{side**2} = {percent(parts.weights / whole.weights, '#.1%')} of the weights."
    )


def _chart(channels: int, maps: int, side: int) -> None:
    """The numbers of the table at the chosen channels, over others: as many filters, or those that were chosen."""
    is_square = channels == maps
    values, whole, parts = costs.over_channels(channels, side, None if is_square else maps)
    chosen = values.tolist().index(channels)
    page.chart_below(
        drawn(
            parameters_over_channels, values, whole, parts, channels, page.is_dark(), height=HEIGHT, is_square=is_square
        ),
        f"Parameters over the number of channels, kernel {side} × {side}. At {channels:,} channels in and "
        f"{maps:,} out: standard "
        f"{whole[chosen]:,}, depthwise separable {parts[chosen]:,}.",
        key="costs",
    )
