"""Files that are too large are refused before they are sent, and what a dialog for files offers first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from explainer.ui.components.kit import component

_mount = component(__file__)


def file_check(of: str, kinds: Sequence[str], most: int, key: str, on_refused: Callable[[], None]) -> None:
    """Watches the file uploader whose key is ``of``: no file of more than ``most`` bytes reaches it.

    The dialog offers the ``kinds`` first, endings such as "png", and takes any other. Of files that are too large the
    session's state gets, under ``key``, ``refused``: a list of {"name", "size", "more"}, as the browser sent
    them; with ``more`` others came with them that are not.
    """
    data: dict[str, Any] = {"of": of, "accept": ",".join(f".{each}" for each in kinds), "most": most}
    _mount(key=key, data=data, on_refused_change=on_refused)
