"""A server of pieces of work that a feed tells the page of."""

import streamlit as st

from explainer.ui.components import feed

app = st.App("feed_page.py", routes=feed.routes())
