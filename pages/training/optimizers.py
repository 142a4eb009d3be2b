"""Race optimizers down a surface of two weights."""

import streamlit as st

from explainer.ui import page
from explainer.ui.training_pages import optimizers

page.header("Optimizers", "Which way down is quickest, and when does it go wrong?")
st.fragment(optimizers.show)()
page.try_this(optimizers.TRY_THIS)
optimizers.on_mnist()
page.text("optimizers")
page.sources(optimizers.SOURCES)
