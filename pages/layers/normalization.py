"""Which numbers share a mean and a variance, and what a network gains by it."""

import streamlit as st

from explainer.ui import page
from explainer.ui.layers import normalization, normalization_network

page.header("Normalization", "Which numbers share a mean and a variance, and what does a network gain by it?")
st.fragment(normalization.show)()
page.try_this(normalization.TRY_THIS)
st.fragment(normalization_network.real_layer)()
st.fragment(normalization_network.training_and_evaluation)()
st.fragment(normalization_network.folding)()
page.text("normalization")
page.sources(normalization.SOURCES)
