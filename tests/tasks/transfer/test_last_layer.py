"""The new last layer against scikit-learn, and the splits that it is judged by."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score

from explainer.tasks.transfer.linear import last_layer
from explainer.tasks.transfer.splits import balanced_accuracy, split

CHANCE = np.random.default_rng(0)
LABELS = np.repeat(np.arange(4), 20)
FEATURES = (CHANCE.normal(size=(80, 30)) + CHANCE.normal(size=(4, 30))[LABELS]).astype(np.float32)


@pytest.mark.parametrize("inverse_penalty", [0.001, 0.01, 1.0])
def test_it_is_the_logistic_regression_of_scikit_learn(inverse_penalty: float) -> None:
    made = last_layer(FEATURES, LABELS, 4, inverse_penalty=inverse_penalty)
    standardized = FEATURES.astype(np.float64) - FEATURES.mean(axis=0, dtype=np.float64)
    standardized /= FEATURES.std(axis=0, dtype=np.float64)
    expected = LogisticRegression(C=inverse_penalty, tol=1e-10, max_iter=10_000).fit(standardized, LABELS)
    np.testing.assert_allclose(made.weights, expected.coef_, atol=2e-4)
    bias = made.bias - made.bias.mean()  # only differences between classes are decided
    np.testing.assert_allclose(bias, expected.intercept_ - expected.intercept_.mean(), atol=2e-3)
    assert (made.classes(FEATURES) == expected.predict(standardized)).mean() >= 1 - 1e-3


def test_a_feature_that_never_changes_says_nothing() -> None:
    constant = np.concatenate([FEATURES, np.full((80, 1), 7, np.float32)], axis=1)
    made, without = last_layer(constant, LABELS, 4), last_layer(FEATURES, LABELS, 4)
    np.testing.assert_allclose(made.scores(constant), without.scores(FEATURES), atol=1e-5)
    assert np.abs(made.weights[:, -1]).max() == 0


def test_scores_by_hand() -> None:
    made = last_layer(np.array([[0.0], [2.0]], np.float32), np.array([0, 1]), 2, inverse_penalty=1e6)
    assert (made.mean.tolist(), made.scale.tolist()) == ([1.0], [1.0])
    assert made.classes(np.array([[0.9], [1.1]], np.float32)).tolist() == [0, 1]
    with pytest.raises(ValueError, match="len"):
        last_layer(FEATURES[:0], LABELS[:0], 4)


def test_a_split_has_as_many_of_each_class_and_no_picture_twice() -> None:
    labels = np.array([1, 0, 1, 1, 0, 0, 1])
    train, test = split(labels, 2, seed=5)
    assert np.bincount(labels[train]).tolist() == [2, 2]
    assert sorted([*train, *test]) == list(range(7))
    assert not np.array_equal(train, split(labels, 2, seed=6)[0])
    with pytest.raises(ValueError, match="per_class"):
        split(labels, 3, seed=0)


def test_balanced_accuracy_is_that_of_scikit_learn() -> None:
    labels, found = CHANCE.integers(0, 3, 50), CHANCE.integers(0, 3, 50)
    assert balanced_accuracy(labels, found) == pytest.approx(balanced_accuracy_score(labels, found))
    assert balanced_accuracy(np.array([0, 0, 0, 1]), np.array([0, 0, 1, 1])) == pytest.approx((2 / 3 + 1) / 2)
