"""CIFAR-10 through torchvision's real loader, from a small archive in its own format."""

from __future__ import annotations

import functools
import http.server
import mmap
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from small_cifar import TEST, TRAIN, downloaded_cifar, small_cifar
from torchvision import datasets

from explainer.data import downloads
from explainer.data.catalogue import CLASS_NAMES, files, is_available
from explainer.data.digits import DatasetError, Digits, download, load


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("EXPLAINER_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The archive in a folder of a server's, which torchvision's loader asks."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    made = small_cifar(tmp_path / "mirror", monkeypatch)
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(made.parent))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    monkeypatch.setattr(datasets.CIFAR10, "url", f"http://127.0.0.1:{server.server_port}/{made.name}")
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


def left_over(cache: Path) -> list[str]:
    return sorted(path.name for path in (cache / "datasets").iterdir())


def test_what_is_downloaded_is_what_torchvision_reads(archive: Path, cache: Path, tmp_path: Path) -> None:
    assert not is_available("cifar-10")
    with pytest.raises(DatasetError, match=r"CIFAR-10 is not on this computer yet: download it first"):
        load("cifar-10")
    progress: list[float] = []
    download("cifar-10", progress.append)
    assert is_available("cifar-10")
    assert progress[-1] == 1.0
    assert progress == sorted(progress)
    loaded = load("cifar-10")
    oracle = [datasets.CIFAR10(tmp_path / "oracle", train=train, download=True) for train in (True, False)]
    same(loaded, oracle)
    assert (len(loaded.train_labels), len(loaded.test_labels)) == (TRAIN, TEST)
    assert loaded.class_names == CLASS_NAMES["cifar-10"] == tuple(oracle[0].classes)
    assert left_over(cache) == ["CIFAR10"]
    assert sorted(path.name for path in (cache / "datasets" / "CIFAR10").rglob("*.*")) == sorted(
        path.name for path in files("cifar-10")
    )


def same(loaded: Digits, oracle: list[datasets.CIFAR10]) -> None:
    for images, labels, part in (
        (loaded.train_images, loaded.train_labels, oracle[0]),
        (loaded.test_images, loaded.test_labels, oracle[1]),
    ):
        np.testing.assert_array_equal(images, part.data)
        np.testing.assert_array_equal(labels, part.targets)
        assert images.dtype == labels.dtype == np.uint8
        assert images.strides == part.data.strides  # so that a script and a run here sum in the same order


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is downloaded."""
    downloaded_cifar(tmp_path, monkeypatch)


def test_its_pictures_are_maps_of_the_files_that_processes_share(here: None) -> None:
    base: object = load("cifar-10").train_images
    while isinstance(base, np.ndarray):
        base = base.base
    assert isinstance(base, mmap.mmap)
    pictures = load("cifar-10").train_images
    before = files("cifar-10")[0].read_bytes()
    pictures[0, 0, 0, 0] ^= 255  # what a process writes is its own
    assert files("cifar-10")[0].read_bytes() == before


def test_offline_is_a_sentence_that_says_what_to_do(
    archive: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(datasets.CIFAR10, "url", "http://127.0.0.1:1/cifar-10-python.tar.gz")  # nobody listens there
    with pytest.raises(DatasetError) as caught:
        download("cifar-10", lambda _share: None)
    assert str(caught.value) == (
        "CIFAR-10 could not be downloaded from 127.0.0.1. Is this computer connected to the network? If it cannot be, "
        f"put cifar-10-python.tar.gz into {cache / 'datasets'} and try again. MNIST needs no download."
    )
    assert left_over(cache) == []
    given = cache / "datasets" / downloads.ARCHIVE
    given.write_bytes(archive.read_bytes())
    download("cifar-10", lambda _share: None)
    assert len(load("cifar-10").train_labels) == TRAIN
    assert left_over(cache) == ["CIFAR10", downloads.ARCHIVE]


def test_an_archive_with_another_sum_is_not_read(archive: Path, cache: Path) -> None:
    archive.write_bytes(archive.read_bytes() + b"\0")
    with pytest.raises(DatasetError, match=r"^CIFAR-10 arrived damaged and was thrown away"):
        download("cifar-10", lambda _share: None)
    assert not is_available("cifar-10")
    assert left_over(cache) == []


def test_the_sum_of_the_real_archive_is_asked_for(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datasets.CIFAR10, "tgz_md5", "c58f30108f718f92721af3b95e74349a")  # as its page tells it
    with pytest.raises(DatasetError, match="arrived damaged"):
        download("cifar-10", lambda _share: None)
    assert not is_available("cifar-10")


@pytest.mark.parametrize("number", [0, 1])
def test_a_damaged_file_is_a_sentence(here: None, number: int) -> None:
    file = files("cifar-10")[number]
    os.truncate(file, file.stat().st_size - 1)
    with pytest.raises(DatasetError, match=rf"{file.name} .*damaged"):
        load("cifar-10")


def test_labels_that_are_none_are_a_sentence(here: None) -> None:
    file = files("cifar-10")[3]
    np.save(file, np.full(TEST, 10, np.uint8))
    with pytest.raises(DatasetError, match=r"test-labels\.npy is damaged"):
        load("cifar-10")
