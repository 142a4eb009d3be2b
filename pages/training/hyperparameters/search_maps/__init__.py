"""Maps of a search side by side: every trial at its place, and its accuracy projected on both axes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from explainer.figures import theme
from explainer.ui.components.feed import HEAR
from explainer.ui.components.kit import COLOURS, ELEMENTS, NUMBERS, component, words

Look = Literal["waits", "trains", "done", "broken"]
_mount = component(__file__, ELEMENTS, COLOURS, NUMBERS, HEAR, "index.js")


@dataclass(frozen=True)
class DrawnTrial:
    """A trial at ``x`` and ``y``, 0..1; its ``accuracy``, 0..1, where it is known; ``text`` is what it says."""

    key: str
    x: float
    y: float
    look: Look
    accuracy: float | None
    text: str
    is_best: bool = False


@dataclass(frozen=True)
class Panel:
    """The trials of one method, under its ``title`` and its best so far."""

    title: str
    best: str
    trials: tuple[DrawnTrial, ...]


@dataclass(frozen=True)
class MapAxis:
    """The ``title`` of an axis, and its ticks: places, 0..1, with texts."""

    title: str
    ticks: tuple[tuple[float, str], ...]


def search_maps(
    panels: Sequence[Panel],
    axes: tuple[MapAxis, MapAxis],
    chosen: str,
    alt: str,
    key: str,
    *,
    feed: str,
    on_trial: Callable[[], None],
) -> None:
    """Draw a map for every panel; ``on_trial`` is called when a trial is pressed, ``chosen`` is the one that is marked.

    Fed by the name ``feed`` with what ``encode`` gives, the maps change in place.
    """
    data = {
        "feed": feed,
        "alt": alt,
        "chosen": chosen,
        "axes": [asdict(axis) for axis in axes],
        "scales": {"light": list(theme.SEQUENTIAL), "dark": list(theme.SEQUENTIAL[::-1])},
        "words": words("search_maps"),
        **encode(panels),
    }
    _mount(key=key, data=data, on_trial_change=on_trial)


def encode(panels: Sequence[Panel]) -> dict[str, Any]:
    """What the browser gets of the panels."""
    return {"panels": [asdict(panel) for panel in panels]}
