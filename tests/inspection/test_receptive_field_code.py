"""The code of the page "Receptive field" measures what the recurrence and the backend say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from explainer.inspection.receptive_field_code import stack_code
from explainer.networks.stack import built, central, parse, seen


@pytest.mark.parametrize(
    ("text", "size", "axes"),
    [
        ("c3,c3,c3", 20, 2),
        ("c3p1,p2,a3s2p1,c3d2p2", 40, 2),
        ("p3s1d2,c3d2,c3d2", 40, 2),
        ("c2l1,c2d2l2,c2d4l4,c2d8l8", 32, 1),
        ("c3l2,p2,a2", 24, 1),
        ("c3l2", 9, 2),
    ],
)
@pytest.mark.parametrize("first", [False, True])
def test_the_code_finds_what_is_read(text: str, size: int, axes: int, first: bool) -> None:
    ladder = built(parse(text), size)
    layer = len(ladder.rungs)
    unit = 0 if first else central(ladder, layer)
    made: dict[str, Any] = {}
    exec(stack_code(ladder, layer, unit, axes), made)
    read = np.flatnonzero(seen(ladder, layer, unit)[0])
    assert made["field"] == (read[0], read[-1])
    assert made["read"] == len(read)


def test_the_code_says_of_a_unit_in_the_padding_that_it_reads_nothing() -> None:
    made: dict[str, Any] = {}
    exec(stack_code(built(parse("c1p2"), 5), 1, 0, 2), made)
    assert (made["field"], made["read"]) == (None, 0)
