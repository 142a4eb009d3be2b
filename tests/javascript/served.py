"""Writes the JavaScript of every browser component into a folder as it is served: run as a program, in a process of
its own, because a component is told to Streamlit once, when its package is imported.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import streamlit as st

ROOT = Path(__file__).parents[2]


def main(folder: Path) -> None:
    def write(name: str, *, js: str, **_: Any) -> None:
        (folder / f"{name.removeprefix('explainer.')}.mjs").write_text(js, encoding="utf-8")

    st.components.v2.component = write  # type: ignore[assignment]
    for index in sorted(ROOT.glob("explainer/**/index.js")) + sorted(ROOT.glob("pages/**/index.js")):
        importlib.import_module(".".join(index.parent.relative_to(ROOT).parts))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
