"""The network layer by layer: shapes, parameters, multiplications."""

from __future__ import annotations

import streamlit as st

from explainer.networks.config import DIGIT_SIZE, ImpossibleNetworkError, NetworkConfig
from explainer.networks.plan import Layer, layers
from explainer.ui.frame.verbatim import verbatim


def summary(network: NetworkConfig) -> None:
    """The table of layers, or the sentence that says why there can be no such network."""
    try:
        plan = layers(network)
    except ImpossibleNetworkError as error:
        st.error(verbatim(str(error)))
        return
    parameters, macs = sum(layer.parameters for layer in plan), sum(layer.macs for layer in plan)
    st.markdown(f"**{parameters:,} parameters**, {macs:,} multiplications for one digit")
    st.table(_rows(plan), border="horizontal", hide_index=True)


def _rows(plan: tuple[Layer, ...]) -> list[dict[str, str]]:
    rows = [_row("Input", "a grey digit", (1, DIGIT_SIZE, DIGIT_SIZE), 0, 0)]
    return rows + [
        _row(layer.name, layer.detail, layer.shape, layer.parameters, layer.macs)
        for layer in plan
        if layer.kind != "dropout" or layer.rate  # dropout at rate 0 is only a place for it
    ]


def _row(name: str, detail: str, shape: tuple[int, ...], parameters: int, macs: int) -> dict[str, str]:
    return {
        "Layer": name,
        "What it does": detail,
        "Output": " x ".join(map(str, shape)),
        "Parameters": f"{parameters:,}" if parameters else "",
        "Multiplications": f"{macs:,}" if macs else "",
    }
