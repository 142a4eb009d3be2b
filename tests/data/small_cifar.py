"""A small CIFAR-10 in its own format: an archive of pickled batches, and torchvision's loader turned to it."""

from __future__ import annotations

import functools
import hashlib
import io
import pickle
import tarfile
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from torchvision import datasets

from explainer.data.catalogue import CLASS_NAMES
from explainer.data.digits import download
from explainer.data.downloads import ARCHIVE

BATCH, TEST = 60, 100
TRAIN = 5 * BATCH
FOLDER = "cifar-10-batches-py"
# For a script in a process of its own, before it makes a CIFAR10.
SUMS_IN_SCRIPT = """CIFAR10.tgz_md5 = {tgz_md5!r}
CIFAR10.train_list, CIFAR10.test_list, CIFAR10.meta = {train_list!r}, {test_list!r}, {meta!r}
"""


def small_cifar(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Writes the archive into ``folder``, and has torchvision's loader expect its sums; the path of the archive.

    The loader finds it where that folder is its root, and asks no network.
    """
    loader, batches = datasets.CIFAR10, _batches()
    monkeypatch.setattr(loader, "tgz_md5", _md5(_archive()))
    monkeypatch.setattr(loader, "train_list", [[name, _md5(batches[name])] for name, _ in loader.train_list])
    monkeypatch.setattr(loader, "test_list", [["test_batch", _md5(batches["test_batch"])]])
    monkeypatch.setattr(loader, "meta", {**loader.meta, "md5": _md5(batches["batches.meta"])})
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ARCHIVE).write_bytes(_archive())
    return folder / ARCHIVE


def downloaded_cifar(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is in a cache of its own in ``folder``."""
    monkeypatch.setenv("EXPLAINER_CACHE", str(folder / "cache"))
    small_cifar(folder / "cache" / "datasets", monkeypatch)
    download("cifar-10", lambda _share: None)


def sums_in_script() -> str:
    """What ``small_cifar`` has set."""
    names = ("tgz_md5", "train_list", "test_list", "meta")
    return SUMS_IN_SCRIPT.format(**{name: getattr(datasets.CIFAR10, name) for name in names})


@functools.cache
def _archive() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz", compresslevel=1) as archive:
        for name, content in _batches().items():
            member = tarfile.TarInfo(f"{FOLDER}/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return file.getvalue()


@functools.cache
def _batches() -> dict[str, bytes]:
    """The pickled files by their names."""
    counts = {**{f"data_batch_{number}": BATCH for number in range(1, 6)}, "test_batch": TEST}
    batches = {name: pickle.dumps(_batch(count, seed)) for seed, (name, count) in enumerate(counts.items())}
    return {**batches, "batches.meta": pickle.dumps({"label_names": list(CLASS_NAMES["cifar-10"])})}


def _batch(count: int, seed: int) -> dict[str, object]:
    labels = np.arange(count) % 10
    return {"data": pictures(labels, seed).reshape(count, -1), "labels": labels.tolist()}


def pictures(labels: NDArray[np.int64], seed: int) -> NDArray[np.uint8]:
    """Pictures (n, 3, 32, 32) with something to learn: every class has a colour of its own, and noise on it."""
    colours = np.random.default_rng(7).integers(40, 216, (10, 3, 1, 1))
    noise = np.random.default_rng(seed).normal(0, 40, (len(labels), 3, 32, 32))
    return np.clip(colours[labels] + noise, 0, 255).astype(np.uint8)


def _md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()
