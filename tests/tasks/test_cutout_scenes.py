"""Scenes of cut-outs: drawn as Pillow draws them one by one, and the truth about them is exact."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Generator, Tensor

from explainer.data.cutouts import KINDS, cutouts, rgba
from explainer.tasks import cutout_scenes as module
from explainer.tasks.cutout_scenes import SOURCE_SIDE, CutoutSource, cutout_scenes, cutout_source, source_of
from explainer.tasks.scenes import NOTHING, Scenes, SceneSettings

PHOTOS = torch.full((1, 3, 40, 40), 0.5)
BEHIND = 0.25


def _scenes(source: CutoutSource, settings: SceneSettings, seed: int = 0, count: int = 40) -> Scenes:
    return cutout_scenes(source, settings, count, Generator().manual_seed(seed))


@pytest.fixture(scope="module")
def symmetric() -> CutoutSource:
    """Three classes of one picture each, its own mirror image: so it is known which picture is drawn."""
    chosen = [rgba(cutouts()[number]) for number in (3, 70, 200)]
    return source_of([[np.concatenate([each, each[:, ::-1]], axis=1)] for each in chosen], PHOTOS)


def _laid_slowly(source: CutoutSource, boxes: Tensor, classes: Tensor, side: int) -> tuple[NDArray, NDArray, int]:
    """One scene on grey, object by object with Pillow: the picture (3, side, side), and what each pixel shows.

    And how many pixels of objects lie behind others.
    """
    behind = 0
    canvas, seen = np.full((3, side, side), BEHIND), np.zeros((len(classes), side, side))
    for number, (box, kind) in enumerate(zip(boxes.int().tolist(), classes.tolist(), strict=True)):
        if kind == NOTHING:
            continue
        left, top, right, bottom = box
        picture, part = source.pictures[source.first[kind]].numpy(), source.parts[source.first[kind]].int().tolist()
        cut = [np.ascontiguousarray(plane[part[1] : part[3], part[0] : part[2]]) for plane in picture]
        size = right - left, bottom - top
        red, green, blue, alpha = (Image.fromarray(plane).resize(size, Image.Resampling.BILINEAR) for plane in cut)
        for plane, colour in zip(canvas, (red, green, blue), strict=True):
            plane[top:bottom, left:right] = plane[top:bottom, left:right] * (1 - np.asarray(alpha)) + np.asarray(colour)
        behind += int(((seen[:, top:bottom, left:right] > 0.5) & (np.asarray(alpha) > 0.5)).sum())
        seen[:, top:bottom, left:right] *= 1 - np.asarray(alpha)
        seen[number, top:bottom, left:right] = np.asarray(alpha)
    return canvas, seen, behind


def test_scenes_are_what_pillow_would_lay_one_by_one(symmetric: CutoutSource, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        module, "backgrounds", lambda photos, side, count, chance: torch.full((count, 3, side, side), BEHIND)
    )
    scenes = _scenes(symmetric, SceneSettings(side=70, fewest=3, most=6))
    overlapping = 0
    for number in range(40):
        canvas, seen, behind = _laid_slowly(symmetric, scenes.boxes[number], scenes.classes[number], 70)
        np.testing.assert_allclose(scenes.pictures[number], canvas, atol=3e-6)
        np.testing.assert_allclose(scenes.ink[number], seen, atol=3e-6)
        overlapping += behind
        labels = np.where(seen.max(axis=0) > 0.5, scenes.classes[number].numpy()[seen.argmax(axis=0)] + 1, 0)
        sure = np.abs(seen.max(axis=0) - 0.5) > 1e-5
        np.testing.assert_array_equal(scenes.labels[number].numpy()[sure], labels[sure])
    assert overlapping > 20  # else nothing is said of the order


def test_a_source_by_hand() -> None:
    picture = np.zeros((24, 96, 4), np.uint8)  # half as large in the source
    picture[4:20, 8:40] = [200, 100, 0, 255]
    picture[4:20, 40:60] = [200, 100, 0, 60]  # not solid: outside of the box
    source = source_of([[picture], [picture, picture]], PHOTOS)
    assert source.counts.tolist() == [2, 4] and source.first.tolist() == [0, 2]
    assert source.parts[:2].tolist() == [[4, 2, 20, 10], [28, 2, 44, 10]]
    middle = source.pictures[0, :, 6, [10, 26, 40]].T * 255
    torch.testing.assert_close(middle[0], torch.tensor([200.0, 100.0, 0.0, 255.0]))
    torch.testing.assert_close(middle[1], torch.tensor([47.0, 24.0, 0.0, 60.0]), rtol=0, atol=1.01)  # times alpha
    assert not middle[2].any()
    torch.testing.assert_close(source.pictures[1].flip(2), source.pictures[0])
    assert not source.pictures[:, :, 12:].any()
    with pytest.raises(ValueError, match="alpha=127"):
        source_of([[np.full((48, 48, 4), 127, np.uint8)]], PHOTOS)


def test_the_shipped_sources() -> None:
    train, test = cutout_source(training=True), cutout_source(training=False)
    assert train.counts.tolist() == [2 * count for count in (48, 26, 18, 27, 11)]
    assert test.counts.tolist() == [2 * count for count in (16, 8, 6, 8, 4)]
    assert len(KINDS) == len(train.counts)
    assert not {each.numpy().tobytes() for each in train.pictures} & {each.numpy().tobytes() for each in test.pictures}
    for source in (train, test):
        longest = (source.parts[:, 2:] - source.parts[:, :2]).amax(dim=1)
        assert longest.min() > 0.8 * SOURCE_SIDE and longest.max() == SOURCE_SIDE
        colours, alpha = source.pictures[:, :3], source.pictures[:, 3:]
        assert (colours <= alpha + 1e-6).all() and alpha.max() == 1


def test_no_cut_out_is_enlarged_so_blur_betrays_no_class() -> None:
    folders = {folder for each in KINDS.values() for folder in each}
    longest = [max(each.height, each.width) for each in cutouts() if each.kind in folders]
    assert min(longest) == 49 > SOURCE_SIDE > SceneSettings().largest


def test_counts_sizes_and_classes_are_those_that_were_asked_for() -> None:
    scenes = _scenes(cutout_source(training=True), SceneSettings(fewest=2, most=5), count=400)
    assert scenes.pictures.shape == (400, 3, 112, 112) and scenes.pictures.is_contiguous()
    assert scenes.pictures.min() >= 0 and scenes.pictures.max() <= 1
    there = scenes.classes != NOTHING
    assert set(there.sum(dim=1).tolist()) == {2, 3, 4, 5}
    assert scenes.boxes[there].min() >= 0 and scenes.boxes[there].max() <= 112
    longest = (scenes.boxes[..., 2:] - scenes.boxes[..., :2]).amax(dim=2)[there]
    assert longest.min() == 20 and longest.max() == 44
    assert (scenes.boxes[~there] == 0).all() and not scenes.ink[~there].any()
    shares = torch.bincount(scenes.classes[there]) / there.sum()
    torch.testing.assert_close(shares, torch.full((5,), 0.2), rtol=0, atol=0.04)


def test_a_box_is_where_its_object_is() -> None:
    """Its labels lie inside, and reach its four sides but for a pixel or so of what is thin."""
    scenes = _scenes(cutout_source(training=False), SceneSettings(fewest=1, most=1), count=60)
    missing = []
    for labels, (box,), (kind,) in zip(scenes.labels, scenes.boxes, scenes.classes, strict=True):
        rows, columns = (labels == kind + 1).nonzero(as_tuple=True)
        bounds = torch.stack([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1])
        inwards = (bounds - box) * torch.tensor([1, 1, -1, -1])
        assert inwards.min() >= 0 and set(labels.unique().tolist()) == {0, int(kind) + 1}
        missing.append(inwards)
    assert torch.stack(missing).float().mean() < 1


def test_the_same_seed_makes_the_same_scenes() -> None:
    source = cutout_source(training=True)
    once, again, other = (_scenes(source, SceneSettings(), seed, 6) for seed in (1, 1, 2))
    for name in ("pictures", "boxes", "classes", "labels"):
        assert torch.equal(getattr(once, name), getattr(again, name))
    assert not torch.equal(once.pictures, other.pictures)


def test_a_scene_may_be_empty_and_has_no_clutter() -> None:
    source = cutout_source(training=False)
    empty = _scenes(source, SceneSettings(fewest=0, most=0), count=3)
    assert empty.boxes.shape == (3, 0, 4)
    some = _scenes(source, SceneSettings(fewest=0, most=1))
    bare = (some.classes == NOTHING).all(dim=1)
    assert 0 < bare.sum() < 40 and not some.labels[bare].any()
    with pytest.raises(ValueError, match="clutter=2"):
        _scenes(source, SceneSettings(clutter=2))
