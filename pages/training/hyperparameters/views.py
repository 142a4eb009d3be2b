"""What the page "Hyperparameter search" shows: a map for each method, the best so far, and the run that was chosen."""

from __future__ import annotations

import csv
import io
from typing import Any

import numpy as np
import streamlit as st

from explainer.figures.search import Found, best_so_far, trial_curves
from explainer.training.search.axes import AXES, AxisName
from explainer.training.search.places import Method
from explainer.training.search.search import Search, SearchConfig, Trial, best
from explainer.ui.components.live_chart import live_chart
from explainer.ui.frame import page
from explainer.ui.frame.drawn import drawn
from explainer.ui.language import labels, language, say
from explainer.words.book import Said
from pages.training.hyperparameters import words
from pages.training.hyperparameters.search_maps import DrawnTrial, Look, MapAxis, Panel, encode, search_maps
from pages.training.hyperparameters.state import MAPS, take_pressed

HEIGHT = 250
FEED = "search-maps"


def maps(search: Search | None, wanted: SearchConfig, chosen: Trial | None) -> None:
    """Every method's trials at their places."""
    axes = _axis(wanted.horizontal), _axis(wanted.vertical)
    key = chosen.key if chosen else ""
    alt = say(words.alt(wanted))
    search_maps(panels(search, wanted, language()), axes, key, alt, MAPS, feed=FEED, on_trial=take_pressed)


def panels(search: Search | None, wanted: SearchConfig, spoken: str) -> list[Panel]:
    """What the maps show, in the language that is ``spoken``: of a search, else empty ones."""
    return [_panel(search, method, spoken) for method in wanted.methods]


def encoded(search: Search, wanted: SearchConfig, spoken: str) -> dict[str, Any]:
    """What a feed sends to the maps."""
    return encode(panels(search, wanted, spoken))


def _panel(search: Search | None, method: Method, spoken: str) -> Panel:
    title = words.METHOD[method].text(spoken)
    if search is None:
        return Panel(title, "", ())
    trials = search.of(method)
    first = best(trials)
    accuracy = first.accuracy if first else None
    shown = Said("hyperparameters.maps.best", accuracy=accuracy).text(spoken) if accuracy is not None else ""
    return Panel(title, shown, tuple(_drawn(trial, search.config, spoken, trial is first) for trial in trials))


def _drawn(trial: Trial, config: SearchConfig, spoken: str, is_best: bool) -> DrawnTrial:
    text = words.trial_said(trial, config).text(spoken)
    return DrawnTrial(trial.key, *trial.place, _look(trial), trial.accuracy, text, is_best)


def _look(trial: Trial) -> Look:
    if trial.accuracy is not None:
        return "done"
    if trial.job.going:
        return "trains" if trial.status == "running" else "waits"
    return "broken"


def _axis(name: AxisName) -> MapAxis:
    axis = AXES[name]
    ticks = tuple((axis.place(value), say("hyperparameters.tick", value=value)) for value in axis.ticks)
    return MapAxis(say(words.AXIS[name]), ticks)


def charts(search: Search, chosen: Trial | None) -> None:
    """The best so far of all methods, and the curves of the trial that was chosen."""
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown(say("hyperparameters.so_far"))
        lines = [Found(say(words.METHOD[method]), _accuracies(search.of(method))) for method in search.config.methods]
        titles = say("hyperparameters.chart.runs"), say("hyperparameters.chart.best")
        figure = drawn(best_so_far, lines, search.config.budget, titles, dark=page.is_dark(), height=HEIGHT)
        live_chart(figure, say("hyperparameters.chart.best_alt"), "hs_best", waits=True)
    if chosen is not None:
        with right:
            _curves(chosen, search.config)


def _accuracies(trials: list[Trial]) -> np.ndarray:
    """Of the trials that are over, in their order, NaN where one diverged; without those that were stopped."""
    over = [trial for trial in trials if trial.accuracy is not None or trial.status == "diverged"]
    return np.array([np.nan if trial.accuracy is None else trial.accuracy for trial in over])


def _curves(trial: Trial, config: SearchConfig) -> None:
    st.markdown(say(words.trial_said(trial, config)))
    points = trial.job.state().points
    steps = np.array([point.step for point in points], float)
    losses = np.array([np.nan if point.train_loss is None else point.train_loss for point in points])
    right = np.array([np.nan if point.test_accuracy is None else point.test_accuracy for point in points])
    titles = (
        say("hyperparameters.chart.steps"),
        say("hyperparameters.chart.loss"),
        say("hyperparameters.chart.held_out"),
    )
    figure = drawn(trial_curves, steps, losses, right, titles, dark=page.is_dark(), height=HEIGHT)
    live_chart(figure, say("hyperparameters.chart.curves_alt"), "hs_curves", waits=True)


def table_button(search: Search) -> None:
    """Draws a button for all trials as a table."""
    label = say("hyperparameters.csv")
    st.download_button(label, table(search), "hyperparameters.csv", "text/csv", on_click="ignore", key="hs_csv")


def table(search: Search) -> str:
    """All trials as CSV text."""
    columns = labels("hyperparameters.columns.{}", ("method", "number", "accuracy"))
    axes = [say(words.AXIS[name]) for name in (search.config.horizontal, search.config.vertical)]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([columns["method"], columns["number"], *axes, columns["accuracy"]])
    for trial in search.trials:
        accuracy = "" if trial.accuracy is None else f"{trial.accuracy:.4f}"
        writer.writerow([say(words.METHOD[trial.method]), trial.number + 1, *trial.values, accuracy])
    return out.getvalue()
