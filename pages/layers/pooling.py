"""Keep one number of every window: what stays, what is lost, and where the gradient goes."""

import streamlit as st

from explainer.ui import page
from explainer.ui.layers import pooling

page.header("Pooling", "What stays of a map when one number is kept of every window?")
st.fragment(pooling.show)()
page.try_this(pooling.TRY_THIS)
page.text("pooling")
page.sources(pooling.SOURCES)
