"""Two pages of choices in the address: of every kind, called forth by another, and one that both pages have."""

import streamlit as st

from explainer.ui.controls.choice import choice, pills, radio, segmented, several, stepped, tabs
from explainer.ui.frame import menu
from explainer.ui.frame.menu import Entry
from explainer.ui.frame.page import Page, Preset

KINDS = {"max": "Largest", "average": "Mean, of all", "he-fan-in": "He, fan in"}
EDGES = {"zero": "Zeros", "mirror": "The mirror"}
RUNS = {"sgd": "SGD", "adam": "Adam", "rmsprop": "RMSProp"}


def show() -> None:
    offered = st.session_state.get("offered", KINDS)  # fewer, where a test says so
    kind = choice("Kind", {each: KINDS[each] for each in offered}, "kind")
    edge, weight = "-", 0
    if kind == "average":
        edge = choice("Edge", EDGES, "edge")
        weight = st.slider("Weight", 0, 9, 5, key="weight", bind="query-params")
    size = st.slider("Size", 1, 9, 3, key="size", bind="query-params")
    st.button("Mean, please", on_click=_please)
    st.text(f"window: {kind} {edge} {weight} {size}")


def below() -> None:
    view = segmented("View", {"curve": "A curve", "table": "A table"}, "view", first="table")
    side = radio("Side", {"left": "To the left", "right": "To the right"}, "side")
    share = stepped("Share", {"quarter": "25 %", "half": "50 %"}, "share", first="half")
    runs = pills("Runs", RUNS, "runs", first=["sgd", "adam"])
    beside = several("Beside it", RUNS, "beside", most=2)
    for name, tab in tabs({"weights": "All weights", "digits": "The digits"}, "tab").items():
        if tab.open:
            tab.text(f"tab: {name}")
    st.text(f"below: {view} {side} {share} {'+'.join(runs) or '-'} {'+'.join(beside) or '-'}")


def other() -> None:
    st.text(f"other: {choice('Kind', {'max': 'Largest', 'none': 'None at all'}, 'kind', first='none')}")


def _please() -> None:
    st.session_state.kind = "average"


SOURCES = ["None."]
LINKS = [Preset("Large mean", {"size": "9", "kind": "average"}), Preset("He", {"kind": "he-fan-in"}), Preset("Plain")]
PAGES = {
    "start": lambda: st.text("start"),
    "layers/window": Page("convolution", "Window", "?", show, LINKS, SOURCES, below=[below]).open,
    "layers/other": Page("pooling", "Other", "?", other, [], SOURCES).open,
}
menu.show(
    {
        "": [Entry("start", "Start")],
        "Layers": [Entry("layers/window", "Window"), Entry("layers/other", "Other")],
    },
    lambda name: PAGES[name](),
)
