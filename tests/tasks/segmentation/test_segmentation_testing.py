"""What is measured: against scikit-learn, against plain sums, and numbers by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from sklearn.metrics import confusion_matrix, f1_score, jaccard_score
from torch import Generator, Tensor, nn

from explainer.tasks.scenes import DigitSource
from explainer.tasks.segmentation.build import untrained
from explainer.tasks.segmentation.config import UNetConfig
from explainer.tasks.segmentation.data import Examples, examples
from explainer.tasks.segmentation.reports import PictureResults, SegmentationResults, SegmentationViews
from explainer.tasks.segmentation.testing import measured, outputs_of, psnr, views

TINY = UNetConfig(width=2, seed=5)


class Said(nn.Module):
    """A network whose answer to a picture is the picture itself, thrice."""

    def __init__(self) -> None:
        super().__init__()
        self.unused = nn.Parameter(torch.zeros(1))

    def forward(self, pictures: Tensor) -> Tensor:
        return pictures.expand(-1, 3, -1, -1)


def test_the_classes_are_counted_as_scikit_learn_counts(tests: Examples) -> None:
    network = untrained(TINY)
    *chunks, result = measured(network, TINY, tests, 23)
    assert chunks == [None, None]
    assert isinstance(result, SegmentationResults) and result.pictures == 23
    found = outputs_of(network, tests.inputs[:23]).argmax(dim=1).numpy().ravel()
    truth, labels = tests.targets[:23].numpy().ravel(), np.arange(11)
    np.testing.assert_array_equal(result.confusion, confusion_matrix(truth, found, labels=labels))
    there = np.union1d(truth, found)
    expected = jaccard_score(truth, found, labels=there, average=None, zero_division=0)
    np.testing.assert_allclose(result.iou[there], expected, rtol=0, atol=1e-12)
    np.testing.assert_allclose(
        result.dice[there], f1_score(truth, found, labels=there, average=None, zero_division=0), rtol=0, atol=1e-12
    )
    assert result.mean_iou == pytest.approx(expected.mean())
    assert result.pixel_accuracy == pytest.approx((truth == found).mean())
    assert result.size == 8 * 121


def test_psnr_by_hand() -> None:
    assert psnr(np.array([1.0, 0.01, 0.001, 0.0])).tolist() == pytest.approx([0, 20, 30, 100])


def test_outputs_and_inputs_are_compared_with_what_they_should_be() -> None:
    """Outputs are the inputs, so both are as far away: 51 of 255 everywhere is 0.2, an error of 0.04."""
    inputs, targets = torch.full((3, 1, 4, 4), 100, dtype=torch.uint8), torch.full((3, 3, 4, 4), 151, dtype=torch.uint8)
    config = replace(TINY, task="colourize")
    *_, result = measured(Said(), config, Examples(inputs, targets), 3)
    assert isinstance(result, PictureResults)
    assert result.psnr.tolist() == pytest.approx([-10 * np.log10(0.04)] * 3, abs=1e-5)
    assert result.input_psnr is None and result.mean_input_psnr is None  # one channel and three
    same = Examples(inputs.expand(-1, 3, -1, -1), targets)
    *_, result = measured(Said(), config, same, 3)
    assert isinstance(result, PictureResults) and result.pictures == 3
    assert result.mean_input_psnr == pytest.approx(13.979400086720377) == pytest.approx(result.mean_psnr, abs=1e-5)


@pytest.mark.parametrize("task", ["denoise", "inpaint", "super-resolve"])
def test_the_input_is_the_baseline(task: str, source: DigitSource) -> None:
    config = replace(TINY, task=task)
    given = examples(task, source, 5, seed=1)
    *_, result = measured(untrained(config), config, given, 5)
    assert isinstance(result, PictureResults) and result.input_psnr is not None
    for number in range(5):
        error = np.mean(((given.inputs[number].double() - given.targets[number].double()) / 255).square().numpy())
        assert result.input_psnr[number] == pytest.approx(-10 * np.log10(error))
    assert 8 < result.mean_input_psnr < 40


def test_views_are_the_likeliest_classes(tests: Examples) -> None:
    network = untrained(TINY)
    shown = views(network, TINY, tests)
    probabilities = outputs_of(network, tests.inputs[:6]).softmax(dim=1).numpy()
    assert shown.classes is not None and shown.confidence is not None and shown.output is None
    np.testing.assert_array_equal(shown.classes, probabilities.argmax(axis=1))
    np.testing.assert_array_equal(shown.confidence, np.rint(255 * probabilities.max(axis=1)))
    assert shown.pictures == (0, 1, 2, 3, 4, 5)
    np.testing.assert_array_equal(shown.frame(), shown.classes[:, ::2, ::2])
    assert shown.size == 2 * 6 * 96 * 96


def test_views_of_pictures_are_cut_to_what_can_be_shown() -> None:
    inputs = (torch.rand(7, 1, 4, 6, generator=Generator().manual_seed(0)) * 255).to(torch.uint8)
    config = replace(TINY, task="colourize")
    shown = views(Said(), config, Examples(inputs, inputs))
    np.testing.assert_array_equal(shown.output, inputs[:6].expand(-1, 3, -1, -1).numpy())
    assert (shown.classes, shown.size, shown.frame().shape) == (None, 6 * 3 * 24, (6, 3, 2, 3))
    broken = untrained(config)
    with torch.no_grad():
        broken.head.bias.fill_(float("nan"))  # type: ignore[operator, union-attr]
    assert not views(broken, config, Examples(inputs, inputs)).output.any()  # type: ignore[union-attr]


def test_a_view_needs_something() -> None:
    with pytest.raises(AssertionError):
        SegmentationViews((0,)).frame()


def test_of_a_grey_picture_all_colours_are_alike() -> None:
    inputs, targets = torch.full((2, 1, 4, 4), 51, dtype=torch.uint8), torch.zeros(2, 3, 4, 4, dtype=torch.uint8)
    targets[:, 0] = 102
    *_, result = measured(Said(), UNetConfig(data="cutouts", task="colourize"), Examples(inputs, targets), 2)
    assert isinstance(result, PictureResults) and result.input_psnr is not None
    np.testing.assert_allclose(result.input_psnr, -10 * np.log10(0.04))  # every channel is 0.2 off
