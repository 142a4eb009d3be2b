"""The map of codes mixes the digits of its grid in the browser as SciPy does."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.interpolate import RegularGridInterpolator

from pages.training.autoencoder import code_plane

SIDE = 5
CHANCE = np.random.default_rng(3)
GRID = CHANCE.integers(0, 256, (SIDE, SIDE, 28, 28), dtype=np.uint8)
PLACES = np.concatenate([CHANCE.random((20, 2)), [[0, 0], [1, 1], [0, 1], [1, 0], [0.25, 0.75]]])
LOW, HIGH = np.array([-3.0, 2.0]), np.array([5.0, 2.5])


@pytest.fixture(scope="module")
def computed(served: Path, node: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Any:
    assert code_plane.CodeMap  # its JavaScript is served
    file = tmp_path_factory.mktemp("cases") / "cases.json"
    cases = {"grid": GRID.ravel().tolist(), "side": SIDE, "places": PLACES.tolist()}
    file.write_text(json.dumps({**cases, "low": LOW.tolist(), "high": HIGH.tolist()}), encoding="utf-8")
    return json.loads(node(str(Path(__file__).parent / "code_plane_all.mjs"), str(file), SERVED=str(served)))


def test_a_digit_is_mixed_of_the_four_around_it(computed: Any) -> None:
    steps = np.linspace(0, 1, SIDE)
    expected = RegularGridInterpolator((steps, steps), GRID.astype(np.float64))(PLACES[:, ::-1])  # up, across
    np.testing.assert_allclose(np.array(computed["digits"]), expected.reshape(len(PLACES), -1), atol=1e-4)


def test_on_the_grid_it_is_the_grids(computed: Any) -> None:
    found = np.array(computed["digits"])[20:].reshape(-1, 28, 28)
    np.testing.assert_array_equal(found, [GRID[0, 0], GRID[4, 4], GRID[4, 0], GRID[0, 4], GRID[3, 1]])


def test_places_in_the_units_of_codes_and_moved_by_keys(computed: Any) -> None:
    np.testing.assert_allclose(computed["units"], LOW + PLACES * (HIGH - LOW))
    np.testing.assert_allclose(computed["beside"], [[0.52, 0.5], [1, 0], [0.5, 0.52]])
