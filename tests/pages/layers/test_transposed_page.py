"""What the page "Transposed convolution" says of the convolution whose gradient it is."""

from __future__ import annotations

import pytest
from opening import opened


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({}, "leads from 7 × 7 back to 3 × 3. Let the input above arrive at its outputs as a gradient"),
        (
            {"t_sy": "1", "t_sx": "1", "t_dy": "3", "t_dx": "3", "t_oy": "2", "t_ox": "2"},
            "leads from 11 × 11 to 5 × 5. Let the input above arrive at the first 3 × 3 of its outputs, and 0 at the "
            "others, as a gradient",
        ),
    ],
)
def test_where_the_convolution_leads(query: dict[str, str], says: str) -> None:
    at = opened("layers/transposed", query)
    assert not at.exception
    said = next(text.value for text in at.markdown if "A convolution with the same" in text.value)
    assert says in said
