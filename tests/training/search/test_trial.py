"""A trial is an ordinary run that never sees the test set, and whose held-out digits it never learns from."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from explainer.data.digits import load
from explainer.networks.weights import from_bytes
from explainer.training.configuration import Controls
from explainer.training.search.search import SearchConfig
from explainer.training.search.trial import HELD_OUT, TrialConfig, divided
from explainer.training.snapshot import Snapshot


def test_the_held_out_digits_are_the_last_of_the_training_set() -> None:
    whole, parts = load("mnist"), divided("mnist")
    assert np.array_equal(np.concatenate([parts.train_images, parts.test_images]), whole.train_images)
    assert np.array_equal(np.concatenate([parts.train_labels, parts.test_labels]), whole.train_labels)
    assert len(parts.test_labels) == HELD_OUT


def test_a_trial_ends_with_its_accuracy_on_the_held_out_digits() -> None:
    config = TrialConfig(SearchConfig(digits=1_000).run((0.5, 0.5)))
    reports = [report for report in config.snapshots(Controls(), torch.device("cpu")) if isinstance(report, Snapshot)]
    assert all(report.views is None and report.results is None for report in reports)
    last = reports[-1]
    assert last.point.test_digits == HELD_OUT and last.weights is not None
    network = from_bytes(last.weights)[1]
    held = divided("mnist")
    pixels = (torch.tensor(held.test_images[:, None]).float() / 255 - 0.1307) / 0.3081
    with torch.inference_mode():
        right = (network.eval()(pixels).argmax(1).numpy() == held.test_labels).mean()
    assert last.point.test_accuracy == pytest.approx(right, abs=1e-6) and right > 0.5
