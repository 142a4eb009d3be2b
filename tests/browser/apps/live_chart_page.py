"""Training curves that grow: twice a second, or with a button."""

from __future__ import annotations

import numpy as np
import streamlit as st

from explainer.figures.curves import RunCurve, training_curves
from explainer.ui.live_chart import live_chart


def show() -> None:
    n = st.session_state.get("n", 5)
    epoch = np.arange(1, n + 1) / 20
    loss, accuracy = 2.3 * np.exp(-epoch), 1 - 0.9 * np.exp(-epoch)
    run = RunCurve("Small", epoch, epoch, loss, accuracy, loss, accuracy, np.full(n, 1000))
    dark = st.context.theme.type == "dark"
    live_chart(training_curves([run], dark, until=5), alt="Loss and accuracy", key="curves")
    st.text(f"points: {n}")


def grow() -> None:
    st.session_state["n"] = st.session_state.get("n", 5) + 1


st.set_page_config(layout="wide")
narrow = st.toggle("Narrow")
with st.container(width=500 if narrow else "stretch"):
    if "live" in st.query_params:
        st.fragment(lambda: (grow(), show()), run_every=0.5)()
    else:
        st.button("Train", on_click=grow)
        show()
