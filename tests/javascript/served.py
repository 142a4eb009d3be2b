"""Writes the JavaScript of every browser component into a folder as it is served: run as a program, in a process of
its own, because tests offer components of theirs.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from explainer.ui.components.kit import modules

ROOT = Path(__file__).parents[2]


def main(folder: Path) -> None:
    for index in sorted(ROOT.glob("explainer/**/index.js")) + sorted(ROOT.glob("pages/**/index.js")):
        importlib.import_module(".".join(index.parent.relative_to(ROOT).parts))
    for address, javascript in modules.offered().items():
        (folder / Path(address).with_suffix(".mjs").name).write_text(javascript, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
