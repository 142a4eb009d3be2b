"""The browser's Back from another page, which brings back the controls as they were left."""

from __future__ import annotations

from explainer.ui.components.kit import component

_mount = component(__file__)


def restore_on_back(path: str) -> None:
    """Keeps each page's address as a click left it, for Back and Forward to it; the open one is at ``path``."""
    _mount(key="going_back", data={"path": path})
