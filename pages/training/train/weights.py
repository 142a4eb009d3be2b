"""How the weights and biases of every layer spread while a run trains, and how large the gradients are."""

from __future__ import annotations

import numpy as np
import streamlit as st

from explainer.figures.spread import Bands, Titles, band_charts, gradient_chart
from explainer.networks.plan import title
from explainer.training.job import State
from explainer.training.spread import notice
from explainer.ui.components.live_chart import live_chart
from explainer.ui.frame import page
from explainer.ui.frame.studio import Run
from explainer.ui.language import say
from pages.training.train.actions import redraw_if_changed
from pages.training.train.watch import EVERY

_TITLES = ("weights", "biases", "epochs", "median", "gradient")


def weights(run: Run | None) -> None:
    """Bands of percentiles, a row a layer, and the norms of the gradients; they follow the run."""
    if run is None:
        st.info(say("train.spread.no_run"))
        return
    st.fragment(run_every=4 * EVERY if run.job.going else None)(_weights)(run)


def _weights(run: Run) -> None:
    redraw_if_changed(run)
    state = run.job.state()
    if not state.spreads:
        st.info(say("train.spread.waits" if state.going else "train.spread.not_watched"))
        return
    if said := notice(state.spreads):
        page.notice(said)
    _charts(run, state)


def _charts(run: Run, state: State) -> None:
    titles = Titles(*(say(f"train.spread.titles.{name}") for name in _TITLES))
    names = [say(title(key)) for key in state.spreads[-1].layers]
    epochs = [each.epoch for each in state.spreads]
    shown = [np.stack([getattr(each, what) for each in state.spreads], 1) for what in ("weights", "biases")]
    layers = [Bands(*each) for each in zip(names, *shown, strict=True)]
    bands = band_charts(epochs, layers, titles, dark=page.is_dark())
    live_chart(bands, say("train.spread.bands", run=run.name, layers=len(names)), "spread")
    st.caption(say("train.spread.about"))
    norms = np.stack([each.gradients for each in state.spreads], 1)
    st.markdown(say("train.spread.gradients"))
    gradients = gradient_chart(epochs, list(zip(names, norms, strict=True)), titles, dark=page.is_dark())
    live_chart(gradients, say("train.spread.norms", run=run.name, layers=len(names)), "gradients")
