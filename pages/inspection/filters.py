"""The kernels themselves: of the first layer as pictures, slices of deeper ones, fresh ones, and while they learn."""

import streamlit as st

from explainer.ui import page
from explainer.ui.inspection import filters

page.header("Filters", "What does a convolution look for, and how can one see it in its weights?")
st.fragment(filters.show)()
page.try_this(filters.TRY_THIS)
page.text("filters")
page.sources(filters.SOURCES)
