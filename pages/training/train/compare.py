"""All runs of the visitor: which are on the curves, and how they ended."""

from __future__ import annotations

import streamlit as st

from explainer.networks.plan import parameter_count
from explainer.training.config import TRAINING_DIGITS
from explainer.training.naming import short
from explainer.training.remarks import RULE, ahead, last_test, last_train, soon
from explainer.ui.frame.studio import Run, pool, studio
from explainer.ui.frame.verbatim import verbatim
from pages.training.train.actions import LOOK, SHOWN

EVERY = 1.0


def choose_runs() -> None:
    """Which run the page is about, and which lie on its curves; drawn from the second run on."""
    names = [run.name for run in studio().runs]
    if len(names) < 2:
        return
    shown = [name for name in st.session_state.get(SHOWN, []) if name in names]
    st.session_state[SHOWN] = shown
    if st.session_state.get(LOOK) not in names:
        st.session_state[LOOK] = names[-1]
    left, right = st.columns([1, 2])
    left.selectbox("Run", names, key=LOOK)
    labels = dict(zip(names, map(verbatim, short(names)), strict=True))
    right.pills("On the curves", names, selection_mode="multi", format_func=labels.__getitem__, key=SHOWN)


def compare() -> None:
    """The table of all runs, which follows those that are going."""
    st.fragment(run_every=EVERY if studio().going() else None)(_table)(len(studio().going()))


def _table(going: int) -> None:
    if len(studio().going()) != going:
        st.rerun()
    mine = studio()
    runs = mine.runs
    if mine.removed:
        st.caption(removed(mine.removed))
    if not runs:
        st.info("Every run that you train stays in this list, beside the others.")
        return
    st.dataframe(
        [_row(run) for run in runs],
        hide_index=True,
        column_config={
            "Test right": st.column_config.NumberColumn(format="%.2f %%"),
            "Training right": st.column_config.NumberColumn(format="%.2f %%"),
            "Parameters": st.column_config.NumberColumn(format="localized"),
            "Digits/s": st.column_config.NumberColumn(format="localized"),
            "Seconds": st.column_config.NumberColumn(format="%.1f"),
            "Epochs": st.column_config.NumberColumn(format="%.2f"),
        },
        alt="Every run with its state, accuracies, parameters, epochs and speed",
    )
    if any(run.job.status == "waiting" for run in runs):
        st.caption(RULE)


def removed(count: int) -> str:
    """That older runs are no longer in the list."""
    what = "An older run is" if count == 1 else f"{count} older runs are"
    return f"{what} no longer kept, to make room for newer ones."


def _row(run: Run) -> dict[str, object]:
    state = run.job.state()
    tested, trained = last_test(state.points), last_train(state.points)
    last = state.points[-1] if state.points else None
    place = pool().ahead(run.job)
    return {
        "Run": run.name,
        "State": f"{ahead(place)}{soon(place)}" if place.ahead else state.status,
        "Test right": 100 * tested.test_accuracy if tested and tested.test_accuracy is not None else None,
        "Training right": 100 * trained.train_accuracy if trained and trained.train_accuracy is not None else None,
        "Test digits": tested.test_digits if tested else None,
        "Parameters": parameter_count(run.job.config.network),
        "Epochs": last.epoch if last else None,
        "Seconds": last.seconds if last else None,
        "Digits/s": round(last.epoch * digits_per_epoch(run) / last.seconds) if last and last.seconds else None,
    }


def digits_per_epoch(run: Run) -> int:
    """Training digits that one epoch of the run sees."""
    return run.job.config.subset or TRAINING_DIGITS
