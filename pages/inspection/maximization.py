"""Climb from noise to the picture that a unit likes best."""

import streamlit as st

from explainer.ui import page
from explainer.ui.inspection import maximization

page.header("Activation maximization", "What picture would excite this unit most, if it could choose every pixel?")
st.fragment(maximization.show)()
page.try_this(maximization.TRY_THIS)
page.text("maximization")
page.sources(maximization.SOURCES)
