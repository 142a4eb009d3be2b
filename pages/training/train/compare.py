"""All runs of the visitor: which are on the curves, and how they ended."""

from __future__ import annotations

import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from explainer.networks.plan import parameter_count
from explainer.training.config import RunConfig, digits_in
from explainer.training.naming import short
from explainer.training.remarks import RULE, ahead, last_test, last_train
from explainer.ui.frame.studio import Run, pool, studio
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.language import say
from pages.training.train.actions import LOOK, SHOWN, redraw_if_changed

EVERY = 1.0
FORMATS = {
    **{"test": "%.2f %%", "training": "%.2f %%", "parameters": "localized"},
    **{"speed": "localized", "seconds": "%.1f", "epochs": "%.2f"},
}
# Pixels: all columns together are as wide as a projector's screen leaves beside the controls.
WIDTHS = {
    **{"run": 163, "state": 98, "test": 74, "training": 80, "digits": 88},
    **{"parameters": 94, "epochs": 66, "seconds": 74, "speed": 70},
}


def choose_runs() -> None:
    """Which run the page is about, and which lie on its curves; drawn from the second run on."""
    names = {run.key: run.name for run in studio().of(RunConfig)}
    if len(names) < 2:
        return
    st.session_state[SHOWN] = [key for key in st.session_state.get(SHOWN, []) if key in names]
    if st.session_state.get(LOOK) not in names:
        st.session_state[LOOK] = list(names)[-1]
    left, right = st.columns([1, 2])
    left.selectbox(say("train.compare.run"), list(names), format_func=names.__getitem__, key=LOOK)
    labels = dict(zip(names, map(verbatim, short(list(names.values()))), strict=True))
    title = say("train.compare.shown")
    right.pills(title, list(names), selection_mode="multi", format_func=labels.__getitem__, key=SHOWN)


def compare(chosen: Run | None) -> None:
    """The table of all runs, which follows those that are going, as the buttons of the ``chosen`` one do."""
    going = len(studio().going())
    st.fragment(run_every=EVERY if going else None)(_table)(going, chosen)


def _table(going: int, chosen: Run | None) -> None:
    if len(studio().going()) != going:
        st.rerun()
    if chosen:
        redraw_if_changed(chosen)
    mine = studio()
    runs = mine.of(RunConfig)
    if mine.removed:
        st.caption(say("train.compare.removed", count=mine.removed))
    if not runs:
        st.info(say("train.compare.none"))
        return
    st.dataframe(
        [
            {_column(column): value for column, value in _row(run, name).items()}
            for run, name in zip(runs, short([run.name for run in runs]), strict=True)
        ],
        hide_index=True,
        column_config={_column(name): _drawn(name) for name in WIDTHS},
        alt=say("train.compare.table"),
    )
    if any(run.job.status == "waiting" for run in runs):
        st.caption(say(RULE))


def _drawn(name: str) -> ColumnConfig:
    """How a column is drawn: as wide as all of them have room for."""
    if name in FORMATS:
        return st.column_config.NumberColumn(format=FORMATS[name], width=WIDTHS[name])
    return st.column_config.Column(width=WIDTHS[name])


def _column(name: str) -> str:
    return say(f"train.compare.columns.{name}")


def _row(run: Run, name: str) -> dict[str, object]:
    state = run.job.state()
    tested, trained = last_test(state.points), last_train(state.points)
    last = state.points[-1] if state.points else None
    place = pool().ahead(run.job)
    return {
        "run": name,
        "state": say(ahead(place)) if place.ahead else say(f"train.states.{state.status}"),
        "test": 100 * tested.test_accuracy if tested and tested.test_accuracy is not None else None,
        "training": 100 * trained.train_accuracy if trained and trained.train_accuracy is not None else None,
        "digits": tested.test_digits if tested else None,
        "parameters": parameter_count(run.job.config.network),
        "epochs": last.epoch if last else None,
        "seconds": last.seconds if last else None,
        "speed": round(last.epoch * digits_per_epoch(run) / last.seconds) if last and last.seconds else None,
    }


def digits_per_epoch(run: Run) -> int:
    """Training digits that one epoch of the run sees."""
    return digits_in(run.job.config)
