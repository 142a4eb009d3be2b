"""Node, which Playwright brings, and the JavaScript of the components for it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright._impl._driver import compute_driver_executable

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
NODE = str(compute_driver_executable()[0])


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the module of each component as it is served, <name>.mjs."""
    folder = tmp_path_factory.mktemp("served")
    _run(sys.executable, str(HERE / "served.py"), str(folder), PYTHONPATH=str(ROOT))
    return folder


@pytest.fixture(scope="session")
def node() -> Callable[..., str]:
    """``node(*arguments, **environment)`` runs Node, which must succeed, and returns what it prints."""
    return lambda *arguments, **environment: _run(NODE, *arguments, **environment)


def _run(*command: str, **environment: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **environment})
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
