"""Let every input value stamp the kernel onto the output."""

import streamlit as st

from explainer.ui import page
from explainer.ui.layers import transposed

page.header("Transposed convolution", "How does a layer make its map larger?")
st.fragment(transposed.show)()
page.try_this(transposed.TRY_THIS)
page.text("transposed")
page.sources(transposed.SOURCES)
