"""Both cells answer the same in the browser as in Python."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np

from explainer.layers.visual_cells import bar, complex_cell, simple
from pages.start.cortex.cell_picture import encode


def test_all_numbers_are_those_of_python(served: Path, node: Callable[..., str], tmp_path: Path) -> None:
    bars = [(angle, shift) for angle in range(0, 180, 13) for shift in range(-8, 9, 3)]
    file = tmp_path / "cases.json"
    file.write_text(json.dumps({"data": encode(), "bars": bars}), encoding="utf-8")
    said = json.loads(node(str(Path(__file__).parent / "cell_picture_all.mjs"), str(file), SERVED=str(served)))
    for found, (angle, shift) in zip(said["found"], bars, strict=True):
        light = bar(angle, shift)
        np.testing.assert_allclose(found["light"], light.ravel(), atol=1e-12)
        np.testing.assert_allclose([found["simple"], found["complex"]], [simple(light), complex_cell(light)], atol=1e-9)
    assert said["turned"] == {"angle": 175, "shift": -3}
    np.testing.assert_allclose(bar(175, -3), bar(-5, 3), atol=1e-12)
