from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
import pytest

from explainer.figures.grid_map import grid_map
from explainer.ui.frame import drawn as module
from explainer.ui.frame.drawn import drawn

MADE: list[tuple[int, ...]] = []


def _map(values: np.ndarray, dark: bool, *, title: str) -> go.Figure:
    MADE.append(values.shape)
    return grid_map(values, dark, title=title, name="value")


@pytest.fixture(autouse=True)
def _nothing_was_made() -> None:
    MADE.clear()


def test_a_figure_of_the_same_content_is_made_once_and_is_what_its_function_gives() -> None:
    values = np.arange(6.0).reshape(2, 3)
    first = drawn(_map, values, False, title="same")
    again = drawn(_map, values.copy(), False, title="same")
    assert again is first
    assert MADE == [(2, 3)]
    assert first.to_json() == grid_map(values, False, title="same", name="value").to_json()


def test_another_value_page_or_title_is_another_figure() -> None:
    values = np.zeros((2, 2))
    changed = values.copy()
    changed[1, 1] = 1e-300
    figures = [
        drawn(_map, values, False, title="another"),
        drawn(_map, changed, False, title="another"),
        drawn(_map, values, True, title="another"),
        drawn(_map, values, False, title="an other"),
        drawn(_map, values.astype(np.float32), False, title="another"),
    ]
    assert len(MADE) == len({id(figure) for figure in figures}) == 5


def test_a_figure_of_much_is_not_kept() -> None:
    values = np.zeros((1, module.LARGEST // 8))
    assert drawn(_map, values, False, title="much") is not drawn(_map, values, False, title="much")
    assert len(MADE) == 2
