"""Where the files lie that the project ships."""

from __future__ import annotations

from pathlib import Path

_ASSETS = Path(__file__).resolve().parents[2] / "assets"  # looked up once: every part of the way asks the disk


def assets_path() -> Path:
    """The folder of everything shipped beside the code: data, weights, text, each with its licence."""
    return _ASSETS
