"""What a convolutional network does, in one picture whose parts lead to the pages that explain them."""

import streamlit as st

from explainer.ui import menu, page
from explainer.ui.network_picture import network_picture

TRAIN = "training/train.py"
EXPLAINED_BY = {
    "convolution_1": "layers/convolution.py",
    "convolution_2": "layers/convolution.py",
    "pooling_1": "layers/pooling.py",
    "pooling_2": "layers/pooling.py",
    "probabilities": TRAIN,
}

with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    with st.container(width="content"):
        page.header("Inside a CNN", "What happens between the pixels and the answer?")
    if st.button("Train your own", type="primary", icon=":material/play_arrow:", key="train"):
        st.switch_page(TRAIN)

pages = {part: found for part, script in EXPLAINED_BY.items() if (found := menu.find(script))}
chosen = network_picture(pages, key="picture")
if chosen in pages:
    st.switch_page(pages[chosen].script)

page.text("welcome")
