"""The history of a run as a table that a spreadsheet opens."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from explainer.training.messages import Changed
from explainer.training.snapshot import Point

_COLUMNS = {
    "step": "step",
    "epoch": "epoch",
    "seconds": "seconds of training",
    "examples_per_second": "digits per second",
    "learning_rate": "learning rate",
    "train_loss": "training loss (nats)",
    "train_accuracy": "training accuracy (share)",
    "test_loss": "test loss (nats)",
    "test_accuracy": "test accuracy (share)",
    "test_digits": "test digits measured",
    "smoothed_loss": "training loss with label smoothing (nats)",
}


class PartsPoint(Protocol):
    """A point of a run whose loss is the sum of parts."""

    @property
    def step(self) -> int: ...  # noqa: D102
    @property
    def parts(self) -> tuple[float, ...] | None: ...  # noqa: D102


def history_csv(points: Sequence[Point], changes: Sequence[Changed] = ()) -> str:
    """CSV text: a row a point, its columns with their units, an empty cell where nothing was measured.

    The last column says what was changed in mid-run since the row before, and after which step.
    """
    rows = [(point.step, [getattr(point, name) for name in _COLUMNS]) for point in points]
    return _csv(list(_COLUMNS.values()), rows, changes)


def parts_csv(
    points: Sequence[PartsPoint], columns: Mapping[str, str], parts: Sequence[str], changes: Sequence[Changed] = ()
) -> str:
    """The same of a run whose loss is a sum: ``columns``, titles by the names that a point has, and then its ``parts``.

    ``parts`` are the titles of these columns.
    """
    rows = [
        (point.step, [*(getattr(point, name) for name in columns), *(point.parts or (None,) * len(parts))])
        for point in points
    ]
    return _csv([*columns.values(), *parts], rows, changes)


def _csv(titles: Sequence[str], rows: Iterable[tuple[int, Sequence[float | None]]], changes: Sequence[Changed]) -> str:
    """Of each row the step and its values."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*titles, "changed in mid-run"])
    before = -1
    for step, values in rows:
        since = [change for change in changes if before <= change.step < step]
        cells = ["" if value is None else value for value in values]
        writer.writerow([*cells, "; ".join(_words(change) for change in since)])
        before = step
    return out.getvalue()


def _words(changed: Changed) -> str:
    return f"{changed.change.what.replace('_', ' ')} {changed.change.value:g} after step {changed.step}"
