"""The confusion matrix: which class is taken for which."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas  # noqa: F401  Plotly fails where another thread is half-way through importing it
import plotly.graph_objects as go
from numpy.typing import NDArray

from explainer.figures import theme
from explainer.words.book import ENGLISH, Said

# Below this count the darkest cell stays pale: a single mistake is no alarm.
_FULL_COLOR = 10


def confusion_matrix(
    counts: NDArray[np.int64], labels: Sequence[str], dark: bool, height: int = 520, language: str = ENGLISH
) -> go.Figure:
    """How often each true class (row) was read as each class (column); the right ones are quiet.

    ``counts`` (n, n): row = true label, column = predicted; ``labels`` names the n classes; ``height`` is in
    pixels; titles and sentences are in ``language``. The darker a cell off the diagonal, the more mistakes of this
    kind; cells without any stay empty.
    """
    colors = theme.palette(dark)
    right = np.eye(len(counts), dtype=bool)
    mistakes = np.where(right, 0, counts)
    figure = theme.Figure(layout=_layout(height, labels, language), dark=dark)
    shared = {
        **{"xgap": 2, "ygap": 2, "showscale": False, "hovertemplate": "%{customdata}<extra></extra>"},
        **{"texttemplate": "%{text}", "customdata": _sentences(counts, labels, language)},
    }
    figure.add_heatmap(
        z=np.where(right, np.nan, mistakes),
        text=np.where(mistakes > 0, mistakes.astype(str), ""),
        colorscale=theme.sequential(dark),
        zmin=0,
        zmax=max(int(mistakes.max(initial=0)), _FULL_COLOR),
        hoverongaps=False,
        **shared,
    )
    figure.add_heatmap(
        z=np.where(right, 0.0, np.nan),
        text=np.where(right, counts.astype(str), ""),
        colorscale=[(0, colors.raised), (1, colors.raised)],
        textfont={"color": colors.quiet},
        hoverongaps=False,
        **shared,
    )
    return figure


def _sentences(counts: NDArray[np.int64], labels: Sequence[str], language: str) -> NDArray[np.object_]:
    """What each cell says when pointed at, (n, n)."""
    sentences = np.empty(counts.shape, dtype=object)
    for (true, read), count in np.ndenumerate(counts):
        total = int(counts[true].sum())
        percent = 100 * count / total if total else 0.0
        numbers = {"count": int(count), "total": total, "percent": percent}
        said = Said("figures.confusion.cell", true=labels[true], read=labels[read], **numbers)
        sentences[true, read] = said.text(language)
    return sentences


def _layout(height: int, labels: Sequence[str], language: str) -> go.Layout:
    ticks = {
        "tickvals": list(range(len(labels))),
        "ticktext": list(labels),
        "showgrid": False,
        "zeroline": False,
    }
    read, true = Said("figures.confusion.read").text(language), Said("figures.confusion.true").text(language)
    return go.Layout(
        height=height,
        uirevision="confusion",
        xaxis={
            **ticks,
            "title": {"text": read},
            "constrain": "domain",
            "constraintoward": "left",
        },
        yaxis={
            **ticks,
            **{
                "title": {"text": true},
                "autorange": "reversed",
                "scaleanchor": "x",
            },
            **{"constrain": "domain", "constraintoward": "top"},
        },
    )
