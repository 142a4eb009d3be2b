"""What linear maps can do at best, against scikit-learn and against a linear network that is trained."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA

from explainer.tasks.autoencoder.baselines import baselines, linear_maps
from explainer.tasks.autoencoder.config import AutoencoderConfig
from explainer.tasks.autoencoder.data import Lessons, noisy, training_images, unseen_digits
from explainer.tasks.autoencoder.loop import train
from explainer.tasks.autoencoder.testing import outputs_of
from explainer.tasks.autoencoder.weights import from_bytes
from explainer.training.snapshot import Snapshot


@pytest.fixture(scope="module")
def clean() -> np.ndarray:
    return training_images().flatten(1).numpy().astype(np.float64) / 255


def test_on_clean_digits_it_is_scikit_learns_pca(clean: np.ndarray) -> None:
    known = PCA(8, svd_solver="covariance_eigh").fit(clean)
    tests = unseen_digits().targets.flatten(1).double().numpy()
    made = known.inverse_transform(known.transform(tests))
    assert baselines(8).linear == pytest.approx(float(np.square(made - tests).mean()), rel=1e-5)
    np.testing.assert_allclose(linear_maps().through(tests[:20], 8), made[:20], atol=1e-4)
    plain = float(np.square(clean.mean(axis=0) - tests).mean())
    assert baselines(8).mean_digit == pytest.approx(plain, rel=1e-6)


def test_no_linear_network_falls_below_pca_on_the_digits_it_learns_from() -> None:
    """Of few digits, learned by heart: the optimum is known, and training comes near to it but never below."""
    few = training_images()[:500]
    flat = few.flatten(1).double().numpy() / 255
    known = PCA(4).fit(flat)
    best = float(np.square(known.inverse_transform(known.transform(flat)) - flat).mean())
    config = AutoencoderConfig("linear", code=4, scenes=60_000, batch_size=100, learning_rate=0.01)
    last = [item for item in train(config, source=Lessons(few, 0, 0.0)) if isinstance(item, Snapshot)][-1]
    assert last.weights is not None
    given = few.unsqueeze(1).float() / 255
    error = float((outputs_of(from_bytes(last.weights)[1], given) - given).double().square().mean())
    assert best <= error < 1.05 * best


def test_with_noise_no_step_away_from_the_best_linear_map_is_better(clean: np.ndarray) -> None:
    """On the noisy digits that it was made from, whichever way its two matrices are moved."""
    maps, few = linear_maps(0.5), 20_000
    targets = torch.from_numpy(clean).view(-1, 1, 28, 28).float()
    given = noisy(targets, 0.5, torch.Generator().manual_seed(1)).flatten(1).double().numpy()[:few]
    wanted = clean[:few]

    def error(down: np.ndarray, up: np.ndarray) -> float:
        moved = replace(maps, down=down, up=up)
        return float(np.square(moved.through(given, 8) - wanted).mean())

    best, chance = error(maps.down, maps.up), np.random.default_rng(0)
    assert best < error(maps.up.T, maps.up)  # PCA of clean digits, which does not know of the noise
    for _ in range(5):
        step = 0.02 * chance.standard_normal(maps.down.shape), 0.02 * chance.standard_normal(maps.up.shape)
        assert error(maps.down + step[0], maps.up) > best
        assert error(maps.down, maps.up + step[1]) > best


def test_more_numbers_and_less_noise_are_better() -> None:
    errors = np.array([[baselines(code, noise).linear for code in (2, 8, 64)] for noise in (0.0, 0.5)])
    assert (np.diff(errors, axis=1) < 0).all() and (np.diff(errors, axis=0) > 0).all()
    assert errors.max() < baselines(2).mean_digit
