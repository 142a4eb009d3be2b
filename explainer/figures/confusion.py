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
_DIGITS = 15  # pixels
_MANY, _LONG = 8, 4  # labels side by side, letters: from here on a label stands below its neighbours


def confusion_matrix(
    counts: NDArray[np.int64],
    labels: Sequence[str],
    dark: bool,
    height: int = 520,
    language: str = ENGLISH,
    *,
    in_percent: bool = False,
) -> go.Figure:
    """How often each true class (row) was read as each class (column); the right ones are quiet.

    ``counts`` (n, n): row = true label, column = predicted; ``labels`` names the n classes; ``height`` is in
    pixels; titles and sentences are in ``language``. The darker a cell off the diagonal, the more mistakes of this
    kind; cells without any stay empty. ``in_percent`` writes and colours the share of a row in whole percent, where the
    counts have more digits than a cell has room for.
    """
    colors = theme.palette(dark)
    right = np.eye(len(counts), dtype=bool)
    numbers = _percent(counts) if in_percent else counts
    mistakes = np.where(right, 0, numbers)
    figure = theme.Figure(layout=_layout(height, labels, language), dark=dark)
    shared = {
        **{"xgap": 2, "ygap": 2, "showscale": False, "hovertemplate": "%{customdata}<extra></extra>"},
        **{"texttemplate": "%{text}", "customdata": _sentences(counts, labels, language)},
        **({"textfont_size": _DIGITS} if in_percent else {}),
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
        text=np.where(right, numbers.astype(str), ""),
        colorscale=[(0, colors.raised), (1, colors.raised)],
        textfont_color=colors.quiet,
        hoverongaps=False,
        **shared,
    )
    return figure


def _percent(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Of each row the shares, in whole percent."""
    shares: NDArray[np.int64] = np.rint(100 * counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)).astype(int)
    return shares


def _lowered(label: str, count: int) -> str:
    """A label below an axis of ``count``, a line lower where it would reach into its neighbours."""
    return f"<br>{label}" if count >= _MANY and len(label) > _LONG else label


def _sentences(counts: NDArray[np.int64], labels: Sequence[str], language: str) -> NDArray[np.object_]:
    """What each cell says when pointed at, (n, n)."""
    sentences = np.empty(counts.shape, dtype=object)
    for (true, read), count in np.ndenumerate(counts):
        total = int(counts[true].sum())
        share = count / total if total else 0.0
        numbers = {"count": int(count), "total": total, "share": share}
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
            "ticktext": [_lowered(label, len(labels)) for label in labels],
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
