"""Pieces of work, one after the other, each followed by a feed that is drawn only while it goes on."""

from __future__ import annotations

import time
from functools import partial

import streamlit as st

from explainer.ui.components.feed import News, feed

ANSWER = 1.0  # seconds that the server takes for an answer: the next piece of work may begin meanwhile
SHORT, LONG = 0.5, 2.5  # seconds that the first piece of work takes, and every other one


def is_over(number: int, begun: float) -> bool:
    return time.monotonic() - begun > (LONG if number else SHORT)


def state(number: int, over: bool) -> str:
    return f"work {number} is {'over' if over else 'going on'}"


def news(number: int, begun: float) -> News:
    time.sleep(ANSWER)
    over = is_over(number, begun)
    return News(state(number, over), {}, some=True, going=not over)


@st.fragment
def page() -> None:
    if st.button("Next"):
        st.session_state.number = st.session_state.get("number", 0) + 1
    number = st.session_state.get("number", 0)
    begun = st.session_state.setdefault(f"begun {number}", time.monotonic())
    over = is_over(number, begun)
    st.text(state(number, over))
    if not over:
        feed("feed", partial(news, number, begun), state(number, over), every=0.1, going=True)


def quiet() -> None:
    """Work that has nothing to show for ever; ``again``, in the address, is when it is worth another look."""
    again = float(st.query_params["quiet"])
    feed("feed", lambda: News("quiet", {}, some=False, going=True, again=again), "quiet", every=0.6, going=True)
    st.text("nothing yet")


if "quiet" in st.query_params:
    quiet()
else:
    page()
