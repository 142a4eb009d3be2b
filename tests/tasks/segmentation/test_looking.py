"""Maps of one picture, scores of one pixel, and the formulas with numbers in them."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from explainer.tasks.segmentation.build import untrained
from explainer.tasks.segmentation.config import UNetConfig
from explainer.tasks.segmentation.looking import maps, pixel_view
from explainer.tasks.segmentation.reports import SegmentationResults
from explainer.tasks.segmentation.segmentation_formula import dice_formula, iou_formula, loss_formula, psnr_formula

TINY = UNetConfig(width=2, seed=1)
PICTURE = np.random.default_rng(0).integers(0, 256, (1, 40, 50), dtype=np.uint8)
RESULTS = SegmentationResults(np.array([[90, 4, 0], [2, 30, 6], [0, 0, 0]]), 1)


@pytest.mark.parametrize("config", [TINY, UNetConfig(width=2, network="fcn"), UNetConfig(width=2, decoder="unpooling")])
def test_maps_are_those_of_the_network(config: UNetConfig) -> None:
    network = untrained(config)
    with torch.no_grad():
        expected = network.named(torch.from_numpy(PICTURE).unsqueeze(0) / 255)
    made = maps(network, PICTURE)
    assert [name for name, _ in made] == list(expected)
    for name, values in made:
        assert values.dtype == np.float32 and values.ndim == 3
        np.testing.assert_array_equal(values, expected[name][0].numpy())
    floats = maps(network, (PICTURE / 255).astype(np.float32))
    np.testing.assert_allclose(floats[-1][1], made[-1][1], rtol=0, atol=1e-5)
    assert made[-1][0] == "scores" and made[-1][1].shape == (11, 40, 50)


def test_scores_of_a_pixel_are_those_of_the_maps() -> None:
    network = untrained(TINY)
    said = pixel_view(network, PICTURE, 12, 49, has_classes=True)
    np.testing.assert_array_equal(said.logits, maps(network, PICTURE)[-1][1][:, 12, 49])
    powers = np.exp(said.logits.astype(np.float64))
    np.testing.assert_allclose(said.probabilities, powers / powers.sum(), rtol=1e-5)
    with pytest.raises(IndexError):
        pixel_view(network, PICTURE, 40, 0, has_classes=True)


def test_overlaps_with_their_counts() -> None:
    assert iou_formula(RESULTS, 1) == r"\mathrm{IoU} = \frac{30}{30 + 4 + 8} = 0.714"
    assert dice_formula(RESULTS, 1) == r"\mathrm{Dice} = \frac{2 \cdot 30}{2 \cdot 30 + 4 + 8} = 0.833"
    assert iou_formula(RESULTS, 2) == r"\mathrm{IoU} = \frac{0}{0 + 6 + 0} = 0.000"
    nothing = SegmentationResults(np.diag([5, 0]), 1)
    assert iou_formula(nothing, 1) == r"\mathrm{IoU} = \frac{0}{0 + 0 + 0}"


def test_the_loss_with_its_numbers() -> None:
    plain = loss_formula(TINY, 0.3)
    assert plain.startswith(r"\mathcal{L} = -\frac{\sum_i w_i") and plain.endswith(r"w_\mathrm{background} = 0.3")
    both = loss_formula(UNetConfig(loss="both"), 0.5, (0.25, 0.5))
    assert r"\frac{1}{11}" in both and "= 0.25 + 0.5 = 0.75" in both
    assert r"\frac{1}{4}" in loss_formula(UNetConfig(data="brain", loss="dice"), 1.0)
    squares = loss_formula(UNetConfig(task="denoise"), 1.0, (0.01,))
    assert squares == r"\mathcal{L} = \frac{1}{N} \sum_i (\hat{x}_i - x_i)^2 = 0.01"
    assert psnr_formula(20.0) == r"\mathrm{PSNR} = 10 \log_{10} \frac{1}{0.01} = 20.0\,\mathrm{dB}"
