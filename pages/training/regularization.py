"""See a network learn its digits by heart, and what helps against it."""

import streamlit as st

from explainer.ui import page
from explainer.ui.training_pages import regularization, regularization_links

page.header("Regularization", "Why does a network that knows all its training digits fail on new ones, and what helps?")
st.fragment(regularization.show)()
page.try_this(regularization.TRY_THIS)
regularization_links.train_it_yourself()
page.text("regularization")
page.sources(regularization.SOURCES)
