"""What is typed into a grid's editor, on every page that has one: what has two meanings is said beside it, no error."""

from __future__ import annotations

import pytest
from opening import opened, turn

EDITORS = [
    ("layers/convolution", {"grid": "1,5 2 3\n4 5 6\n7 8 9"}),
    ("layers/convolution", {"input": "signal", "kernel": "box", "kh": "1", "signal": "1,5 2 3 4"}),
    ("layers/convolution", {"weights": "1,5 2"}),
    ("layers/pooling", {"grid": "1,5 2\n3 4"}),
    ("layers/transposed", {"grid": "1,5 2\n3 4"}),
    ("layers/activation", {"a_f": "maxout", "a_lines": "1,5 2"}),
    ("layers/softmax", {"s_view": "softmax", "s_logits": "1,5 2"}),
    ("layers/normalization", {"n_gamma": "1,5 2 3 4"}),
    ("layers/normalization", {"n_beta": "1,5 2 3 4"}),
]


@pytest.mark.parametrize(("name", "query"), EDITORS)
def test_a_decimal_comma_is_read_and_said(name: str, query: dict[str, str]) -> None:
    at = opened(name, query)
    assert not at.exception
    assert not at.warning
    said = [caption.value for caption in at.caption if "was read as" in caption.value]
    assert len(said) == 1
    assert said[0].startswith("1,5 was read as the one number 1.5")


def test_a_grid_goes_with_the_visitor_where_the_next_page_can_take_it_and_stays_with_its_page() -> None:
    at = opened("layers/convolution")
    at.text_area(key="grid").set_value(typed := "1 2 3\n4 5 6\n7 8 9").run()
    turn(at, "layers/channels").run()
    assert not at.warning
    assert at.text_area(key="grid").value != typed
    turn(at, "layers/pooling").run()
    assert at.text_area(key="grid").value == typed
    turn(at, "layers/convolution").run()
    assert at.text_area(key="grid").value == typed
    turn(at, "layers/transposed").run()
    assert at.text_area(key="grid").value == typed
    at.text_area(key="grid").set_value("5").run()
    turn(at, "layers/pooling").run()
    assert not at.warning
    turn(at, "layers/transposed").run()
    assert at.text_area(key="grid").value == "5"


def test_nonsense_that_is_typed_or_linked_is_said() -> None:
    at = opened("layers/channels", {"grid": "1 2\n3 4"})
    assert len(at.warning) == 1
    at.text_area(key="grid").set_value("1 2\n3").run()
    assert len(at.warning) == 1
