"""Send a batch through a deep network and its gradient back."""

import streamlit as st

from explainer.ui import page
from explainer.ui.training_pages import initialization

page.header("Initialization and gradient flow", "Why do deep networks stop learning before they have begun?")
st.fragment(initialization.show)()
page.try_this(initialization.TRY_THIS)
page.text("initialization")
page.sources(initialization.SOURCES)
