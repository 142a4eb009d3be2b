"""The digit pad alone: what it reports, beside what the app does while a visitor draws."""

from __future__ import annotations

import json
import time

import numpy as np
import streamlit as st

from explainer.data.drawing import EmptyDrawingError
from explainer.ui.components.digit_pad import digit_on, digit_pad, put_strokes

ONE = (((0.5, 0.2), (0.5, 0.8)),)


def show() -> None:
    """The pad, and what Python knows about its drawing."""
    drawing, seen = st.columns(2)
    with drawing:
        strokes = digit_pad("pad")
    with seen:
        count = st.empty()
        try:
            picture = digit_on("pad")
        except EmptyDrawingError:
            picture = np.zeros((28, 28), np.uint8)
        st.text(f"ink: {picture.sum(dtype=int)}")
        st.image(picture, width=140)
    st.text("drawing: " + json.dumps(strokes))
    count.text(f"strokes: {len(strokes)}")  # sent last: who sees it sees all the rest


def pad_page() -> None:
    st.session_state["runs"] = st.session_state.get("runs", 0) + 1
    st.text(f"runs of the page: {st.session_state['runs']}")
    st.button("Run again")
    st.button("One", on_click=put_strokes, args=("pad", ONE))
    st.button("Wipe", on_click=put_strokes, args=("pad", ()))
    st.fragment(show)()


def busy_page() -> None:
    """Every 200 ms the pad's fragment runs again, and so does another."""
    st.fragment(show, run_every=0.2)()
    st.fragment(tick, run_every=0.2)()


def tick() -> None:
    st.session_state["ticks"] = st.session_state.get("ticks", 0) + 1
    st.text(f"ticks: {st.session_state['ticks']}")


def rerun_page() -> None:
    """The whole page runs again all the time, without a fragment, and each run takes its time."""
    show()
    time.sleep(0.15)
    st.rerun()


def other_page() -> None:
    st.text("Nothing to draw on here.")


st.set_page_config(page_title="Digit pad", layout="wide")
st.navigation(
    [
        st.Page(pad_page, title="Pad", default=True),
        st.Page(busy_page, title="Busy", url_path="busy"),
        st.Page(rerun_page, title="Rerun", url_path="rerun"),
        st.Page(other_page, title="Other", url_path="other"),
    ],
    position="top",
).run()
