"""The server of Inside a CNN: ``streamlit run Home.py``."""

import streamlit as st
from starlette.middleware import Middleware

from explainer.ui import feed, live_chart, server
from explainer.ui.frame_style import FrameStyle
from explainer.ui.guard import Guard
from explainer.ui.uploads import BoundedUploads
from explainer.ui.visitor import VisitorCookie

app = st.App(
    "pages/menu.py",
    lifespan=server.lifespan,
    on_script_error=server.on_script_error,
    routes=[*live_chart.routes(), *feed.routes()],
    middleware=[Middleware(Guard), Middleware(VisitorCookie), Middleware(FrameStyle), Middleware(BoundedUploads)],
)
