"""What a visitor must know where the app is shown within a page of another site and the browser keeps no cookie."""

from __future__ import annotations

from explainer.ui.components.kit import component, words

_mount = component(__file__)


def warn_that_nothing_is_kept() -> None:
    """Says within a frame that a reload loses the runs, and leads to a tab of its own."""
    _mount(key="embedded", data=words("embedded"))
