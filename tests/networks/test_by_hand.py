"""The network by hand: the numbers of the article, and autograd as the oracle of its gradients."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch.nn import functional as F  # noqa: N812

from explainer.networks import by_hand
from explainer.networks.by_hand import ARTICLE, Weights, cut, weights_of
from explainer.networks.by_hand_code import network_code, steps_code
from explainer.networks.hill_climbing import start
from explainer.networks.xo_pictures import PICTURES, O, X, training_set

# What B. Rohrer publishes for his X: all values are cut after two decimals.
MAP_1 = """
0.77 -0.11 0.11 0.33 0.55 -0.11 0.33
-0.11 1.00 -0.11 0.33 -0.11 0.11 -0.11
0.11 -0.11 1.00 -0.33 0.11 -0.11 0.55
0.33 0.33 -0.33 0.55 -0.33 0.33 0.33
0.55 -0.11 0.11 -0.33 1.00 -0.11 0.11
-0.11 0.11 -0.11 0.33 -0.11 1.00 -0.11
0.33 -0.11 0.55 0.33 0.11 -0.11 0.77
"""
MAP_2 = """
0.33 -0.55 0.11 -0.11 0.11 -0.55 0.33
-0.55 0.55 -0.55 0.33 -0.55 0.55 -0.55
0.11 -0.55 0.55 -0.77 0.55 -0.55 0.11
-0.11 0.33 -0.77 1.00 -0.77 0.33 -0.11
0.11 -0.55 0.55 -0.77 0.55 -0.55 0.11
-0.55 0.55 -0.55 0.33 -0.55 0.55 -0.55
0.33 -0.55 0.11 -0.11 0.11 -0.55 0.33
"""
MAP_3 = """
0.33 -0.11 0.55 0.33 0.11 -0.11 0.77
-0.11 0.11 -0.11 0.33 -0.11 1.00 -0.11
0.55 -0.11 0.11 -0.33 1.00 -0.11 0.11
0.33 0.33 -0.33 0.55 -0.33 0.33 0.33
0.11 -0.11 1.00 -0.33 0.11 -0.11 0.55
-0.11 1.00 -0.11 0.33 -0.11 0.11 -0.11
0.77 -0.11 0.11 0.33 0.55 -0.11 0.33
"""
POOLED = (
    "1.00 0.33 0.55 0.33 / 0.33 1.00 0.33 0.55 / 0.55 0.33 1.00 0.11 / 0.33 0.55 0.11 0.77",
    "0.55 0.33 0.55 0.33 / 0.33 1.00 0.55 0.11 / 0.55 0.55 0.55 0.11 / 0.33 0.11 0.11 0.33",
    "0.33 0.55 1.00 0.77 / 0.55 0.55 1.00 0.33 / 1.00 1.00 0.11 0.55 / 0.77 0.33 0.55 0.33",
)
LISTED = "1.00 0.55 0.55 1.00 1.00 0.55 0.55 0.55 0.55 1.00 1.00 0.55"
LISTED_O = "0.55 1.00 1.00 0.55 0.55 0.55 0.55 0.55 1.00 0.55 0.55 1.00"


def written(values: NDArray[np.float64]) -> list[str]:
    return [cut(float(value)).replace("−", "-") for value in values.ravel()]


def numbers(text: str) -> list[str]:
    return text.replace("/", " ").split()


def test_all_numbers_of_the_article() -> None:
    computed = by_hand.forward(PICTURES["x"].pixels[None], ARTICLE)
    for found, text in zip(computed.maps[0], (MAP_1, MAP_2, MAP_3), strict=True):
        assert written(found) == numbers(text)
    for found, text in zip(computed.pooled[0], POOLED, strict=True):
        assert written(found) == numbers(text)
    assert written(computed.listed[0]) == numbers(LISTED)
    assert written(computed.votes[0]) == ["1.00", "0.55"]
    np.testing.assert_array_equal(computed.rectified, np.maximum(computed.maps, 0))


def test_the_list_and_the_votes_of_the_o() -> None:
    computed = by_hand.forward(PICTURES["o"].pixels[None], ARTICLE)
    assert written(computed.listed[0]) == numbers(LISTED_O)
    assert written(computed.votes[0]) == ["0.55", "1.00"]


def test_another_convolution_would_not_give_the_list_of_the_article() -> None:
    computed = by_hand.forward(PICTURES["x"].pixels[None], ARTICLE)
    pooled = torch.from_numpy(computed.pooled)
    features = torch.from_numpy(ARTICLE.features)[:, None]
    again = F.conv2d(pooled, features / 9, padding=1, groups=3).relu()
    assert written(F.max_pool2d(again, 2).numpy()) != numbers(LISTED)


def test_values_are_cut_and_not_rounded() -> None:
    assert [cut(value) for value in (7 / 9, -7 / 9, 1.0, 0.0, 1 - 1e-12, -1 / 900)] == [
        *("0.77", "−0.77", "1.00", "0.00", "1.00", "0.00"),
    ]


def torch_votes(pictures: NDArray[np.float64], features: torch.Tensor, votes: torch.Tensor) -> torch.Tensor:
    maps = F.conv2d(torch.from_numpy(pictures)[:, None], features[:, None] / 9).relu()
    listed = F.max_pool2d(F.max_pool2d(maps, 2, ceil_mode=True), 2, ceil_mode=True).flatten(1)
    return F.linear(listed, votes)


@pytest.mark.parametrize("seed", range(5))
def test_forward_and_backward_agree_with_autograd(seed: int) -> None:
    pictures, classes = training_set()
    pictures = pictures + 0.01 * np.random.default_rng(seed).normal(size=pictures.shape)  # no two values alike
    weights = weights_of(3 * start(seed))
    features, votes = (torch.tensor(each, requires_grad=True) for each in (weights.features, weights.votes))
    said = torch_votes(pictures, features, votes)
    loss = F.cross_entropy(said, torch.from_numpy(classes))
    loss.backward()
    computed = by_hand.forward(pictures, weights)
    gradient = by_hand.backward(computed, weights, classes)
    np.testing.assert_allclose(computed.votes, said.detach(), atol=1e-12)
    assert by_hand.error(computed.votes, classes) == pytest.approx(loss.item(), abs=1e-12)
    np.testing.assert_allclose(gradient.weights.features, features.grad, atol=1e-12)
    np.testing.assert_allclose(gradient.weights.votes, votes.grad, atol=1e-12)


@pytest.mark.parametrize("name", ["x", "o", "x-turned", "o-noisy"])
def test_the_first_of_equal_values_gets_the_gradient_as_in_pytorch(name: str) -> None:
    drawn = PICTURES[name]
    features, votes = (torch.tensor(each, requires_grad=True) for each in (ARTICLE.features, ARTICLE.votes))
    said = torch_votes(drawn.pixels[None], features, votes)
    F.cross_entropy(said, torch.tensor([drawn.label])).backward()
    step = by_hand.steps(drawn.pixels, drawn.label, ARTICLE, 0.1, 1)[0]
    np.testing.assert_allclose(step.gradient.weights.features, features.grad, atol=1e-12)
    np.testing.assert_allclose(step.gradient.weights.votes, votes.grad, atol=1e-12)


def test_two_steps_with_literal_numbers() -> None:
    first, second = by_hand.steps(PICTURES["x"].pixels, X, ARTICLE, 0.1)
    p = 1 / (1 + np.exp(5 / 9 - 1))  # votes of 1 and 5/9
    np.testing.assert_allclose(first.gradient.votes[0], [p - 1, 1 - p])
    np.testing.assert_allclose(first.gradient.weights.votes[0], (p - 1) * first.computed.listed[0])
    assert first.error == pytest.approx(-np.log(p))
    assert second.before is first.after
    np.testing.assert_allclose(first.after.votes, ARTICLE.votes - 0.1 * first.gradient.weights.votes)
    assert second.error < first.error
    assert np.count_nonzero(first.gradient.maps) == 9  # of 12 in the list three have no weight in either vote


def test_pooling_twice_of_a_map_leaves_one_place_a_value() -> None:
    step = by_hand.steps(PICTURES["o"].pixels, O, weights_of(start(1)), 0.1, 1)[0]
    quarters = step.gradient.maps[0][:, :4, :4], step.gradient.maps[0][:, 4:, 4:]
    assert all(np.count_nonzero(each) <= 1 for quarter in quarters for each in quarter)


@pytest.mark.parametrize("name", ["x", "o-noisy", "x-thick"])
def test_the_code_of_the_network_gives_what_is_shown(name: str) -> None:
    picture = PICTURES[name].pixels
    weights = Weights(ARTICLE.features * 0.9, ARTICLE.votes + 0.05)
    names: dict[str, torch.Tensor] = {}
    exec(network_code(picture, weights), names)
    computed = by_hand.forward(picture[None], weights)
    for key in ("maps", "pooled", "listed"):
        np.testing.assert_allclose(names[key], getattr(computed, key), atol=1e-12)
    np.testing.assert_allclose(names["result"], computed.votes[0], atol=1e-12)


def test_the_code_of_two_steps_gives_what_is_shown() -> None:
    drawn = PICTURES["x"]
    names: dict[str, torch.Tensor] = {}
    exec(steps_code(drawn.pixels, drawn.label, ARTICLE, 0.1, 2), names)
    made = by_hand.steps(drawn.pixels, drawn.label, ARTICLE, 0.1)
    np.testing.assert_allclose(names["features"], made[-1].after.features, atol=1e-9)
    np.testing.assert_allclose(names["votes"], made[-1].after.votes, atol=1e-9)
    np.testing.assert_allclose(names["errors"], [step.error for step in made], atol=1e-9)
