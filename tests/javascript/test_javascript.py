"""The JavaScript of the components, without a browser: Node reads it and tests its parts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
COMPONENTS = sorted(
    path.parent.name for folder in ("explainer", "pages") for path in ROOT.glob(f"{folder}/**/index.js")
)
MODULES = sorted([*COMPONENTS, "sooner"])  # the last serves all of them


def test_every_component_is_served(served: Path) -> None:
    assert sorted(module.stem for module in served.iterdir()) == MODULES


@pytest.mark.parametrize("name", MODULES)
def test_a_module_can_be_read(served: Path, node: Callable[..., str], name: str) -> None:
    node("--check", str(served / f"{name}.mjs"))


@pytest.mark.parametrize("test", sorted(path.name for path in HERE.glob("*.test.mjs")))
def test_parts(served: Path, node: Callable[..., str], test: str) -> None:
    said = node("--test", "--test-reporter=tap", str(HERE / test), SERVED=str(served))
    assert "# fail 0" in said
    assert "# pass 0" not in said
