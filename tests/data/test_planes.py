from __future__ import annotations

import numpy as np
import pytest

from explainer.data.grid_text import GridError, format_grid, parse_grid
from explainer.data.planes import PLANES, split_planes


def test_the_sun_is_yellow_and_the_house_red() -> None:
    red, green, blue = split_planes(parse_grid(format_grid(np.array(PLANES)), (16, 32)))
    assert red.shape == green.shape == blue.shape == (3, 6)
    assert (red[1, 1], green[1, 1], blue[1, 1]) == (9, 9, 0)
    assert (red[1, 4], green[1, 4], blue[1, 4]) == (8, 0, 0)


def test_planes_follow_each_other() -> None:
    planes = split_planes(np.arange(12.0).reshape(6, 2))
    assert planes.tolist() == [[[0, 1], [2, 3]], [[4, 5], [6, 7]], [[8, 9], [10, 11]]]


@pytest.mark.parametrize("rows", [1, 2, 4, 16])
def test_rows_that_cannot_be_shared_out_are_refused_in_a_sentence(rows: int) -> None:
    with pytest.raises(GridError, match=rf"^The grid has {rows} rows: type as many for red, "):
        split_planes(np.zeros((rows, 5)))
