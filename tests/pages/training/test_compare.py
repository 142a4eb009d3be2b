"""The table of all runs of the page "Train a CNN"."""

from __future__ import annotations

from pages.training.train import compare

ROOM = 809  # pixels that a window of 1280 leaves beside the controls, without the table's own border


def test_all_columns_are_on_a_projectors_screen() -> None:
    assert sum(compare.WIDTHS.values()) <= ROOM
    assert compare.FORMATS.keys() < compare.WIDTHS.keys()
