"""Maps of many digits: principal components against numpy and scikit-learn, t-SNE against scikit-learn's own run."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE, trustworthiness
from sklearn.neighbors import NearestNeighbors
from threadpoolctl import threadpool_limits

from explainer.data.assets import assets_path
from explainer.data.digits import load
from explainer.inspection.embedding import (
    ITERATIONS,
    MOST_FEATURES,
    STEP,
    SameEverywhereError,
    agreement,
    features,
    pca,
    principal,
    spaces,
    tsne,
)
from explainer.networks import zoo
from explainer.networks.description import INPUT
from explainer.networks.weights import from_bytes

RNG = np.random.default_rng(0)
LABELS = np.repeat(np.arange(4), 50)
GROUPS = (RNG.normal(size=(4, 12)) * 6)[LABELS] + RNG.normal(size=(200, 12))


@pytest.mark.parametrize("shape", [(200, 12), (30, 80), (50, 2)])
def test_principal_components_against_scikit_learn(shape: tuple[int, int]) -> None:
    values = RNG.normal(size=shape) @ RNG.normal(size=(shape[1], shape[1])) + 5
    found, oracle = pca(values), PCA(2, svd_solver="full").fit(values)
    np.testing.assert_allclose(np.abs(found.points), np.abs(oracle.transform(values)), rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(found.explained, oracle.explained_variance_ratio_, rtol=1e-9)


def test_principal_components_against_the_singular_values() -> None:
    coordinates, shares = principal(GROUPS, 5)
    left, sizes, _ = np.linalg.svd(GROUPS - GROUPS.mean(0), full_matrices=False)
    np.testing.assert_allclose(np.abs(coordinates), np.abs(left * sizes)[:, :5], rtol=0, atol=1e-9)
    np.testing.assert_allclose(shares, (sizes**2 / (sizes**2).sum())[:5], rtol=1e-9)


def test_a_mirrored_axis_is_turned_back() -> None:
    """The sign does not depend on what a solver happens to give: the largest weight of each axis is positive."""
    coordinates, _ = principal(GROUPS, 3)
    weights = np.linalg.lstsq(GROUPS - GROUPS.mean(0), coordinates, rcond=None)[0]
    assert (weights[np.abs(weights).argmax(0), range(3)] > 0).all()


def test_one_feature_has_one_axis() -> None:
    found = pca(np.array([[1.0], [2.0], [6.0]]))
    assert found.points.tolist() == [[-2, 0], [-1, 0], [3, 0]] and found.explained.tolist() == [1, 0]


def test_a_dead_layer_has_nothing_to_draw() -> None:
    for values in (np.zeros((20, 5)), np.full((20, 5), 7.25, np.float32)):
        with pytest.raises(SameEverywhereError, match="same numbers"):
            pca(values)
        with pytest.raises(SameEverywhereError):
            next(tsne(values, 5))


def test_t_sne_comes_step_by_step_and_is_the_same_again() -> None:
    first = list(tsne(GROUPS, 10, rounds=2))
    assert [layout.iterations for layout in first] == list(range(STEP, 2 * ITERATIONS + 1, STEP))
    with ThreadPoolExecutor(2) as executor:  # as in the background of two visitors
        again = list(executor.map(lambda _: list(tsne(GROUPS, 10, rounds=2))[-1].points, range(2)))
    for points in again:
        np.testing.assert_array_equal(points, first[-1].points)


def test_the_descent_of_t_sne_is_that_of_scikit_learn() -> None:
    """Both rounds, from where the first one starts: number by number, as long as no rounding has grown."""
    reduced = principal(GROUPS, 12)[0].astype(np.float32)
    points = reduced[:, :2] / reduced[:, 0].std() * 1e-4
    found = list(tsne(GROUPS, 10, rounds=2))
    for number, (exaggeration, rate) in enumerate([(12.0, "auto"), (1.0, 200.0)]):
        method = TSNE(
            perplexity=10, init=points, max_iter=ITERATIONS, early_exaggeration=exaggeration, learning_rate=rate
        )
        with threadpool_limits(1):
            points = method.fit_transform(reduced)
        np.testing.assert_allclose(found[(number + 1) * ITERATIONS // STEP - 1].points, points, rtol=1e-4, atol=1e-4)


def test_t_sne_is_as_good_as_scikit_learn_in_one_run() -> None:
    points = list(tsne(GROUPS, 20))[-1].points
    with threadpool_limits(1):  # threads that wait for each other on busy cores make it ten times slower
        whole = TSNE(perplexity=20, random_state=0, init="pca").fit_transform(GROUPS.astype(np.float32))
    ours, theirs = (trustworthiness(GROUPS, each, n_neighbors=10) for each in (points, whole))
    assert ours > theirs - 0.01
    assert agreement(points, LABELS) == 1


def test_t_sne_of_a_single_feature() -> None:
    points = list(tsne(GROUPS[:60, :1], 5, rounds=1))[-1].points
    assert points.shape == (60, 2) and np.isfinite(points).all()


def test_agreement_against_scikit_learn() -> None:
    points, labels = RNG.normal(size=(120, 3)), RNG.integers(0, 3, 120)
    nearest = NearestNeighbors(n_neighbors=8).fit(points).kneighbors(return_distance=False)
    assert agreement(points, labels, 7) == pytest.approx((labels[nearest[:, :7]] == labels[:, None]).mean())


def test_features_against_a_plain_forward_pass() -> None:
    network, data = zoo.load("digits"), load("mnist").test_images[:50]
    _, plain, _ = from_bytes((assets_path() / "readers" / "plain.safetensors").read_bytes())
    x = (torch.tensor(data)[:, None].float() / 255 - 0.1307) / 0.3081
    np.testing.assert_allclose(features(network, INPUT, data), x.flatten(1), rtol=0, atol=1e-6)
    for path, module in plain.named_children():
        x = module(x)
        if path == "activation_fc_1":
            break
    np.testing.assert_allclose(features(network, "activation_fc_1", data), x.detach(), rtol=0, atol=1e-5)


def test_spaces_are_lists_of_bounded_length() -> None:
    found = spaces(zoo.load("digits"))
    assert [layer.name for layer in found] == ["flatten", "fully_connected_1", "activation_fc_1", "logits"]
    assert all(layer.channels <= MOST_FEATURES for layer in found)


@pytest.mark.parametrize("count", [2, 3, 30])
def test_few_pictures_have_a_map_too(count: int) -> None:
    values, labels = GROUPS[:count], np.zeros(count, np.int64)
    points = list(tsne(values, 30, rounds=1))[-1].points
    assert points.shape == (count, 2) and np.isfinite(points).all()
    assert agreement(points, labels) == 1


@pytest.mark.parametrize("count", [0, 1])
def test_one_picture_has_nothing_to_draw_and_none_has_no_neighbours(count: int) -> None:
    with pytest.raises(SameEverywhereError):
        pca(GROUPS[:count])
    with pytest.raises(SameEverywhereError):
        next(tsne(GROUPS[:count], 30))
    assert np.isnan(agreement(GROUPS[:count], LABELS[:count]))
