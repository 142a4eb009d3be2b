"""What is taken home of a run of the page "Segmentation" that is over: its weights, and the points of its curves."""

from __future__ import annotations

import streamlit as st

from explainer.training.history import parts_csv
from explainer.ui.language import say
from pages.tasks.segmentation.state import Shown

MEASURED = {"mean_iou": "mean IoU (share)", "psnr": "PSNR (dB)", "test_pictures": "test pictures measured"}  # columns


def downloads(own: Shown) -> None:
    """Two buttons, once there are any points."""
    if not own.state or own.state.going or not own.points:
        return
    with st.container(horizontal=True):
        if own.state.weights:
            st.download_button(
                say("segmentation.weights"),
                own.state.weights,
                "u-net.safetensors",
                "application/octet-stream",
                icon=":material/download:",
                on_click="ignore",
                key="sg_download",
            )
        st.download_button(
            say("segmentation.history"),
            parts_csv(own.points, own.config.parts, MEASURED, own.state.changes),
            "u-net.csv",
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
            key="sg_history",
        )
