"""The plane of codes, digits on a grid over it, and ways from one digit to another."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA

from explainer.tasks.autoencoder.build import untrained
from explainer.tasks.autoencoder.codes import (
    MAPPED,
    STEPS,
    code_grid,
    code_plane,
    codes_of,
    decoded,
    grid_of,
    mixed,
    network_of,
    plane_of,
    steps_between,
)
from explainer.tasks.autoencoder.config import NETWORKS, AutoencoderConfig
from explainer.tasks.autoencoder.data import unseen_digits
from explainer.tasks.autoencoder.testing import outputs_of


def test_two_numbers_are_the_plane_itself() -> None:
    codes = np.random.default_rng(0).standard_normal((100, 2))
    plane = plane_of(codes, np.zeros(100, np.uint8))
    np.testing.assert_array_equal(plane.places, codes)
    np.testing.assert_array_equal(plane.code(codes), codes)
    assert plane.share == 1


def test_of_longer_codes_it_is_scikit_learns_pca() -> None:
    codes = np.random.default_rng(1).standard_normal((300, 8)) @ np.diag([5, 3, 1, 1, 1, 0.5, 0.5, 0.1]) + 2
    plane, known = plane_of(codes, np.zeros(300, np.uint8)), PCA(2)
    expected = known.fit_transform(codes)
    signs = np.sign((expected * plane.places).sum(axis=0))
    np.testing.assert_allclose(plane.places * signs, expected, atol=1e-9)
    assert plane.share == pytest.approx(known.explained_variance_ratio_.sum())
    np.testing.assert_allclose(plane.code(plane.places) @ plane.axes.T, codes @ plane.axes.T, atol=1e-9)
    again = plane_of(-codes, np.zeros(300, np.uint8))
    np.testing.assert_allclose(again.axes, plane.axes, atol=1e-9)  # no sign that chance decides


@pytest.mark.parametrize(("network", "code"), [(network, code) for network in NETWORKS for code in (2, 16)])
def test_the_grid_has_the_decoders_digits(network: str, code: int) -> None:
    config = AutoencoderConfig(network=network, code=code, seed=5)
    plane, grid = code_plane(config, None), code_grid(config, None, 5)
    assert grid.shape == (5, 5, 28, 28) and len(plane.places) == len(plane.labels) == MAPPED
    for row, column in ((0, 0), (2, 4), (4, 1)):
        place = plane.low + np.array([column, row]) / 4 * (plane.high - plane.low)
        made = decoded(network_of(config, None), plane.code(place[None]))[0]
        np.testing.assert_allclose(grid[row, column], np.clip(made, 0, 1) * 255, atol=0.51)
    inside = ((plane.places >= plane.low) & (plane.places <= plane.high)).all(axis=1)
    assert inside.mean() > 0.97


@pytest.mark.parametrize(("network", "noise"), [("dense", 0.0), ("convolutional", 0.25), ("linear", 0.5)])
def test_a_way_begins_and_ends_with_what_comes_back(network: str, noise: float) -> None:
    config = AutoencoderConfig(network=network, code=16, noise=noise)
    made = steps_between(untrained(config), noise, 3, 70)
    ends = outputs_of(untrained(config), unseen_digits(noise).inputs[[3, 70]])[:, 0].numpy()
    assert len(made) == STEPS
    np.testing.assert_allclose(made[[0, -1]], ends, atol=1e-5)
    codes = codes_of(untrained(config), noise)[[3, 70]]
    np.testing.assert_allclose(made[4], decoded(untrained(config), codes.mean(axis=0, keepdims=True))[0], atol=1e-5)


def test_a_mixture_begins_and_ends_with_the_digits() -> None:
    made, clean = mixed(3, 70), unseen_digits().targets[:, 0].numpy()
    np.testing.assert_array_equal(made[[0, -1]], clean[[3, 70]])
    np.testing.assert_allclose(made[4], (clean[3] + clean[70]) / 2, atol=1e-6)


def test_codes_that_are_all_the_same_have_a_map() -> None:
    plane = plane_of(np.ones((50, 4)), np.zeros(50, np.uint8))
    assert (plane.low < plane.high).all() and np.isfinite(plane.places).all()


def test_what_is_shared_keeps_its_mode() -> None:
    network = network_of(AutoencoderConfig(), None)
    grid_of(network, code_plane(AutoencoderConfig(), None), 3)
    assert not any(module.training for module in network.modules())
    assert all(parameter.grad is None for parameter in network.parameters())
    with torch.inference_mode():
        assert torch.isfinite(network(unseen_digits().inputs[:2])).all()
