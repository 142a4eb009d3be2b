"""Switch units off at random: one mask after the other, other kinds, and the spread over 100 masks."""

import streamlit as st

from explainer.ui import page
from explainer.ui.layers import dropout

page.header("Dropout", "What does a network do while some of its units are switched off at random?")
st.fragment(dropout.show)()
page.try_this(dropout.TRY_THIS)
page.text("dropout")
page.sources(dropout.SOURCES)
