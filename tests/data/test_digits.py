"""The bundled MNIST is the official one, byte for byte; broken files end in a sentence; subsets are fair."""

from __future__ import annotations

import gzip
import hashlib
import subprocess
import sys
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainer.data import catalogue, digits
from explainer.data.digits import DatasetError, DatasetName, load, subset_indices
from explainer.data.idx import read_idx

OFFICIAL_MD5 = {
    "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
    "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
    "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
    "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
}


@pytest.mark.parametrize("path", catalogue.files("mnist"), ids=lambda path: path.name)
def test_the_bundled_files_are_the_official_ones(path: Path) -> None:
    content = gzip.decompress(path.read_bytes())
    assert hashlib.md5(content, usedforsecurity=False).hexdigest() == OFFICIAL_MD5[path.stem]


def test_mnist_is_whole_and_read_only() -> None:
    mnist = load("mnist")
    assert mnist.train_images.shape == (60000, 28, 28)
    assert mnist.test_images.shape == (10000, 28, 28)
    # The numbers of training digits per class and the first labels, as published with the data set.
    assert np.bincount(mnist.train_labels).tolist() == [
        *(5923, 6742, 5958, 6131, 5842),
        *(5421, 5918, 6265, 5851, 5949),
    ]
    assert np.bincount(mnist.test_labels).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert mnist.train_labels[:5].tolist() == [5, 0, 4, 1, 9]
    assert mnist.test_labels[:5].tolist() == [7, 2, 1, 0, 4]
    # The mean and standard deviation that everybody normalizes MNIST with: 0.1307 and 0.3081.
    assert mnist.train_images.mean() / 255 == pytest.approx(0.1307, abs=5e-5)
    assert mnist.train_images.std() / 255 == pytest.approx(0.3081, abs=5e-5)
    assert mnist.class_names == ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9")
    for array in (mnist.train_images, mnist.train_labels, mnist.test_images, mnist.test_labels):
        assert array.dtype == np.uint8
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_mnist_is_read_once() -> None:
    assert load("mnist") is load("mnist")


def test_loading_needs_no_torch() -> None:
    program = (
        "import sys; from explainer.data.digits import is_available, load; "
        "load('mnist'); is_available('kmnist'); "
        "sys.exit('torch' in sys.modules or 'streamlit' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False, timeout=300).returncode == 0


def test_the_name_is_the_one_that_runs_are_described_with() -> None:
    from explainer.training import config

    assert get_args(DatasetName) == get_args(config.DatasetName)
    assert set(catalogue.CLASS_NAMES) == set(catalogue.TITLES) == set(get_args(DatasetName))


def idx(array: np.ndarray) -> bytes:
    header = bytes((0, 0, 8, array.ndim)) + b"".join(size.to_bytes(4, "big") for size in array.shape)
    return header + array.tobytes()


def test_an_idx_file_is_read_in_row_major_order(tmp_path: Path) -> None:
    images = np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4)
    (tmp_path / "plain").write_bytes(idx(images))
    (tmp_path / "zipped.gz").write_bytes(gzip.compress(idx(images)))
    assert read_idx(tmp_path / "plain", 3).tolist() == images.tolist()
    assert read_idx(tmp_path / "zipped.gz", 3).tolist() == images.tolist()


IMAGES = idx(np.zeros((2, 28, 28), np.uint8))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (gzip.compress(IMAGES)[:20], "The data file train.gz is damaged: it cannot be unzipped."),
        (b"not a zipped file", "The data file train.gz is damaged: it cannot be unzipped."),
        (gzip.compress(b""), "The data file train.gz is damaged: it does not start like an IDX file."),
        (
            gzip.compress(IMAGES[:-1]),
            "The data file train.gz is damaged: it holds 1,583 bytes instead of 1,584.",
        ),
        (
            gzip.compress(IMAGES + b"1"),
            "The data file train.gz is damaged: it holds 1,585 bytes instead of 1,584.",
        ),
        (
            gzip.compress(idx(np.zeros(5, np.uint8)) + bytes(20)),
            "The data file train.gz is damaged: it does not start like an IDX file.",
        ),
        (
            gzip.compress(b"\0\0\x08\x03" + b"\xff" * 12),
            "The data file train.gz is damaged: it holds 16 bytes instead of 79,228,162,458,924,105,385,300,197,391.",
        ),
    ],
    ids=["cut off", "not zipped", "empty", "short", "long", "labels for images", "absurd size"],
)
def test_a_damaged_file_is_a_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / "train.gz").write_bytes(content)
    with pytest.raises(DatasetError) as caught:
        read_idx(tmp_path / "train.gz", 3)
    assert str(caught.value) == sentence


def test_a_missing_file_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "assets_path", lambda: tmp_path)
    with pytest.raises(
        DatasetError, match=r"^The data file train-images-idx3-ubyte\.gz is missing from the folder mnist\.$"
    ):
        load("mnist")


def test_labels_that_do_not_fit_are_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "assets_path", lambda: tmp_path)
    (tmp_path / "mnist").mkdir()
    contents = [IMAGES, idx(np.array([3, 10], np.uint8))] * 2
    for path, content in zip(catalogue.files("mnist"), contents, strict=True):
        path.write_bytes(gzip.compress(content))
    with pytest.raises(DatasetError, match=r"train-labels-idx1-ubyte\.gz is damaged: 2 labels up to 10 do not fit"):
        digits.load("mnist")


def test_a_subset_has_the_shares_of_the_whole() -> None:
    labels = load("mnist").train_labels
    # By hand: 1,000 / 60,000 of each class, the four largest remainders rounded up
    # (98.72, 112.37, 99.3, 102.18, 97.37, 90.35, 98.63, 104.42, 97.52, 99.15).
    expected = [99, 112, 99, 102, 97, 90, 99, 105, 98, 99]
    indices = subset_indices(labels, 1000, seed=0)
    assert np.bincount(labels[indices]).tolist() == expected


def test_zero_and_too_many_mean_all() -> None:
    labels = np.array([1, 0, 1], np.uint8)
    assert subset_indices(labels, 0, seed=1).tolist() == [0, 1, 2]
    assert subset_indices(labels, 3, seed=1).tolist() == [0, 1, 2]
    assert subset_indices(labels, 4, seed=1).tolist() == [0, 1, 2]
    with pytest.raises(ValueError, match="-1 digits"):
        subset_indices(labels, -1, seed=1)


@given(
    labels=st.lists(st.integers(0, 9), min_size=1, max_size=200),
    share=st.floats(0, 1),
    seed=st.integers(0, 2**32 - 1),
)
def test_any_subset_is_fair(labels: list[int], share: float, seed: int) -> None:
    array = np.array(labels, np.uint8)
    count = max(1, int(share * len(labels)))
    indices = subset_indices(array, count, seed)
    assert len(indices) == count
    assert (np.diff(indices) > 0).all()  # ascending, so none twice
    drawn = np.bincount(array[indices], minlength=10)
    exact = np.bincount(array, minlength=10) * count / len(labels)
    assert (np.abs(drawn - exact) < 1).all()
    assert np.array_equal(indices, subset_indices(array, count, seed))


def test_another_seed_draws_others() -> None:
    labels = load("mnist").train_labels
    first, second = (set(subset_indices(labels, 1000, seed).tolist()) for seed in (0, 1))
    assert len(first & second) < 100  # by chance 1000 * 1000 / 60000, about 17
