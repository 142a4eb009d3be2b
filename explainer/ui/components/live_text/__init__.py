"""A sentence that changes while nobody presses anything, on its own or over a bar that fills."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from explainer.ui.components.feed import HEAR

_FOLDER = Path(__file__).parent
_mount = st.components.v2.component(
    "explainer.live_text",
    html=(_FOLDER / "index.html").read_text(encoding="utf-8"),
    css=(_FOLDER / "style.css").read_text(encoding="utf-8"),
    js=HEAR + (_FOLDER / "index.js").read_text(encoding="utf-8"),
)


@dataclass(frozen=True)
class Line:
    """Parts of a line, side by side, the ``strong`` ones bold; ``share`` (0 to 1) is how far the bar is full.

    Without a share there is no bar, and the line is what to notice.
    """

    parts: Sequence[str]
    strong: Sequence[int] = ()
    share: float | None = None


def live_text(line: Line, key: str, feed: str = "") -> None:
    """Draw ``line``; called again under the same ``key``, or fed by the name ``feed``, it changes in place."""
    _mount(key=key, data={"feed": feed, **encode(line)})


def encode(line: Line) -> dict[str, Any]:
    """What the browser gets of a line."""
    return {"parts": [[text, i in line.strong] for i, text in enumerate(line.parts)], "share": line.share}
