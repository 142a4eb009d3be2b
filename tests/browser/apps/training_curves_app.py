"""Training curves that grow: twice a second, or with a button."""

from __future__ import annotations

import numpy as np
import streamlit as st

from explainer.figures.runs import RunCurve
from pages.training.train.training_curves import training_curves

NAMES = ("Small <b>", "Wider and deeper", "dropout 0.25", "lr 0.01")


def run(number: int, n: int) -> RunCurve:
    """Points every twentieth of an epoch; training values at all, test values at every second."""
    epoch = np.arange(1, n + 1) / 20
    rng = np.random.default_rng(number)
    train = (2.2 - 0.1 * number) * np.exp(-3 * epoch) + 0.06 + 0.01 * number + rng.uniform(0, 0.02, n)
    test = np.where(np.arange(n) % 2, np.nan, train + 0.02)
    changes = ((1.0, "lr 0.001"), (1.5, "dropout 0.25")) if number == 0 else ()
    digits = np.where((np.arange(n) + 2) % 20 == 0, 10_000, 1000)
    note = "stopped" if number == 1 else ""
    name = NAMES[number % 4]
    return RunCurve(name, epoch, train, 1 - train / 3, test, 1 - test / 3, digits, note, changes)


def show() -> None:
    n = st.session_state.get("n", int(st.query_params.get("n", "41")))
    runs = [run(number, n - 6 * number) for number in range(int(st.query_params.get("runs", "1")))]
    training_curves(runs, until=5, alt="Loss and accuracy", key="curves")
    st.text(f"points: {n}")


def grow() -> None:
    st.session_state["n"] = st.session_state.get("n", 41) + 2


st.set_page_config(layout="wide")
narrow = st.toggle("Narrow")
with st.container(width=500 if narrow else "stretch"):
    if "live" in st.query_params:
        st.fragment(lambda: (grow(), show()), run_every=0.5)()
    else:
        st.button("Train", on_click=grow)
        show()
