"""A server with the chart that is redrawn in place."""

import streamlit as st

from explainer.ui.components import live_chart

app = st.App("live_chart_page.py", routes=live_chart.routes())
