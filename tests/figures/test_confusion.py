from __future__ import annotations

import numpy as np

from explainer.figures import theme
from explainer.figures.confusion import confusion_matrix

COUNTS = np.array([[7, 0, 1], [12, 30, 0], [0, 0, 0]])
LABELS = ["zero", "one", "two"]


def test_mistakes_are_coloured_and_the_diagonal_is_quiet() -> None:
    mistakes, right = confusion_matrix(COUNTS, LABELS, dark=False).data
    np.testing.assert_array_equal(mistakes.z, [[np.nan, 0, 1], [12, np.nan, 0], [0, 0, np.nan]])
    assert mistakes.text.tolist() == [["", "", "1"], ["12", "", ""], ["", "", ""]]
    assert (mistakes.zmin, mistakes.zmax) == (0, 12)
    assert [color for _, color in mistakes.colorscale] == list(theme.SEQUENTIAL)
    np.testing.assert_array_equal(np.isnan(right.z), ~np.eye(3, dtype=bool))
    assert right.text.tolist() == [["7", "", ""], ["", "30", ""], ["", "", "0"]]
    assert {color for _, color in right.colorscale} == {theme.LIGHT.raised}


def test_a_single_mistake_stays_pale() -> None:
    mistakes, _ = confusion_matrix(np.array([[5, 1], [0, 5]]), ["0", "1"], dark=True).data
    assert mistakes.zmax == 10


def test_every_cell_says_its_sentence() -> None:
    mistakes, right = confusion_matrix(COUNTS, LABELS, dark=False).data
    assert mistakes.customdata[1, 0] == right.customdata[1, 0] == "true one → read zero<br>12 of 42 (28.57 %)"
    assert mistakes.customdata[0, 0] == "true zero → read zero<br>7 of 8 (87.50 %)"
    assert mistakes.customdata[2, 1] == "true two → read one<br>0 of 0 (0.00 %)"
    assert mistakes.hovertemplate == right.hovertemplate == "%{customdata}<extra></extra>"


def test_rows_are_true_with_the_first_on_top_and_cells_are_square() -> None:
    layout = confusion_matrix(COUNTS, LABELS, dark=True).layout
    assert (layout.yaxis.title.text, layout.xaxis.title.text) == ("true", "read as")
    assert layout.yaxis.autorange == "reversed"
    assert layout.yaxis.scaleanchor == "x"
    assert layout.xaxis.ticktext == layout.yaxis.ticktext == ("zero", "one", "two")


def test_shares_of_a_row_have_room_where_counts_have_none() -> None:
    counts = np.array([[510_428, 600], [3, 1]])
    mistakes, right = confusion_matrix(counts, LABELS[:2], dark=False, in_percent=True).data
    assert mistakes.text.tolist() == [["", ""], ["75", ""]]
    assert right.text.tolist() == [["100", ""], ["", "25"]]
    assert mistakes.textfont.size == right.textfont.size == 15 and right.textfont.color == theme.LIGHT.quiet
    assert mistakes.zmax == 75
    assert mistakes.customdata[0, 1] == "true zero → read one<br>600 of 511,028 (0.12\u00a0%)"


def test_a_long_label_among_many_stands_lower() -> None:
    labels = ("nothing", *map(str, range(7)))
    layout = confusion_matrix(np.eye(8, dtype=np.int64), labels, dark=False).layout
    assert layout.xaxis.ticktext == ("<br>nothing", *labels[1:]) and layout.yaxis.ticktext == labels
