"""A page that comes right by itself after a lost connection."""

from __future__ import annotations

from explainer.ui.components.kit import component

_mount = component(__file__)


def redraw_after_reconnecting() -> None:
    """Runs the whole script whenever the browser has found the server again; to be called outside of any fragment.

    Streamlit leaves the page as it was. But what its parts said meanwhile is lost, and where the server has not kept
    the session it knows none of the page's fragments: their controls would do nothing.
    """
    _mount(key="reconnecting", data={}, on_back_change=lambda: None)
