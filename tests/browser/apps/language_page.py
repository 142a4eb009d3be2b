"""Two pages, which say their names and the language that they are read in."""

import streamlit as st

from explainer.ui.frame import menu
from explainer.ui.frame.menu import Entry
from explainer.ui.language import language


def draw(name: str) -> None:
    st.slider("Size", 1, 9, 3, key="size", bind="query-params")
    st.title(f"{name} in {language()}")


menu.show({"": [Entry("start", "Start"), Entry("second", "Second")]}, draw)
