"""The JavaScript of a component: its own files, after functions that several components share."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

ELEMENTS, CANVAS = "elements.js", "canvas.js"
_SHARED = Path(__file__).parent


def javascript(folder: Path, names: Sequence[str], shared: Sequence[str] = ()) -> str:
    """One module of the files ``names`` in ``folder``, after those of ``shared``: ELEMENTS, CANVAS."""
    files = [*(_SHARED / name for name in shared), *(folder / name for name in names)]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)
