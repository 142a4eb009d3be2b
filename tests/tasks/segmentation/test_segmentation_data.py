"""Inputs and targets: what is spoiled, how, and that training and test never share a slice."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Generator, Tensor

from explainer.tasks import brain
from explainer.tasks.cutout_scenes import CutoutSource, cutout_scenes, cutout_source, source_of
from explainer.tasks.scenes import DigitSource, digit_scenes
from explainer.tasks.segmentation.config import TASKS, UNetConfig
from explainer.tasks.segmentation.data import (
    TEST_CUTOUTS,
    TEST_SCENES,
    TRAINING_CUTOUTS,
    TRAINING_SCENES,
    BrainLessons,
    CutoutLessons,
    DigitLessons,
    _unseen_scenes,
    brain_batch,
    cutout_batch,
    digit_batch,
    examples,
    lessons,
    unseen_examples,
    watched,
    watched_examples,
)
from explainer.tasks.segmentation.questions import HOLE, HOLES, PALETTE, SPREAD, coloured, grey, holed, noisy, reduced

BRAIN = UNetConfig(data="brain", batch_size=4)


def generator(seed: int = 0) -> Generator:
    return Generator().manual_seed(seed)


def test_noise_has_its_spread() -> None:
    made = noisy(torch.full((50, 1, 40, 40), 0.5), generator())
    inside = made[(made > 0) & (made < 1)]
    assert float(inside.mean()) == pytest.approx(0.5, abs=0.003)
    assert float((made - 0.5).square().mean().sqrt()) == pytest.approx(SPREAD, rel=0.02)
    assert made.min() == 0 and made.max() == 1


def test_holes_are_rectangles_of_all_channels() -> None:
    pictures = 0.5 + torch.rand(200, 3, 60, 70, generator=generator()) / 2
    made = holed(pictures, generator(1))
    is_hole = made == 0
    assert torch.equal(made[~is_hole], pictures[~is_hole])
    assert torch.equal(is_hole[:, 0], is_hole[:, 1]) and torch.equal(is_hole[:, 0], is_hole[:, 2])
    areas = is_hole[:, 0].sum(dim=(1, 2))
    assert areas.min() >= HOLE[0] ** 2 and areas.max() <= HOLES * HOLE[1] ** 2
    touched = is_hole[:, 0].any(dim=0)
    assert touched.float().mean() > 0.95  # up to the edges


def test_reduced_pictures_by_hand() -> None:
    picture = torch.zeros(1, 1, 8, 8)
    picture[0, 0, :4, :4] = torch.arange(16).view(4, 4) / 16  # mean 7.5 / 16
    made = reduced(picture)
    assert made[0, 0, 0, 0] == pytest.approx(7.5 / 16)
    assert made[0, 0, 7, 7] == 0
    # The third pixel is 1/8 of the way from the first small one's centre (1.5) to the second's (5.5)
    assert made[0, 0, 0, 2] == pytest.approx(7.5 / 16 * 7 / 8)


def test_every_digit_has_the_colour_of_its_class(source: DigitSource) -> None:
    scenes = digit_scenes(source, TEST_SCENES, 10, generator())
    made, labels = coloured(scenes), scenes.labels
    assert made.shape == (10, 3, 96, 96) and 0 <= made.min() <= made.max() <= 1
    most = scenes.ink.amax(dim=1)
    grey = made.movedim(1, 3)[most == 0]
    assert torch.equal(grey, scenes.pictures[:, 0][most == 0].unsqueeze(1).expand(-1, 3))
    for digit, colour in enumerate(PALETTE):
        full = (labels == digit + 1) & (most > 0.999)
        expected = scenes.pictures[:, 0][full].unsqueeze(1) * torch.tensor(colour) / 255
        torch.testing.assert_close(made.movedim(1, 3)[full], expected, rtol=0, atol=1e-3)
    assert len(set(PALETTE)) == 10


@pytest.mark.parametrize("task", TASKS)
def test_batches_of_digits(task: str, source: DigitSource) -> None:
    inputs, targets = digit_batch(task, source, TRAINING_SCENES, 4, generator(3))
    scenes = digit_scenes(source, TRAINING_SCENES, 4, generator(3))
    whole = inputs if task in ("segment", "colourize") else targets
    assert torch.equal(whole, scenes.pictures)
    if task == "segment":
        assert torch.equal(targets, scenes.labels)
    else:
        assert targets.shape == (4, 3 if task == "colourize" else 1, 96, 96)
        assert inputs.min() >= 0 and inputs.max() <= 1
    if task in ("denoise", "inpaint", "super-resolve"):
        assert not torch.equal(inputs, targets)


def test_lessons_repeat_and_have_more_digits_than_tests(source: DigitSource) -> None:
    config = UNetConfig(seed=4)
    ours, same = DigitLessons(config, source), DigitLessons(config, source)
    first, second = (ours.draw(8) for _ in range(2))
    assert torch.equal(first[0], same.draw(8)[0])
    assert not torch.equal(first[0], second[0])
    assert (TRAINING_SCENES.fewest, TRAINING_SCENES.most, TEST_SCENES.fewest, TEST_SCENES.most) == (4, 7, 1, 4)


def test_every_slice_comes_once_in_a_pass() -> None:
    lessons = BrainLessons(BRAIN)
    train, test = brain.split("blocks")
    t1 = torch.from_numpy(brain.slices().t1.copy()).float() / 255

    def numbers(pictures: Tensor) -> list[int]:
        return [int((t1 == each).all(dim=(1, 2)).nonzero()[0]) for each in pictures[:, 0]]

    seen = [number for _ in range(21) for number in numbers(lessons.draw(4)[0])]
    assert sorted(seen[:42]) == sorted(seen[42:]) == train.tolist()
    assert seen[:42] != seen[42:]
    assert not set(seen) & set(test.tolist())


@pytest.mark.parametrize("task", TASKS)
def test_what_is_to_be_found_again_is_clean(task: str) -> None:
    config = replace(BRAIN, task=task, scanner="poor")
    chosen = torch.tensor([5, 30])
    inputs, targets = brain_batch(config, chosen, generator())
    slices = brain.slices()
    clean = torch.from_numpy(slices.t1[[5, 30]]).float() / 255
    expected = {
        "segment": torch.from_numpy(slices.labels[[5, 30]]),
        "colourize": torch.from_numpy(np.stack([slices.grey, slices.white], axis=1)[[5, 30]]).float() / 255,
    }.get(task, clean.unsqueeze(1))
    assert torch.equal(targets, expected)
    if task in ("segment", "colourize"):
        assert torch.equal(inputs[:, 0], brain.poor(clean, generator()))
    plain, _ = brain_batch(replace(config, scanner="clean"), chosen, generator())
    assert inputs.shape == plain.shape == (2, 1, 112, 96) and not torch.equal(inputs, plain)


def test_test_pictures_are_always_the_same(source: DigitSource) -> None:
    once, again = (examples("segment", source, 60, seed=1) for _ in range(2))
    other = examples("segment", source, 60, seed=2)
    assert torch.equal(once.inputs, again.inputs) and torch.equal(once.targets, again.targets)
    assert not torch.equal(once.inputs, other.inputs)
    assert once.inputs.dtype == once.targets.dtype == torch.uint8
    chance = generator(1)
    first, second = (digit_scenes(source, TEST_SCENES, count, chance) for count in (50, 10))
    pictures, labels = torch.cat([first.pictures, second.pictures]), torch.cat([first.labels, second.labels])
    assert torch.equal(once.inputs, (pictures * 255).round().to(torch.uint8))
    assert torch.equal(once.targets.long(), labels)


@pytest.mark.parametrize("config", [UNetConfig(), UNetConfig(task="denoise"), BRAIN, replace(BRAIN, split="random")])
def test_watched_pictures_are_those_of_the_tests(config: UNetConfig) -> None:
    seen, every = watched(config), unseen_examples(config)
    rows = list(every.watched)
    assert len(rows) == 6 and watched_examples(config).watched == every.watched
    np.testing.assert_array_equal(seen.inputs, every.inputs[rows].numpy())
    np.testing.assert_array_equal(seen.targets, every.targets[rows].numpy())


def test_a_brains_tests_are_its_test_slices() -> None:
    made = unseen_examples(BRAIN)
    np.testing.assert_array_equal(made.inputs[:, 0].numpy(), brain.slices().t1[24:40])
    np.testing.assert_array_equal(made.targets.numpy(), brain.slices().labels[24:40])


@pytest.fixture(scope="module")
def cutouts() -> CutoutSource:
    """Two solid colours for each of five classes, before plain photographs."""
    chance = np.random.default_rng(3)
    solid = [[np.full((20, 30, 4), [*chance.integers(256, size=3), 255], np.uint8) for _ in range(2)] for _ in range(5)]
    return source_of(solid, torch.rand(4, 3, 120, 120, generator=generator(2)))


def test_grey_by_hand() -> None:
    primary = torch.eye(3).view(3, 3, 1, 1)  # red, green and blue pictures of one pixel
    assert grey(primary).flatten().tolist() == pytest.approx([0.299, 0.587, 0.114])
    assert torch.allclose(grey(torch.full((2, 3, 4, 5), 0.4)), torch.full((2, 1, 4, 5), 0.4))


@pytest.mark.parametrize("task", TASKS)
def test_what_is_asked_of_cut_outs(task: str, cutouts: CutoutSource) -> None:
    scenes = cutout_scenes(cutouts, TRAINING_CUTOUTS, 6, generator(9))
    inputs, targets = cutout_batch(task, cutouts, TRAINING_CUTOUTS, 6, generator(9))
    config = UNetConfig(data="cutouts", task=task)
    assert inputs.shape == (6, config.inputs, 96, 96)
    if task == "segment":
        assert torch.equal(inputs, scenes.pictures) and torch.equal(targets, scenes.labels)
        assert set(targets.unique().tolist()) == set(range(6)) and config.outputs == 6
        return
    assert torch.equal(targets, scenes.pictures) and config.outputs == 3
    if task == "colourize":
        assert torch.equal(inputs, grey(scenes.pictures))
    else:
        assert not torch.equal(inputs, targets)


def test_lessons_of_cut_outs_depend_on_the_seed_alone(cutouts: CutoutSource) -> None:
    first, second, other = (CutoutLessons(UNetConfig(data="cutouts", seed=seed), cutouts) for seed in (1, 1, 2))
    assert torch.equal(first.draw(3)[0], second.draw(3)[0])
    assert not torch.equal(first.draw(3)[0], other.draw(3)[0])


def test_test_cut_outs_are_others_than_those_to_train_with(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []

    def source(*, training: bool) -> CutoutSource:
        asked.append(training)
        return cutout_source(training=training)

    monkeypatch.setattr("explainer.tasks.segmentation.data.cutout_source", source)
    config = UNetConfig(data="cutouts", task="colourize")
    assert isinstance(lessons(config), CutoutLessons)
    _unseen_scenes.cache_clear()
    seen = watched_examples(config)
    assert asked == [True, False]
    assert seen.inputs.shape == (50, 1, 96, 96) and seen.targets.shape == (50, 3, 96, 96)
    assert watched(config).targets.shape == (6, 3, 96, 96)
    scenes = cutout_scenes(cutout_source(training=False), TEST_CUTOUTS, 50, generator(96))
    assert torch.equal(seen.targets, (scenes.pictures * 255).round().to(torch.uint8))
