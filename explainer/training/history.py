"""The history of a run as a table that a spreadsheet opens."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

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


def history_csv(points: Sequence[Point], changes: Sequence[Changed] = ()) -> str:
    """CSV text: a row a point, its columns with their units, an empty cell where nothing was measured.

    The last column says what was changed in mid-run since the row before, and after which step.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*_COLUMNS.values(), "changed in mid-run"])
    before = -1
    for point in points:
        since = [change for change in changes if before <= change.step < point.step]
        values = [getattr(point, name) for name in _COLUMNS]
        cells = ["" if value is None else value for value in values]
        writer.writerow([*cells, "; ".join(_words(change) for change in since)])
        before = point.step
    return out.getvalue()


def _words(changed: Changed) -> str:
    return f"{changed.change.what.replace('_', ' ')} {changed.change.value:g} after step {changed.step}"
