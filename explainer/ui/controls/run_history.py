"""What is taken home of a run: its weights, and the points of its curves as a table that a spreadsheet opens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from explainer.training.history import parts_csv
from explainer.training.job import State
from explainer.ui.language import labels, say

_COLUMNS = ("step", "epoch", "seconds", "examples_per_second", "learning_rate", "loss")


def weights_button(label: str, weights: bytes, *, file: str, key: str) -> None:
    """Draws a button for the weights of a run."""
    st.download_button(
        label,
        weights,
        file,
        "application/octet-stream",
        icon=":material/download:",
        on_click="ignore",
        key=key,
    )


def history_button(
    state: State[Any, Any, Any], parts: Sequence[str], measured: Mapping[str, str], *, file: str, key: str
) -> None:
    """Draws a button for the table of a run that learns from pictures made as it goes.

    ``parts`` are the names of what its loss is the sum of; ``measured`` titles by the names that its points have.
    """
    columns = labels("learner.history.{}", _COLUMNS)
    titles = [say("learner.history_part", name=part) for part in parts]
    st.download_button(
        say("learner.history_button"),
        parts_csv(state.points, {**columns, **measured}, titles, state.changes),
        file,
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
        key=key,
    )
