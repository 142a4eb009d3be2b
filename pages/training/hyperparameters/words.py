"""What the page "Hyperparameter search" says of a search: its sentences and its formula."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from explainer.training.search.axes import AXES, AxisName
from explainer.training.search.places import Method
from explainer.training.search.search import Search, SearchConfig, Trial, best
from explainer.training.search.trial import HELD_OUT
from explainer.words.book import Said, Value
from explainer.words.latex import grouped, latex

GOOD = 0.05  # of all settings, the best: what a random trial finds in one of twenty cases
SURE = 1.96  # standard errors, of a difference that one in twenty would show by chance
AXIS: dict[AxisName, Said] = {
    "learning-rate": Said("hyperparameters.axes.learning_rate"),
    "weight-decay": Said("hyperparameters.axes.weight_decay"),
    "dropout": Said("hyperparameters.axes.dropout"),
    "batch-size": Said("hyperparameters.axes.batch_size"),
    "width": Said("hyperparameters.axes.width"),
}
METHOD: dict[Method, Said] = {
    "grid": Said("hyperparameters.methods.grid"),
    "random": Said("hyperparameters.methods.random"),
    "tpe": Said("hyperparameters.methods.tpe"),
}


def trial_said(trial: Trial, config: SearchConfig) -> Said:
    """What a trial says when it is pointed at."""
    x, y = trial.values
    values: dict[str, Value] = {"number": trial.number + 1, "across": AXIS[config.horizontal], "x": x}
    values |= {"up": AXIS[config.vertical], "y": y}
    if trial.accuracy is not None:
        return Said("hyperparameters.trial.done", accuracy=trial.accuracy, **values)
    if trial.job.going:
        return Said(
            "hyperparameters.trial.trains" if trial.status == "running" else "hyperparameters.trial.waits", **values
        )
    return Said(
        "hyperparameters.trial.diverged" if trial.status == "diverged" else "hyperparameters.trial.stopped", **values
    )


def before(config: SearchConfig) -> Said:
    """How many runs there will be, and by what they are judged."""
    return Said("hyperparameters.notice.before", count=config.runs, digits=HELD_OUT)


def notice(search: Search) -> Said:
    """Which method has found the best, how sure that is, and how many different values each has tried."""
    config, first = search.config, best(search.trials)
    if first is None:
        return _without_result(search)
    return Said(
        "hyperparameters.notice.so_far" if search.going else "hyperparameters.notice.over",
        method=METHOD[first.method],
        accuracy=first.accuracy or 0.0,
        across=AXIS[config.horizontal],
        up=AXIS[config.vertical],
        x=first.values[0],
        y=first.values[1],
        margin=100 * margin(first.accuracy or 0.0),
        digits=HELD_OUT,
    )


def _without_result(search: Search) -> Said:
    over = sum(not trial.job.going for trial in search.trials)
    if not search.going:
        return Said("hyperparameters.notice.none")
    return Said("hyperparameters.notice.none_so_far", count=over) if over else Said("hyperparameters.notice.none_yet")


def margin(accuracy: float) -> float:
    """Below which two accuracies near this one, on as many digits each, may differ by chance alone, as a share."""
    return SURE * math.sqrt(2 * accuracy * (1 - accuracy) / HELD_OUT)


def which_matters(trials: Sequence[Trial], config: SearchConfig) -> Said | None:
    """How far the means of a whole grid's columns, and those of its rows, are apart; None without one."""
    if len(trials) < config.budget or any(trial.accuracy is None and trial.status != "diverged" for trial in trials):
        return None
    side = math.isqrt(config.budget)
    accuracies = np.array([trial.accuracy or 0.0 for trial in trials]).reshape(side, side)
    columns, rows = accuracies.mean(axis=0), accuracies.mean(axis=1)
    has_broken = any(trial.accuracy is None for trial in trials)
    return Said(
        "hyperparameters.matters_diverged" if has_broken else "hyperparameters.matters",
        count=side,
        across=AXIS[config.horizontal],
        up=AXIS[config.vertical],
        budget=config.budget,
        low_x=float(columns.min()),
        high_x=float(columns.max()),
        low_y=float(rows.min()),
        high_y=float(rows.max()),
    )


def chance(config: SearchConfig) -> float:
    """Of so many random trials to have one among the best settings."""
    return 1 - (1 - GOOD) ** config.budget


def chance_said(config: SearchConfig) -> Said:
    """The same as a sentence."""
    return Said("hyperparameters.chance", count=config.budget, share=100 * GOOD, chance=chance(config))


def formula(search: Search | None, config: SearchConfig) -> str:
    """The best trial, and the chance that so many random ones find one of the best settings."""
    at_random = rf"P = 1 - (1 - {GOOD:g})^{{{config.budget}}} = {chance(config):.2f}"
    first = best(search.trials) if search else None
    if first is None or first.accuracy is None:
        return at_random
    across, up = AXES[config.horizontal].symbol, AXES[config.vertical].symbol
    values = rf"{across} = {latex(first.values[0])},\ {up} = {latex(first.values[1])}"
    share = rf"\frac{{{grouped(round(first.accuracy * HELD_OUT))}}}{{{grouped(HELD_OUT)}}} = {first.accuracy:.4f}"
    best_one = rf"\max_{{{across}, {up}}} A = A({values}) = {share}"
    return rf"{best_one} \qquad {at_random}"


def alt(config: SearchConfig) -> Said:
    """What a map shows."""
    return Said("hyperparameters.maps.alt", across=AXIS[config.horizontal], up=AXIS[config.vertical])
