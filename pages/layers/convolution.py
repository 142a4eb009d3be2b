"""Slide a kernel over an input and see every product."""

import streamlit as st

from explainer.ui import page
from explainer.ui.layers import convolution

page.header("Convolution", "Where does each number of a feature map come from?")
st.fragment(convolution.show)()
page.try_this(convolution.TRY_THIS)
page.text("convolution")
page.sources(convolution.SOURCES)
