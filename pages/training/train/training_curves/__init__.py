"""Loss and accuracy of runs, on a canvas in the browser: cheap enough to be redrawn while a network trains."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from explainer.figures import curves
from explainer.figures.runs import RunCurve
from explainer.ui.components.feed import HEAR
from explainer.ui.components.kit import CANVAS, component, words
from explainer.ui.language import language

_mount = component(__file__, HEAR, CANVAS, "painter.js", "readout.js", "index.js")


def training_curves(
    runs: Sequence[RunCurve], until: float, alt: str, key: str, *, height: int = 260, feed: str = ""
) -> None:
    """Draw loss and accuracy of ``runs`` from epoch 0 to ``until``.

    Called again under ``key``, or fed by the name ``feed`` with what ``encode`` makes of a drawing, it redraws in
    place.

    A visitor who points at an epoch, touches it or moves to it with the arrow keys sees the values measured there,
    without asking the server. ``alt`` says in words what is shown; ``height`` is that of a pane, in pixels.
    """
    drawing = curves.training_curves(runs, until, height, language())
    _mount(key=key, data={"alt": alt, "feed": feed, "words": words("training_curves"), **encode(drawing)})


def encode(drawing: curves.Drawing) -> dict[str, Any]:
    """What the browser gets of a drawing: its fields by name."""
    plain: dict[str, Any] = _plain(drawing)
    return plain


def _plain(value: Any) -> Any:
    """Dataclasses as dicts; tuples of numbers and text stay as they are, for they may be long."""
    if dataclasses.is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple) and value and dataclasses.is_dataclass(value[0]):
        return [_plain(each) for each in value]
    return value
