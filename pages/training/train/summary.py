"""The network layer by layer: shapes, parameters, multiplications."""

from __future__ import annotations

import streamlit as st

from explainer.networks.config import ImpossibleNetworkError, NetworkConfig
from explainer.networks.plan import Layer, depth, key, layers, title
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.language import say, text_of


def summary(network: NetworkConfig) -> None:
    """The table of layers, or the sentence that says why there can be no such network."""
    try:
        plan = layers(network)
    except ImpossibleNetworkError as error:
        st.error(verbatim(text_of(error.said)))
        return
    parameters, macs = sum(layer.parameters for layer in plan), sum(layer.macs for layer in plan)
    counts = "train.colour.counts" if network.reads == "colour" else "train.network.counts"
    st.markdown(say(counts, depth=depth(network), parameters=parameters, macs=macs))
    st.table(_rows(network, plan), border="horizontal", hide_index=True)


def _rows(network: NetworkConfig, plan: tuple[Layer, ...]) -> list[dict[str, str]]:
    detail = say("train.colour.input_detail" if network.reads == "colour" else "train.network.input_detail")
    rows = [_row(say("train.network.input"), detail, network.picture, 0, 0)]
    return rows + [
        _row(say(title(key(layer))), text_of(layer.detail), layer.shape, layer.parameters, layer.macs)
        for layer in plan
        if layer.kind != "dropout" or layer.rate  # dropout at rate 0 is only a place for it
    ]


def _row(name: str, detail: str, shape: tuple[int, ...], parameters: int, macs: int) -> dict[str, str]:
    return {
        say("train.network.columns.layer"): name,
        say("train.network.columns.detail"): detail,
        say("train.network.columns.output"): " × ".join(map(str, shape)),
        say("train.network.columns.parameters"): _number(parameters),
        say("train.network.columns.macs"): _number(macs),
    }


def _number(count: int) -> str:
    return say("train.network.number", value=count) if count else ""
