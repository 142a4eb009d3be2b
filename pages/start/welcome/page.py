"""What a convolutional network does, in one picture whose parts lead to the pages that explain them."""

import streamlit as st

from explainer.ui.frame import menu, page
from explainer.ui.frame.page import OwnPage
from pages.start.welcome.network_picture import network_picture

TRAIN = "training/train"
EXPLAINED_BY = {
    "convolution_1": "layers/convolution",
    "convolution_2": "layers/convolution",
    "pooling_1": "layers/pooling",
    "pooling_2": "layers/pooling",
    "probabilities": TRAIN,
}


def show() -> None:
    """The title beside the way to Train a CNN, and below it the picture."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        with st.container(width="content"):
            page.header("Inside a CNN", "What happens between the pixels and the answer?")
        if st.button("Train your own", type="primary", icon=":material/play_arrow:", key="train"):
            menu.switch(TRAIN)
    places = {part: found for part, name in EXPLAINED_BY.items() if (found := menu.find(name))}
    chosen = network_picture({part: (place.title, place.path) for part, place in places.items()}, key="picture")
    if chosen in places:
        menu.switch(places[chosen].name)
    page.text("welcome")
    page.take_home("welcome")


PAGE = OwnPage("welcome", show)
