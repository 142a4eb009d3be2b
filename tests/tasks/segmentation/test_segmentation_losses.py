"""The losses: by hand, against plain loops over the pixels, and their gradients."""

from __future__ import annotations

from math import exp, log

import pytest
import torch
from torch import Generator, Tensor

from explainer.tasks.segmentation.losses import cross_entropy, dice, loss_parts


def some(seed: int = 0, classes: int = 4) -> tuple[Tensor, Tensor]:
    chance = Generator().manual_seed(seed)
    scores = 2 * torch.randn(2, classes, 3, 5, generator=chance, dtype=torch.float64)
    return scores, torch.randint(classes, (2, 3, 5), generator=chance)


def plain_probabilities(scores: Tensor, picture: int, row: int, column: int) -> list[float]:
    powers = [exp(float(value)) for value in scores[picture, :, row, column]]
    return [power / sum(powers) for power in powers]


def plain_cross_entropy(scores: Tensor, classes: Tensor, background: float) -> float:
    total = weights = 0.0
    for (picture, row, column), label in zip(torch.cartesian_prod(*map(torch.arange, classes.shape)).tolist(),
                                             classes.flatten().tolist(), strict=True):  # fmt: skip
        weight = background if label == 0 else 1.0
        total -= weight * log(plain_probabilities(scores, picture, row, column)[label])
        weights += weight
    return total / weights


def plain_dice(scores: Tensor, classes: Tensor) -> float:
    count = scores.shape[1]
    shared, squares, truth = [0.0] * count, [0.0] * count, [0] * count
    for picture in range(classes.shape[0]):
        for row in range(classes.shape[1]):
            for column in range(classes.shape[2]):
                probabilities = plain_probabilities(scores, picture, row, column)
                for kind, probability in enumerate(probabilities):
                    is_true = int(classes[picture, row, column]) == kind
                    shared[kind] += probability * is_true
                    squares[kind] += probability**2
                    truth[kind] += is_true
    each = [2 * both / (square + own) for both, square, own in zip(shared, squares, truth, strict=True)]
    return 1 - sum(each) / count


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("background", [0.0, 0.3, 1.0])
def test_cross_entropy_is_that_of_a_plain_loop(seed: int, background: float) -> None:
    scores, classes = some(seed)
    expected = plain_cross_entropy(scores, classes, background)
    assert float(cross_entropy(scores, classes, background)) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_dice_is_that_of_a_plain_loop(seed: int) -> None:
    scores, classes = some(seed)
    assert float(dice(scores, classes)) == pytest.approx(plain_dice(scores, classes), rel=1e-12)


def test_both_by_hand() -> None:
    """Two pixels and two classes: probabilities 3/4 and 1/4 of the true class, once the background's."""
    scores = torch.tensor([[[[log(3), 0.0]], [[0.0, 0.0]]]], dtype=torch.float64)
    scores[0, :, 0, 1] = torch.tensor([log(3), 0.0], dtype=torch.float64)
    classes = torch.tensor([[[0, 1]]])
    # -(w ln 3/4 + ln 1/4) / (w + 1)
    assert float(cross_entropy(scores, classes, 1.0)) == pytest.approx(0.8369882167858358, rel=1e-12)
    assert float(cross_entropy(scores, classes, 0.5)) == pytest.approx((0.5 * log(4 / 3) + log(4)) / 1.5, rel=1e-12)
    # background: 2 (3/4) / (2 (3/4)^2 + 1) = 12/17; the other: 2 (1/4) / (2 (1/4)^2 + 1) = 4/9
    assert float(dice(scores, classes)) == pytest.approx(1 - (12 / 17 + 4 / 9) / 2, rel=1e-12)


def test_a_class_that_is_nowhere_costs_dice_what_it_is_given() -> None:
    scores = torch.full((1, 3, 2, 2), -80.0, dtype=torch.float64)
    scores[:, 0] = 80
    classes = torch.zeros(1, 2, 2, dtype=torch.long)
    assert float(dice(scores, classes)) == pytest.approx(2 / 3)  # the two others overlap with nothing
    scores[:, 1] = 80  # half of every pixel: 2 (1/2) 4 / (4/4 + 4) = 4/5
    assert float(dice(scores, classes)) == pytest.approx(1 - (4 / 5) / 3)


def test_gradients() -> None:
    scores, classes = some(4)
    scores.requires_grad_()
    assert torch.autograd.gradcheck(lambda values: cross_entropy(values, classes, 0.3), scores)
    assert torch.autograd.gradcheck(lambda values: dice(values, classes), scores)
    assert torch.autograd.gradcheck(lambda values: loss_parts(("cross-entropy", "dice"), values, classes, 0.3), scores)


def test_parts_come_in_their_order() -> None:
    scores, classes = some(5)
    both = loss_parts(("cross-entropy", "dice"), scores, classes, 0.4)
    assert both.tolist() == [float(cross_entropy(scores, classes, 0.4)), float(dice(scores, classes))]
    outputs, targets = torch.tensor([[[[0.5, 1.0]]]]), torch.tensor([[[[0.0, 0.9]]]])
    assert loss_parts(("squared-error",), outputs, targets, 1.0).tolist() == pytest.approx([(0.25 + 0.01) / 2])
