"""Learning rates over the steps: one schedule drawn strongly, the others behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas  # noqa: F401  Plotly fails where another thread is half-way through importing it
import plotly.graph_objects as go

from explainer.figures import theme

_DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot", "5px 3px")
_MOST_POINTS = 200
_BEHIND = {False: 0.6, True: 0.85}  # opacity on a light and on a dark page


def schedule_curves(
    schedules: Mapping[str, Sequence[float]], chosen: str, rate: float, dark: bool, *, height: int = 340
) -> go.Figure:
    """The learning rate at every step, for each of the ``schedules``: their shares of the highest ``rate``.

    All have the same number of steps, one or more. ``chosen`` is the one drawn strongly. ``height`` is in pixels.
    Raises ValueError where ``chosen`` is not among them.
    """
    if chosen not in schedules:
        raise ValueError(f"{chosen} is not among the schedules.")
    figure = theme.Figure(layout=_layout(rate, height), dark=dark)
    for number, (name, shares) in enumerate(schedules.items()):
        steps = _kept(len(shares))
        is_chosen = name == chosen
        figure.add_scatter(
            x=steps,
            y=[rate * shares[step] for step in steps],
            mode="lines",
            name=f"<b>{name}</b>" if is_chosen else name,
            line={
                "color": theme.QUALITATIVE[number % len(theme.QUALITATIVE)],
                "dash": _DASHES[number % len(_DASHES)],
                "width": 5 if is_chosen else 2,
            },
            opacity=1.0 if is_chosen else _BEHIND[dark],
            zorder=int(is_chosen),
            hovertemplate=f"{name}, step %{{x}}: %{{y:.4~g}}<extra></extra>",
        )
    return figure


def _kept(steps: int) -> list[int]:
    """The steps that are drawn: all of few, of many every second, third, ... and the last."""
    stride = -(-steps // _MOST_POINTS)
    return sorted({*range(0, steps, stride), steps - 1})


def _layout(rate: float, height: int) -> go.Layout:
    return go.Layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 12, "b": 8},
        hovermode="closest",
        xaxis={"title": {"text": "step"}, "zeroline": False},
        yaxis={
            "title": {"text": "learning rate"},
            "range": [-0.03 * rate, 1.06 * rate],
            "tickformat": "~g",
            "zeroline": False,
        },
        legend={
            **{"itemclick": False, "itemdoubleclick": False},
            **{"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        },
    )
