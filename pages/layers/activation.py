"""See what activation functions let through, forward and back."""

import streamlit as st

from explainer.ui import page
from explainer.ui.layers import activation

page.header("Activation functions", "What does a neuron make of its weighted sum, and how much can it still learn?")
st.fragment(activation.show)()
page.try_this(activation.TRY_THIS)
page.text("activation")
page.sources(activation.SOURCES)
