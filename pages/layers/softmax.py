"""Follow the last feature maps to logits, probabilities and the loss."""

import streamlit as st

from explainer.ui import page
from explainer.ui.layers import softmax

page.header("From maps to probabilities", "How do the last feature maps become ten probabilities, and a loss?")
st.fragment(softmax.show)()
page.try_this(softmax.TRY_THIS)
page.text("softmax")
page.sources(softmax.SOURCES)
