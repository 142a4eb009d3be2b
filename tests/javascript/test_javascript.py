"""The JavaScript of the components, without a browser: Node, which Playwright brings, reads it and tests its parts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from playwright._impl._driver import compute_driver_executable

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
NODE = str(compute_driver_executable()[0])
COMPONENTS = sorted(
    path.parent.name for folder in ("explainer", "pages") for path in ROOT.glob(f"{folder}/**/index.js")
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the module of each component as it is served, <name>.mjs."""
    folder = tmp_path_factory.mktemp("served")
    run(sys.executable, str(HERE / "served.py"), str(folder), PYTHONPATH=str(ROOT))
    return folder


def run(*command: str, **environment: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **environment})
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_every_component_is_served(served: Path) -> None:
    assert sorted(module.stem for module in served.iterdir()) == COMPONENTS


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_module_can_be_read(served: Path, name: str) -> None:
    run(NODE, "--check", str(served / f"{name}.mjs"))


@pytest.mark.parametrize("test", sorted(path.name for path in HERE.glob("*.test.mjs")))
def test_parts(served: Path, test: str) -> None:
    said = run(NODE, "--test", "--test-reporter=tap", str(HERE / test), SERVED=str(served))
    assert "# fail 0" in said
    assert "# pass 0" not in said
