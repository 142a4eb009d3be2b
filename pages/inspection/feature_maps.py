"""The whole network as a map from the input to the scores, and how each of its maps was computed."""

import streamlit as st

from explainer.ui import page
from explainer.ui.inspection import feature_maps

page.header("Feature maps", "What does every layer of a trained network make of one picture?")
st.fragment(feature_maps.show)()
page.try_this(feature_maps.TRY_THIS)
page.text("feature_maps")
page.sources(feature_maps.SOURCES)
