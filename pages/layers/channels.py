"""Filters that read all channels of a picture, one map each, and what each kind of convolution costs."""

import streamlit as st

from explainer.ui import page
from explainer.ui.layers import channel_costs, channels

page.header("Channels and filters", "How do several channels become one map, and several filters several maps?")
st.fragment(channels.show)()
page.try_this(channels.TRY_THIS)
st.fragment(channel_costs.show)()
page.text("channels")
page.sources(channels.SOURCES)
