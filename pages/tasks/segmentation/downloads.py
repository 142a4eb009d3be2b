"""What is taken home of a run of the page "Segmentation" that is over: its weights, and the points of its curves."""

from __future__ import annotations

import streamlit as st

from explainer.ui.controls.run_history import history_button, weights_button
from explainer.ui.language import labels, say
from pages.tasks.segmentation.state import Shown


def downloads(own: Shown) -> None:
    """Two buttons, once there are any points."""
    if not own.latest or own.latest.going or not own.curve:
        return
    with st.container(horizontal=True):
        if own.state and own.state.weights:
            name = f"u-net-step-{own.state.weights_step}" if own.is_earlier else "u-net"
            file = f"{name}.safetensors"
            weights_button(say("segmentation.weights"), own.state.weights, file=file, key="sg_download")
        parts = labels("segmentation.parts.{}", own.config.parts).values()
        measured = labels("segmentation.measured.{}", ("mean_iou", "psnr", "test_pictures"))
        history_button(own.latest, tuple(parts), measured, file="u-net.csv", key="sg_history")
