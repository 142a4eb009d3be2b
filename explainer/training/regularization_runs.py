"""Trains a run and measures it after every epoch on training, validation and test digits; and augments digits."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from explainer.data.digits import Digits, subset_indices
from explainer.networks.weights import from_bytes
from explainer.training import measure
from explainer.training.augmentation import augment
from explainer.training.config import RunConfig
from explainer.training.loop import Cadence, train
from explainer.training.measure import TestResult
from explainer.training.regularization import VALIDATION, Curves, Record, histogram, near_zero
from explainer.training.snapshot import Snapshot

PLACES = 6  # significant digits of what is recorded
CPU = torch.device("cpu")
Row = tuple[float, ...]


def record(config: RunConfig, digits: Digits) -> Record:
    """Trains ``config`` on the CPU by the project's own loop, and measures the network after every epoch.

    Raises ImpossibleNetworkError for a configuration that is no network, and FloatingPointError for a run that
    diverges.
    """
    rows = []
    for row, weights in measured(config, digits):
        rows.append(row)
        last = weights
    return Record(config, Curves(*zip(*rows, strict=True)), histogram(last))


def measured(config: RunConfig, digits: Digits) -> Iterator[tuple[Row, NDArray[np.float32]]]:
    """What ``Curves`` holds of the untrained network and after each epoch, in its order, and the weights (n,) then.

    The network trains on while the caller asks for more. Raises what ``record`` raises.
    """
    chosen = subset_indices(digits.train_labels, config.subset, config.seed)
    other = held_out(digits.train_labels, config.subset, config.seed)
    every_epoch = Cadence(point=len(chosen), part=len(chosen), full=len(chosen))
    for report in train(config, digits, device=CPU, measured=every_epoch):
        if not isinstance(report, Snapshot):
            continue
        if report.weights is None:
            raise FloatingPointError(f"The run of seed {config.seed} diverged.")
        with torch.random.fork_rng(devices=[]):  # building a network draws numbers that dropout would have had
            network = from_bytes(report.weights)[1]
        trained, validated = _read(network, digits, chosen), _read(network, digits, other)
        tested, weights = _of_test(report), weights_of(network)
        squares = sum(float(p.detach().double().square().sum()) for p in network.parameters())
        sums = squares, float(np.abs(weights).sum(dtype=np.float64)), near_zero(weights)
        row = (trained.loss, trained.accuracy, validated.loss, validated.accuracy, *tested, *sums)
        yield tuple(float(f"{value:.{PLACES}g}") for value in row), weights


def held_out(labels: NDArray[np.uint8], subset: int, seed: int, count: int = VALIDATION) -> NDArray[np.int64]:
    """``count`` indices into ``labels`` (n,), ascending, none of them among the training digits of that seed."""
    left = np.setdiff1d(np.arange(len(labels)), subset_indices(labels, subset, seed))
    return np.sort(np.random.default_rng(seed).permutation(left)[:count])


def weights_of(network: nn.Module) -> NDArray[np.float32]:
    """All weights (n,) of kernels and fully connected layers: no biases, as L1 acts on them."""
    return np.concatenate([p.detach().numpy().ravel() for p in network.parameters() if p.dim() > 1])


def augmented(images: NDArray[np.uint8], shift: int, rotate: float, seed: int) -> NDArray[np.float32]:
    """``images`` (n, 28, 28) as training would see them: each moved and turned at random by up to so much."""
    pixels = torch.from_numpy(images.astype(np.float32)).unsqueeze(1)
    changed = augment(pixels, shift, rotate, torch.Generator().manual_seed(seed))
    result: NDArray[np.float32] = changed[:, 0].numpy()
    return result


def _read(network: nn.Module, digits: Digits, indices: NDArray[np.int64]) -> TestResult:
    images = torch.from_numpy(digits.train_images[indices]).unsqueeze(1)
    labels = torch.from_numpy(digits.train_labels[indices].astype(np.int64))
    result = list(measure.test(network, images, labels))[-1]
    assert result is not None
    return result


def _of_test(report: Snapshot) -> tuple[float, float]:
    assert report.point.test_loss is not None
    assert report.point.test_accuracy is not None
    return report.point.test_loss, report.point.test_accuracy
