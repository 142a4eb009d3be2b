"""Clipping against torch.nn.utils."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from explainer.training.clipping import clip_by_norm, clip_by_value, norm


def gradients(scale: float = 1.0) -> list[Tensor]:
    chance = torch.Generator().manual_seed(2)
    return [scale * torch.randn(shape, generator=chance) for shape in ((4, 7), (3,), (2, 2, 2))]


def parameters(parts: list[Tensor]) -> list[nn.Parameter]:
    made = [nn.Parameter(torch.zeros_like(part)) for part in parts]
    for parameter, part in zip(made, parts, strict=True):
        parameter.grad = part.clone()
    return made


@pytest.mark.parametrize("scale", [0.01, 1.0, 100.0])
@pytest.mark.parametrize("most", [0.1, 1.0, 10.0])
def test_by_norm(scale: float, most: float) -> None:
    parts = gradients(scale)
    oracle = parameters(parts)
    assert norm(parts) == pytest.approx(nn.utils.clip_grad_norm_(oracle, most).item(), rel=1e-6)
    for ours, theirs in zip(clip_by_norm(parts, most), oracle, strict=True):
        torch.testing.assert_close(ours, theirs.grad, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("most", [0.1, 1.0, 10.0])
def test_by_value(most: float) -> None:
    parts = gradients()
    oracle = parameters(parts)
    nn.utils.clip_grad_value_(oracle, most)
    for ours, theirs in zip(clip_by_value(parts, most), oracle, strict=True):
        assert torch.equal(ours, theirs.grad)


def test_a_norm_of_3_and_4() -> None:
    parts = [torch.tensor([3.0]), torch.tensor([4.0])]
    assert norm(parts) == 5
    assert torch.cat(clip_by_norm(parts, 1.0)).tolist() == pytest.approx([0.6, 0.8], rel=1e-5)
    assert torch.cat(clip_by_value(parts, 3.5)).tolist() == [3.0, 3.5]


def test_an_infinite_norm_clips_to_nan_as_in_torch() -> None:
    parts = [torch.tensor([1.0, float("inf")])]
    oracle = parameters(parts)
    nn.utils.clip_grad_norm_(oracle, 1.0)
    torch.testing.assert_close(clip_by_norm(parts, 1.0)[0], oracle[0].grad, equal_nan=True)
