"""What decided: maps of the pixels that made a network say what it says, and two tests of such maps."""

import streamlit as st

from explainer.ui import page
from explainer.ui.inspection import attribution

page.header("What decided", "Which pixels made the network say what it says, and can such a map be trusted?")
st.fragment(attribution.show)()
page.try_this(attribution.TRY_THIS)
page.text("attribution")
page.sources(attribution.SOURCES)
