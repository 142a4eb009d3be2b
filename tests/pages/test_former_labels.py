"""Links with the labels that options had before lead where they led."""

from __future__ import annotations

import pytest
from opening import opened

from explainer.ui.controls.former import FORMER

LINKS = {
    "All remedies": ("training/regularization", "r_below"),
    "No remedy": ("training/regularization", "r_remedy"),
    "Count the weights": ("layers/softmax", "s_view"),
    "Flatten and weigh": ("layers/softmax", "s_view"),
    "L2": ("layers/pooling", "p_kind"),
    "Maximum": ("layers/pooling", "p_kind"),
    "Logistic": ("layers/activation", "a_f"),
    "Momentum": ("training/train", "opt"),
    "Length": ("inspection/filters", "fi_sort"),
    "Trained and fresh": ("inspection/filters", "fi_view"),
    "Test: random weights": ("inspection/attribution", "at_view"),
    "Test: remove pixels": ("inspection/attribution", "at_view"),
}
METHODS = {"Gradient", "Gradient x input", "Transposed convolutions"}


@pytest.mark.parametrize(("label", "page", "key"), [(label, *place) for label, place in LINKS.items()])
def test_an_option_is_found_by_its_former_label(label: str, page: str, key: str) -> None:
    assert opened(page, {key: label}).session_state[key] == FORMER[label]


@pytest.mark.parametrize("label", sorted(METHODS))
def test_a_method_is_found_by_its_former_label(label: str) -> None:
    assert opened("inspection/attribution", {"at_methods": label}).session_state["at_methods"] == [FORMER[label]]


def test_each_has_a_link() -> None:
    assert LINKS.keys() | METHODS == FORMER.keys()
