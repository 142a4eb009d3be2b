"""Every hostile text of the test in several of Streamlit's places that read Markdown."""

import streamlit as st
from hostile_texts import BY_HAND, TEXTS

from explainer.ui.frame.verbatim import verbatim

for number, text in enumerate(TEXTS):
    with st.container(key=f"text_{number}"):
        st.markdown(verbatim(text))
        st.markdown(f"**{verbatim(text)}** after")
st.pills("label", list(range(len(BY_HAND))), format_func=lambda number: verbatim(BY_HAND[number]), key="pills")
st.error(verbatim(TEXTS[0]))
