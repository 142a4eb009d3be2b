"""Disturbed digits against closed forms and another library, and what a network may decline to answer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torchvision.transforms import InterpolationMode
from torchvision.transforms.functional import rotate

from explainer.data.digits import load
from explainer.inspection.surgery.abstaining import abstaining, rejected
from explainer.inspection.surgery.answers import Answers, answers, answers_to, labels
from explainer.inspection.surgery.disturbed import (
    DISTURBANCES,
    STRENGTHS,
    Disturbance,
    disc,
    disturbed,
    robustness,
    some_digits,
)
from explainer.inspection.surgery.operated import operated
from explainer.inspection.surgery.operations import parse
from explainer.inspection.surgery.surgery_code import abstaining_code, accuracy_code, disturbed_code, weights_code
from explainer.networks import zoo

DIGITS = load("mnist").test_images[:20]


@pytest.mark.parametrize("degrees", [-67.5, -22.5, 30, 90])
def test_a_turned_digit_is_that_of_torchvision(degrees: float) -> None:
    found = disturbed(DIGITS, "rotation", degrees)
    expected = rotate(torch.tensor(DIGITS).float(), degrees, InterpolationMode.BILINEAR).numpy()
    inside = np.s_[:, 5:23, 5:23]  # at the border the two extend the background differently
    assert np.abs(found[inside] - expected[inside]).max() <= 1
    np.testing.assert_array_equal(disturbed(DIGITS, "rotation", 90), np.rot90(DIGITS, axes=(1, 2)))


def test_shifts_and_strokes_by_hand() -> None:
    dot = np.zeros((1, 28, 28), np.uint8)
    dot[0, 10, 10] = 200
    assert np.argwhere(disturbed(dot, "shift", 8)).tolist() == [[0, 10, 18]]
    assert not disturbed(DIGITS[:, :, -8:], "shift", 8).any()
    wide = disturbed(dot, "stroke", 1)
    assert np.argwhere(wide).tolist() == [[0, 9, 10], [0, 10, 9], [0, 10, 10], [0, 10, 11], [0, 11, 10]]
    assert wide.max() == 200 and not disturbed(dot, "stroke", -1).any()
    np.testing.assert_array_equal(disturbed(wide, "stroke", -1), dot)  # a closing
    assert [int(disc(radius).sum()) for radius in (1, 1.5, 2, 2.25)] == [5, 9, 13, 21]


def test_blur_and_noise_have_their_deviations() -> None:
    dot = np.zeros((1, 28, 28), np.uint8)
    dot[0, 14, 14] = 255
    blurred = disturbed(dot, "blur", 1).astype(float)[0] / 255
    assert blurred[14, 14] == pytest.approx(1 / (2 * np.pi), abs=0.01)
    assert blurred[14, 15] / blurred[14, 14] == pytest.approx(np.exp(-0.5), abs=0.03)
    grey = np.full((200, 28, 28), 128, np.uint8)
    noisy = disturbed(grey, "noise", 0.1).astype(float)
    assert noisy.std() == pytest.approx(25.5, rel=0.01) and noisy.mean() == pytest.approx(128, abs=0.3)
    assert not np.array_equal(noisy[0], noisy[1])
    np.testing.assert_array_equal(noisy, disturbed(grey, "noise", 0.1))


@pytest.mark.parametrize("kind", DISTURBANCES)
def test_no_strength_changes_nothing(kind: Disturbance) -> None:
    assert 0 in STRENGTHS[kind] and len(STRENGTHS[kind]) == 9
    np.testing.assert_array_equal(disturbed(DIGITS, kind, 0), DIGITS)


def test_robustness_counts_both_networks_point_by_point() -> None:
    network = zoo.load("digits")
    damaged = operated(network, parse("bits.3", network.description))
    steps = list(robustness([network, damaged], "shift"))
    assert [step.right.shape for step in steps] == [(2, count) for count in range(1, 10)]
    assert [step.is_whole for step in steps] == [False] * 8 + [True]
    pictures, true = some_digits()
    assert len(true) == steps[-1].digits == 2_000
    for at, one in enumerate((network, damaged)):
        assert steps[-1].right[at, 3] == answers_to(one, disturbed(pictures, "shift", 3)).right(true)
    assert steps[-1].right[0, 0] > 1_950 > steps[-1].right[0, -1]


def test_coverage_and_accuracy_by_numpy() -> None:
    rng = np.random.default_rng(0)
    found = Answers(rng.integers(0, 10, 500).astype(np.uint8), rng.random(500, np.float32))
    true = rng.integers(0, 10, 500).astype(np.uint8)
    thresholds = np.array([0.0, 0.3, float(found.confidence[7]), 0.9, 1.0])
    curves = abstaining(found, true, thresholds)
    for at, threshold in enumerate(thresholds):
        sure = found.confidence.astype(np.float64) >= threshold
        assert curves.answered[at] == sure.sum() and curves.coverage[at] == sure.mean()
        assert curves.right[at] == (found.predicted == true)[sure].sum()
        numbers = rejected(found, threshold)
        assert sorted(numbers.tolist()) == np.flatnonzero(~sure).tolist()
        assert (np.diff(found.confidence[numbers]) >= 0).all()
    assert np.isnan(curves.accuracy[-1]) and curves.accuracy[0] == (found.predicted == true).mean()


def run(code: str) -> dict[str, Any]:
    names: dict[str, Any] = {"print": lambda *values: None}
    exec(code, names)
    return names


TEXTS = ["", "conv2.7*0,prune.30,bits.4", "fc1.3*-0.5,prune.60.conv1,bits.2.conv3"]


@pytest.mark.parametrize("name", ["digits", "digits-bn"])
@pytest.mark.parametrize("text", TEXTS)
def test_the_code_counts_what_the_page_counts(name: str, text: str) -> None:
    network = zoo.load(name)
    operations = parse(text, network.description)
    found = run(accuracy_code(network, weights_code(name), operations))
    assert found["right"] == answers(network, operations).right(labels())


@pytest.mark.parametrize("kind", DISTURBANCES)
def test_the_code_of_disturbed_digits_counts_the_same(kind: Disturbance) -> None:
    network = zoo.load("digits")
    operations = parse("bits.4", network.description)
    for number in (2, 6):
        strength = STRENGTHS[kind][number]
        pictures, true = some_digits()
        expected = answers_to(operated(network, operations), disturbed(pictures, kind, strength)).right(true)
        assert run(disturbed_code(network, weights_code("digits"), operations, kind, strength))["right"] == expected


def test_the_code_of_a_threshold_counts_the_same() -> None:
    network = zoo.load("digits")
    found = run(abstaining_code(network, weights_code("digits"), (), 0.9))
    curves = abstaining(answers(network), labels(), np.array([0.9]))
    assert (found["answered"], found["right"]) == (curves.answered[0], curves.right[0])
