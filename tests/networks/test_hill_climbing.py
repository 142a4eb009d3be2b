"""Hill climbing and gradient descent on the pictures of X and O."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from explainer.networks import by_hand
from explainer.networks.by_hand import weights_of
from explainer.networks.by_hand_code import descent_code
from explainer.networks.hill_climbing import Search, gradient_descent, hill_climbing, start
from explainer.networks.xo_pictures import PICTURES, text_of, training_set

FIRST = training_set()


def error_of(flat: np.ndarray) -> float:
    pictures, classes = FIRST
    return by_hand.error(by_hand.forward(pictures, weights_of(flat)).votes, classes)


def test_hill_climbing_keeps_single_changes_that_help_and_nothing_else() -> None:
    found = hill_climbing(*FIRST, start(0), 1.0, budget=200, seed=0)
    changed = (np.diff(found.weights, axis=0) != 0).sum(axis=1)
    assert set(changed) == {0, 1}
    falls = np.diff(found.errors)
    assert ((falls < 0) == (changed == 1)).all() and (falls <= 0).all()
    assert found.errors[[0, 80, 199]] == pytest.approx([error_of(found.weights[i]) for i in (0, 80, 199)])
    again = hill_climbing(*FIRST, start(0), 1.0, budget=200, seed=0)
    np.testing.assert_array_equal(found.weights, again.weights)


def test_gradient_descent_follows_the_gradient_and_pays_three_evaluations_a_step() -> None:
    found = gradient_descent(*FIRST, start(2), 0.5, budget=31)
    assert found.evaluations.tolist() == [1, 4, 7, 10, 13, 16, 19, 22, 25, 28, 31]
    computed = by_hand.forward(FIRST[0], weights_of(start(2)))
    slope = by_hand.backward(computed, weights_of(start(2)), FIRST[1]).weights.flat()
    np.testing.assert_allclose(found.weights[1], start(2) - 0.5 * slope)
    assert found.errors[-1] == pytest.approx(error_of(found.weights[-1]))


def test_both_learn_the_pictures_from_the_same_start() -> None:
    climbing = hill_climbing(*FIRST, start(0), 1.0, budget=1000, seed=0)
    descent = gradient_descent(*FIRST, start(0), 3.0, budget=1000)
    assert climbing.errors[0] == descent.errors[0] == pytest.approx(0.69367, abs=1e-5)
    assert (descent.reached(0.1), climbing.reached(0.1)) == (46, 129)
    assert climbing.reached(-1.0) is None


def test_gradient_descent_ends_where_it_diverges() -> None:
    found = gradient_descent(*FIRST, start(0), 1e9, budget=1000)
    assert np.isfinite(found.errors).all() and len(found.errors) < 20
    assert found.reached(0.01) is None


def test_what_so_many_evaluations_afford() -> None:
    search = Search(np.array([1, 4, 7]), np.array([3.0, 2.0, 1.0]), np.zeros((3, 51)))
    assert [search.at(each) for each in (1, 3, 4, 6, 100)] == [0, 0, 1, 1, 2]
    assert (search.reached(2.5), search.reached(1.0), search.reached(0.5)) == (4, 7, None)


def test_the_code_gives_the_curve_that_is_shown() -> None:
    texts = [text_of(each.pixels) for each in PICTURES.values()]
    labels = [each.label for each in PICTURES.values()]
    names: dict[str, list[float] | torch.Tensor] = {}
    exec(descent_code(texts, labels, 3, 3.0, 100), names)
    found = gradient_descent(*FIRST, start(3), 3.0, budget=100)
    np.testing.assert_allclose(names["errors"], found.errors, atol=1e-8)
