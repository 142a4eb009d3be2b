"""What is taken home of a run of the page "Segmentation" that is over: its weights, and the points of its curves."""

from __future__ import annotations

import streamlit as st

from explainer.ui.controls.run_history import history_button
from explainer.ui.language import labels, say
from pages.tasks.segmentation.state import Shown


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
        parts = labels("segmentation.parts.{}", own.config.parts).values()
        measured = labels("segmentation.measured.{}", ("mean_iou", "psnr", "test_pictures"))
        history_button(own.state, tuple(parts), measured, file="u-net.csv", key="sg_history")
