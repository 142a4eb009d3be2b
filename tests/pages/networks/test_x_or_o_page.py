"""The page "X or O": what its links open, and what is said of strange ones."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from opening import data_of, in_address, notice_of, opened

from explainer.networks import by_hand
from explainer.networks.by_hand import ARTICLE, weights_of
from explainer.networks.hill_climbing import start
from explainer.networks.xo_pictures import PICTURES, X
from pages.networks.x_or_o import network
from pages.networks.x_or_o.hand_network import Made, made
from pages.networks.x_or_o.page import TRY_THIS
from pages.networks.x_or_o.two_searches import moments_of
from pages.networks.x_or_o.two_steps import encode

NAME = "networks/x_or_o"
THICK = {"xo_picture": "drawing", "xo_pixels": "000633b8f8383e3b98c00"}
# What each link says, in the order in which they stand.
SAID = [
    "The vote for X is 1.00, that for O 0.55: the network says **X**, and is right. 5 of the 12 values in its list "
    "are 1.00 or more.",
    "The vote for O is 1.00, that for X 0.55: the network says **O**, and is right. 4 of the 12 values in its list "
    "are 1.00 or more.",
    "The vote for X is 0.91, that for O 0.55: the network says **X**, and is right.",
    "The vote for O is 0.83, that for X 0.55: the network says **O**, and is right.",
    "The vote for X is 0.82, that for O 0.55: the network says **X**, and is right.",
    "The vote for X is 0.33, that for O 0.27: the network says **X**, and is right. Not one of the 12 values in its "
    "list reaches 1.00.",
    "Two steps take the error of this X from 0.4954 to **0.2222**. 9 of 147 places in the maps get a gradient.",
    "To an error of 0.1 gradient descent needs **46 evaluations**; changing one weight at a time needs "
    "**129 evaluations**. That is hill climbing, not backpropagation: it computes no gradient, and kept 269 of 999 "
    "changes.",
]


@pytest.mark.parametrize(("preset", "said"), list(zip(TRY_THIS, SAID, strict=True)))
def test_every_link_opens_with_a_true_sentence(preset: Any, said: str) -> None:
    at = opened(NAME, dict(preset.query))
    assert said in notice_of(at)
    assert at.latex


def test_the_formula_has_the_present_numbers() -> None:
    first, second = (each.value for each in opened(NAME).latex)
    assert r"\frac{7}{9} = 0.77" in first
    assert r"v_X = \sum_{i=1}^{12} w_i\,x_i = 1.00" in second


def test_a_drawing_and_weights_come_from_the_address_and_stay_in_it() -> None:
    flat = "_".join(["0"] * 24)
    at = opened(NAME, {**THICK, "xo_votes": flat})
    assert "are equal, 0.00: the network cannot decide" in notice_of(at)
    assert in_address(at)["xo_pixels"] == [THICK["xo_pixels"]]
    assert in_address(at)["xo_votes"] == [flat]
    assert data_of(at, "hand_network")["votes"] == [0] * 24
    assert "takes your drawing for an **X**" in notice_of(opened(NAME, THICK))


def test_an_answer_that_is_wrong_is_called_so() -> None:
    crossed = ARTICLE.votes[::-1]
    computed = by_hand.forward(PICTURES["x"].pixels[None], by_hand.Weights(ARTICLE.features, crossed))
    assert "says **O**, and is wrong. This is an X." in str(network.notice(computed, X))


@pytest.mark.parametrize(
    "query",
    [
        {"xo_picture": "drawing", "xo_pixels": "<script>"},
        {"xo_features": "1_2"},
        {"xo_votes": "_".join(["9"] * 24)},
        {"xo_view": "steps", "xo_features": "nan"},
    ],
)
def test_strange_links_get_a_sentence(query: dict[str, str]) -> None:
    at = opened(NAME, query)
    assert not at.exception
    assert "The address holds no" in at.warning[0].value


@pytest.mark.parametrize("rate", ["0.01", "2"])
def test_steps_at_both_ends_of_the_learning_rate(rate: str) -> None:
    at = opened(NAME, {"xo_view": "steps", "xo_rate": rate, **THICK, "xo_truth": "o"})
    assert "this O" in notice_of(at)
    assert data_of(at, "two_steps")["label"] == 1


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"xo_lr": "0.05", "xo_spread": "0.05", "xo_error": "0.01", "xo_seed": "20"}, "more than 1,000 evaluations"),
        ({"xo_lr": "30", "xo_spread": "4", "xo_error": "0.01"}, "more than it can: it diverges"),
    ],
)
def test_searches_at_both_ends(query: dict[str, str], said: str) -> None:
    at = opened(NAME, {"xo_view": "learning", **query})
    assert said in notice_of(at)
    assert "hill climbing, not backpropagation" in notice_of(at)


def test_the_code_on_the_page_gives_the_votes_on_the_page() -> None:
    at = opened(NAME, {"code": "true", "xo_picture": "o-noisy"})
    names: dict[str, torch.Tensor] = {}
    exec(at.code[0].value, names)
    np.testing.assert_allclose(names["result"], [0.5556, 0.8333], atol=1e-4)


def test_the_browser_gets_the_gradients() -> None:
    step = by_hand.steps(PICTURES["o"].pixels, 1, weights_of(start(0)), 0.5, 1)[0]
    found = encode(step, 1)
    assert found["y"] == [0.0, 1.0] and sum(found["p"]) == pytest.approx(1)
    before, slope, after = (np.array(found[part]["features"]) for part in ("before", "gradient", "after"))
    np.testing.assert_allclose(after, before - 0.5 * slope)


def test_moments_of_a_search_are_denser_at_the_beginning() -> None:
    moments = moments_of(1000)
    assert moments[:4] == [1, 2, 3, 4] and moments[-1] == 1000
    assert len(moments) == len(set(moments)) <= 120


@pytest.mark.parametrize("reported", [None, 7, {}, {"pixels": 1, "features": "", "votes": ""}])
def test_what_no_picture_would_report_is_left_alone(reported: object) -> None:
    assert made(reported) is None
    assert made({"pixels": "a", "features": "b", "votes": "c"}) == Made("a", "b", "c")
