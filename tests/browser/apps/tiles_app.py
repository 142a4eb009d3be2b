"""Rows of tiles alone: what a visitor of the training page sees of digits, filters and feature maps."""

from __future__ import annotations

import dataclasses

import numpy as np
import streamlit as st

from explainer.data.digits import load
from explainer.ui.components.tiles import Tile, TileRow, tiles


def digit_row(count: int) -> TileRow:
    mnist = load("mnist")
    return TileRow(
        "Read wrongly",
        tuple(
            Tile(
                (mnist.test_images[i] / 255).astype(np.float32),
                caption=f"{label} → {(label + 5) % 10}\n{97 - i} %",
                detail=f"test digit {i}: true {label}, read <b>{(label + 5) % 10}</b>",
                emphasis="strong" if i == 2 else "none",
            )
            for i, label in enumerate(mnist.test_labels[:count].tolist())
        ),
        scale="grey",
        limit=1.0,
    )


def filter_row(step: int) -> TileRow:
    rng = np.random.default_rng(step)
    kernels = rng.normal(0, 0.2, (8, 3, 3)).astype(np.float32)
    kernels[0] = np.array([[-1, 0, 1], [-0.5, 0, 0.5], [np.nan, 0.25, -0.25]]) + (0.5 if step else 0)
    return TileRow(
        "First layer: filters",
        tuple(Tile(kernel, detail=f"filter {i}") for i, kernel in enumerate(kernels)),
        scale="diverging",
        limit=None if step == 0 else 2.0,
    )


def map_row(step: int) -> TileRow:
    y, x = np.mgrid[0:14, 0:14] / 13
    maps = [np.abs(np.sin((i + 1) * x + step) * np.cos(i * y)).astype(np.float32) for i in range(12)]
    tiles_ = tuple(Tile(each, detail=f"map {i} after ReLU") for i, each in enumerate(maps))
    return TileRow("Block 2: feature maps", (*tiles_[:-1], dataclasses.replace(tiles_[-1], emphasis="faint")))


def show() -> None:
    step = st.session_state.get("step", 0)
    count = st.session_state.get("count", 24)
    tiles([digit_row(count), filter_row(step), map_row(step)], key="tiles")
    st.text(f"step: {step}")


def change(name: str, start: int, by: int) -> None:
    st.session_state[name] = st.session_state.get(name, start) + by


st.set_page_config(layout="wide")
if "live" in st.query_params:
    st.fragment(lambda: (change("step", 0, 1), show()), run_every=0.5)()
else:
    st.button("Train", on_click=change, args=("step", 0, 1))
    st.button("Correct", on_click=change, args=("count", 24, -23))
    show()
