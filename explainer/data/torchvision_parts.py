"""Parts of torchvision, a second to import, which one thread imports alone.

Its parts import each other: of several threads that begin together Python lets one have half a module.
"""

from __future__ import annotations

import importlib
import threading
from types import ModuleType
from typing import Literal

_ALONE = threading.Lock()


def torchvision_part(name: Literal["models", "datasets"]) -> ModuleType:
    """The module ``torchvision.name``, whole."""
    with _ALONE:
        return importlib.import_module(f"torchvision.{name}")
