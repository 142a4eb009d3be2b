"""The average head: what is in it, how it splits, and how far copying and a table of brightness come."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
import torch
from torch import Generator, Tensor

from explainer.tasks.brain import (
    NOISE,
    Slices,
    SplitName,
    brightness_table,
    copied_neighbour,
    levels,
    neighbour_at,
    poor,
    slices,
    split,
)
from explainer.tasks.overlap import confusion, dice, mean_iou


def test_what_is_in_the_file() -> None:
    head = slices()
    assert head is slices()
    assert [(each.shape, each.dtype.name) for each in (head.t1, head.labels, head.grey, head.white, head.z_mm)] == [
        ((64, 112, 96), "uint8"),
        ((64, 112, 96), "int64"),
        ((64, 112, 96), "uint8"),
        ((64, 112, 96), "uint8"),
        ((64,), "int16"),
    ]
    assert head.z_mm.tolist() == list(range(-48, 80, 2))
    shares = np.bincount(head.labels.ravel()) / head.labels.size
    np.testing.assert_allclose(shares, [0.471, 0.292, 0.173, 0.064], atol=5e-4)
    with pytest.raises(ValueError, match="read-only"):
        head.labels[0, 0, 0] = 1


def test_a_label_is_what_is_most_probable_inside_the_brain() -> None:
    head = slices()
    other = 255 - head.grey.astype(int) - head.white
    assert other.min() >= 0
    assert ((head.labels == 0) == (head.t1 == 0)).all()
    for label, probable in enumerate((head.grey, head.white, other), start=1):
        chosen = head.labels == label
        assert (probable[chosen] >= np.stack([head.grey, head.white, other]).max(axis=0)[chosen]).all()


@pytest.mark.parametrize("name", ["t1", "labels", "grey", "white"])
def test_every_slice_is_its_own_mirror_image(name: str) -> None:
    """So the left half is no test for the right, and mirroring adds nothing."""
    values = getattr(slices(), name)
    np.testing.assert_array_equal(values, values[:, :, ::-1])


def test_the_splits() -> None:
    train, test = split("blocks")
    assert train.tolist() == [*range(21), *range(43, 64)] and test.tolist() == list(range(24, 40))
    assert np.abs(train[:, None] - test[None, :]).min() == 4
    train, test = split("random")
    assert test.tolist() == list(range(0, 64, 4)) and sorted([*train, *test]) == list(range(64))
    with pytest.raises(ValueError, match="name="):
        split("left")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("distance", "iou", "matter"),
    [(2, 0.72, 0.85), (4, 0.58, 0.73), (6, 0.50, 0.65), (10, 0.42, 0.56), (16, 0.36, 0.48)],
)
def test_a_neighbour_knows_much_already(distance: int, iou: float, matter: float) -> None:
    matrix = confusion(*neighbour_at(distance), 4)
    assert mean_iou(matrix) == pytest.approx(iou, abs=0.005)
    assert dice(matrix)[1:3].mean() == pytest.approx(matter, abs=0.0055)


@pytest.mark.parametrize("distance", [0, 3, -2, 128])
def test_there_is_no_such_neighbour(distance: int) -> None:
    with pytest.raises(ValueError, match="distance="):
        neighbour_at(distance)


def test_copying_the_nearest_slice_between_blocks() -> None:
    train, test = split("blocks")
    copied = copied_neighbour(train, test)
    labels = slices().labels
    np.testing.assert_array_equal(copied[:8], np.repeat(labels[20:21], 8, axis=0))
    np.testing.assert_array_equal(copied[8:], np.repeat(labels[43:44], 8, axis=0))
    matrix = confusion(labels[test], copied, 4)
    assert mean_iou(matrix) == pytest.approx(0.451, abs=5e-4)
    np.testing.assert_allclose(dice(matrix), [0.909, 0.586, 0.584, 0.250], atol=5e-4)


def test_of_two_equally_near_the_lower_one_is_copied() -> None:
    np.testing.assert_array_equal(copied_neighbour(np.array([12, 8]), np.array([10])), slices().labels[8:9])


def test_a_table_of_brightness_by_hand() -> None:
    pictures, labels = np.array([[10, 10, 10, 200]], np.uint8), np.array([[1, 2, 2, 3]])
    assert brightness_table(pictures, labels, np.array([[10], [200], [7]], np.uint8)).tolist() == [[2], [3], [0]]


def test_brightness_alone_decides_clean_slices() -> None:
    head, (train, test) = slices(), split("blocks")
    found = brightness_table(head.t1[train], head.labels[train], head.t1[test])
    matrix = confusion(head.labels[test], found, 4)
    assert mean_iou(matrix) == pytest.approx(0.945, abs=5e-4)
    np.testing.assert_allclose(dice(matrix), [1.000, 0.965, 0.974, 0.946], atol=6e-4)


@pytest.mark.parametrize(("name", "iou"), [("blocks", 0.494), ("random", 0.552)])
def test_brightness_alone_fails_for_a_poor_scanner(name: SplitName, iou: float) -> None:
    """The field and the noise are drawn: over seeds the figure spreads by 0.01, and once it was what stands here."""
    head, (train, test) = slices(), split(name)
    pictures = levels(poor(_pictures(head), Generator().manual_seed(0)).numpy())
    found = brightness_table(pictures[train], head.labels[train], pictures[test])
    assert mean_iou(confusion(head.labels[test], found, 4)) == pytest.approx(iou, abs=0.03)


def test_a_poor_scanner_by_its_numbers() -> None:
    flat = poor(torch.full((400, 112, 96), 0.5), Generator().manual_seed(1)).double()
    smooth = torch.nn.functional.avg_pool2d(flat.unsqueeze(1), 8, 4).squeeze(1) / 0.5
    reached_low, reached_high = smooth.amin(dim=(1, 2)), smooth.amax(dim=(1, 2))
    assert reached_low.mean() == pytest.approx(0.7, abs=0.04) and reached_high.mean() == pytest.approx(1.3, abs=0.04)
    grain = (flat[:, :, 1:] - flat[:, :, :-1]) / 2**0.5
    assert grain.std() == pytest.approx(NOISE, rel=0.02)
    assert flat.min() >= 0 and flat.max() <= 1


def test_the_same_seed_makes_the_same_poor_slices() -> None:
    pictures = _pictures(slices())[:3]
    once, again, other = (poor(pictures, Generator().manual_seed(seed)) for seed in (5, 5, 6))
    assert once.dtype == torch.float32 and torch.equal(once, again) and not torch.equal(once, other)


def test_slices_are_read_without_torch() -> None:
    code = "import sys; from explainer.tasks import brain; brain.slices(); assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def _pictures(head: Slices) -> Tensor:
    return torch.from_numpy(head.t1 / np.float32(255))
