"""A page whose controls are bound to the address, with links that set them."""

import streamlit as st

from explainer.ui.frame import page
from explainer.ui.frame.page import Preset

size = st.slider("Size", 1, 9, 3, key="size", bind="query-params")
kind = st.selectbox("Kind", ["max", "average"], key="kind", bind="query-params")
st.session_state.runs = st.session_state.get("runs", 0) + 1
st.text(f"{kind} {size}, run {st.session_state.runs}")
page.try_this([Preset("Large", {"size": "9"}), Preset("Average", {"kind": "average"}), Preset("Plain")])
