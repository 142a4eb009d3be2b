"""A chart that grows: twice a second, or with a button; "?waits" draws it after all else, "?legend" with names."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from explainer.figures import theme
from explainer.ui.components.live_chart import live_chart


def show() -> None:
    n = st.session_state.get("n", 5)
    epoch = np.arange(1, n + 1) / 20
    layout = go.Layout(
        template=theme.template(st.context.theme.type == "dark"),
        **{"height": 360, "hovermode": "x unified", "showlegend": "legend" in st.query_params, "uirevision": "lines"},
        legend={"orientation": "h"},
        **{"xaxis": {"range": [-0.1, 5.1], "title": {"text": "epochs"}}},
    )
    figure = go.Figure([go.Scatter(x=epoch, y=(i + 1) * np.exp(-epoch), mode="lines") for i in range(4)], layout)
    live_chart(figure, alt="Falling lines", key="lines", waits="waits" in st.query_params)
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
