"""A sentence that changes while nobody presses anything, on its own or over a bar that fills."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from explainer.ui.components.feed import HEAR
from explainer.ui.components.kit import component

_mount = component(__file__, HEAR, "index.js")


@dataclass(frozen=True)
class Line:
    """Parts of a line, side by side, the ``strong`` ones bold; ``share`` (0 to 1) is how far the bar is full.

    Without a share there is no bar, and the line is what to notice. A line that ``is_single`` never breaks: what has no
    room is left out.
    """

    parts: Sequence[str]
    strong: Sequence[int] = ()
    share: float | None = None
    is_single: bool = False


def live_text(line: Line, key: str, feed: str = "") -> None:
    """Draw ``line``; called again under the same ``key``, or fed by the name ``feed``, it changes in place."""
    _mount(key=key, data={"feed": feed, **encode(line)})


def encode(line: Line) -> dict[str, Any]:
    """What the browser gets of a line."""
    parts = [[text, i in line.strong] for i, text in enumerate(line.parts)]
    return {"parts": parts, "share": line.share, "single": line.is_single}
