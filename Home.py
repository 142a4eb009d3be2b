"""The server of Inside a CNN: ``streamlit run Home.py``."""

from functools import partial

import streamlit as st
from starlette.middleware import Middleware

import explainer
import pages
from explainer.ui.components import ahead, feed, live_chart, search, take_home
from explainer.ui.components.kit import modules
from explainer.ui.frame import menu, search_index, server
from explainer.ui.frame.frame_style import FrameStyle
from explainer.ui.frame.guard import Guard
from explainer.ui.frame.uploads import BoundedUploads
from explainer.ui.frame.visitor import VisitorCookie
from pages.menu import MENU

app = st.App(
    "pages/menu.py",
    lifespan=partial(server.lifespan, packages=(explainer, pages)),
    on_script_error=server.on_script_error,
    routes=[
        *modules.routes(),
        *live_chart.routes(),
        *feed.routes(),
        *ahead.routes(),
        *take_home.routes(),
        *search.routes(partial(search_index.body, menu.entries_of(MENU))),
    ],
    middleware=[Middleware(Guard), Middleware(VisitorCookie), Middleware(FrameStyle), Middleware(BoundedUploads)],
)
