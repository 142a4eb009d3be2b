"""Runs on pictures in colour: from torchvision's own arrays, against plain torch, and brought back from a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from small_cifar import TEST, TRAIN, downloaded_cifar
from torch import nn
from torchvision.transforms import functional as transforms
from training_runs import CPU, parameters_of, snapshots_of

from explainer.data.digits import load
from explainer.networks.build import build, normalize, planes
from explainer.networks.config import Block, ImpossibleNetworkError, NetworkConfig, Pool
from explainer.networks.plan import layers, parameter_count
from explainer.networks.predict import probabilities
from explainer.networks.presets import PRESETS
from explainer.networks.weights import WeightsError, from_bytes, to_bytes
from explainer.training import loop, measure
from explainer.training.augmentation import augment
from explainer.training.config import Recipe, RunConfig, digits_in
from explainer.training.job import Job
from explainer.training.loaded import loaded_run
from explainer.training.loop import train
from explainer.training.snapshot import Snapshot

TINY = NetworkConfig((Block(8, 3, 2, pool=Pool()),), hidden=(16,), reads="colour")
CONFIG = RunConfig(TINY, Recipe(learning_rate=0.01, batch_size=50, epochs=3), dataset="cifar-10", seed=2)


@pytest.fixture
def cifar(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    downloaded_cifar(tmp_path, monkeypatch)


def test_a_colour_network_is_torchs_own_with_three_channels() -> None:
    network = build(TINY)
    (first,) = (module for module in network if isinstance(module, nn.Conv2d))
    assert (first.in_channels, parameter_count(TINY)) == (3, sum(p.numel() for p in network.parameters()))
    assert network(torch.zeros(2, 3, 32, 32)).shape == (2, 10)
    assert layers(TINY)[0].shape == (8, 16, 16)


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_reads_colour_with_the_sizes_of_its_plan(preset: str) -> None:
    config = replace(PRESETS[preset], reads="colour")
    assert build(config).eval()(torch.zeros(1, 3, 32, 32)).shape == (1, 10)
    assert [layer.kind for layer in layers(config)].count("pad") == 0  # the pictures are 32 pixels large already


def test_colours_are_normalized_as_torchvision_does(cifar: None) -> None:
    pictures = load("cifar-10").train_images[:4]
    mean, std = (0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616)
    oracle = torch.stack([transforms.normalize(transforms.to_tensor(each.copy()), mean, std) for each in pictures])
    torch.testing.assert_close(normalize(planes(pictures)), oracle)


def test_a_run_learns_and_reports_what_its_last_weights_show(cifar: None) -> None:
    data = load("cifar-10")
    *_, last = snapshots_of(CONFIG, data)
    assert last.point.step == 3 * TRAIN // 50
    assert last.point.test_accuracy is not None
    assert last.point.test_accuracy > 0.8  # every class has a colour of its own
    assert last.weights is not None
    with torch.no_grad():
        oracle = from_bytes(last.weights)[1](normalize(planes(data.test_images)))
    assert last.point.test_accuracy == pytest.approx((oracle.argmax(1).numpy() == data.test_labels).mean())
    assert last.results is not None
    assert last.results.confusion.sum() == TEST
    shares = probabilities(last.weights, data.test_images[3])
    np.testing.assert_allclose(shares, oracle[3].softmax(0), rtol=1e-4, atol=1e-6)


def test_views_have_kernels_in_colour(cifar: None) -> None:
    first, *_ = snapshots_of(CONFIG, load("cifar-10"))
    assert first.views is not None
    assert first.weights is not None
    network = from_bytes(first.weights)[1]
    kernels = network.convolution_1.weight.detach()  # type: ignore[union-attr, operator]
    np.testing.assert_array_equal(first.views.filters, kernels.permute(0, 2, 3, 1))
    assert [maps.shape for maps in first.views.feature_maps] == [(8, 16, 16)]
    plain = measure.views(build(NetworkConfig((), reads="colour")), planes(load("cifar-10").test_images[:1]), 0)
    assert plain.filters.shape == (10, 32, 32, 3)


def test_what_is_trained_on_is_the_map_of_the_file(cifar: None) -> None:
    data = load("cifar-10")
    images, *_ = loop._on_device(data, CPU)
    assert images.shape == (TRAIN, 3, 32, 32)
    assert np.shares_memory(images.numpy(), data.train_images)


@pytest.mark.parametrize(
    ("network", "dataset"), [(TINY, "mnist"), (replace(TINY, reads="digits"), "cifar-10")], ids=["digits", "colour"]
)
def test_a_network_of_other_pictures_is_a_sentence(network: NetworkConfig, dataset: str, cifar: None) -> None:
    config = RunConfig(network, dataset=dataset)  # type: ignore[arg-type]
    with pytest.raises(ImpossibleNetworkError, match="does not read pictures of the size and the colours of"):
        next(train(config, load(config.dataset)))


def test_moved_pictures_keep_their_colours_together() -> None:
    pictures = torch.arange(2 * 3 * 6 * 6, dtype=torch.float32).reshape(2, 3, 6, 6) + 1
    moved = augment(pictures, 2, 0.0, torch.Generator().manual_seed(4))
    down, right = torch.randint(0, 5, (2, 2), generator=torch.Generator().manual_seed(4))
    for picture, result, row, column in zip(pictures, moved, down, right, strict=True):
        padded = nn.functional.pad(picture, (2,) * 4)
        assert torch.equal(result, padded[:, row : row + 6, column : column + 6])


@pytest.fixture
def saved(cifar: None) -> Iterator[bytes]:
    *_, last = [each for each in train(CONFIG, load("cifar-10"), device=CPU) if isinstance(each, Snapshot)]
    assert last.weights is not None
    yield last.weights


def test_weights_come_back_with_their_data_set(saved: bytes) -> None:
    job: Job = loaded_run(saved)
    assert job.config == CONFIG
    assert job.state().points[0].test_digits == TEST
    bare = loaded_run(to_bytes(from_bytes(saved)[1], TINY))
    assert (bare.config.network, bare.config.dataset) == (TINY, "cifar-10")
    assert parameters_of(Snapshot(job.state().points[0], weights=saved)).numel() == parameter_count(TINY)


def test_weights_of_a_data_set_that_is_not_here_are_a_sentence(
    saved: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXPLAINER_CACHE", str(tmp_path / "empty"))
    with pytest.raises(WeightsError, match=r"pictures of CIFAR-10, which is not on this computer yet: download it"):
        loaded_run(saved)


def test_an_epoch_has_fifty_thousand_pictures() -> None:
    assert digits_in(CONFIG) == 50_000
    assert digits_in(replace(CONFIG, subset=500)) == 500
