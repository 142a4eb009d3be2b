"""A page whose script runs until a file is there, with a button of its own called "Stop", in the app's frame."""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from explainer.ui.frame.frame_style import FrameStyle

app = st.App(str(Path(__file__).parent / "running_page.py"), middleware=[Middleware(FrameStyle)])
