"""What real pictures make of units, against plain forward passes."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from explainer.inspection import real_pictures
from explainer.inspection.maximization import Target
from explainer.inspection.real_pictures import best_real, pieces
from explainer.networks.description import Transform
from explainer.networks.graph import Network, trace


def mean_and_contrast() -> Network:
    """Channel 0 is the picture itself, channel 1 its negative, channel 2 twice it; values as they are, 0 to 1."""
    module = nn.Conv2d(1, 3, 1, bias=False)
    with torch.no_grad():
        module.weight.copy_(torch.tensor([1.0, -1.0, 2.0])[:, None, None, None])
    return trace(nn.Sequential(module), "m", "M", ("a",), Transform(4, 4, (0.0,), (1.0,)))


@pytest.mark.parametrize("batch", [16, 48, 10_000])
def test_the_best_are_found_in_order_whatever_the_batches(batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(real_pictures, "BATCH", batch)
    pictures = np.stack([np.full((4, 4), value, np.uint8) for value in (51, 255, 0, 102, 204)])
    network = mean_and_contrast()
    found = best_real(network, Target(network.description.layers[0].name, (0, 1), 4), pictures)
    assert found.index.tolist() == [[1, 4, 3], [2, 0, 3]]
    assert found.values.ravel().tolist() == pytest.approx([1.0, 0.8, 0.4, 0.0, -0.2, -0.4], abs=1e-6)
    assert found.of([1]).index.tolist() == [[2, 0, 3]] and found.of([1]).scale == found.scale
    assert found.scale == pytest.approx(1.0)  # the channels differ by 1, 1 and 2


def test_one_cell_is_the_one_in_the_middle() -> None:
    pictures = np.zeros((2, 4, 4), np.uint8)
    pictures[1, 2, 2], pictures[0, 0, 0] = 255, 255
    network = mean_and_contrast()
    found = best_real(network, Target(network.description.layers[0].name, (0,), 4, middle=True), pictures, count=1)
    assert found.index.tolist() == [[1]] and found.values.tolist() == [[1.0]]


def test_pictures_that_are_all_alike_have_a_scale_all_the_same() -> None:
    network = mean_and_contrast()
    found = best_real(network, Target(network.description.layers[0].name, (0,), 4), np.zeros((2, 4, 4), np.uint8))
    assert found.scale == 1.0 and found.values.shape == (1, 2)


def test_pieces_cover_a_picture_from_corner_to_corner() -> None:
    picture = np.arange(100, dtype=np.uint8).reshape(10, 10)
    found = pieces(picture, 4)
    assert found.shape == (9, 4, 4)
    assert np.array_equal(found[0], picture[:4, :4]) and np.array_equal(found[-1], picture[6:, 6:])
    assert np.array_equal(found[4], picture[3:7, 3:7])
    assert np.array_equal(pieces(picture, 10), picture[None])
