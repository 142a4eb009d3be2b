"""Receptive fields against published networks and against the gradients of torch's own layers."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from explainer.layers.geometry import GeometryError, output_size
from explainer.layers.receptive import Step, receptive_fields

steps = st.builds(
    Step, kernel=st.integers(1, 4), stride=st.integers(1, 3), padding=st.integers(0, 2), dilation=st.integers(1, 2)
)


def test_alexnet_is_as_published() -> None:
    # Araujo et al., table 1: AlexNet v2 has a field of 195 pixels and an effective stride of 32.
    stack = [
        *(Step(11, 4), Step(3, 2), Step(5, 1, 2), Step(3, 2), Step(3, 1, 1), Step(3, 1, 1)),
        *(Step(3, 1, 1), Step(3, 2)),
    ]
    last = receptive_fields(stack)[-1]
    assert (last.size, last.jump) == (195, 32)


def test_vgg_16_is_as_published() -> None:
    # Araujo et al., table 1: VGG-16 has a field of 212 pixels and an effective stride of 32.
    stack = [step for convolutions in (2, 2, 3, 3, 3) for step in [Step(3, 1, 1)] * convolutions + [Step(2, 2)]]
    last = receptive_fields(stack)[-1]
    assert (last.size, last.jump) == (212, 32)


def test_fields_by_hand() -> None:
    fields = receptive_fields([Step(3, 2, 1), Step(3, 2, 1)])
    assert [(f.size, f.jump, f.first, f.start) for f in fields] == [(1, 1, 0, 0.0), (3, 2, -1, 0.0), (7, 4, -3, 0.0)]
    assert fields[2].of(0) == (-3, 3)
    assert fields[2].of(2) == (5, 11)
    assert receptive_fields([Step(2, 2)])[1].start == 0.5


@settings(max_examples=60, deadline=None)
@given(stack=st.lists(steps, max_size=4))
def test_a_unit_in_the_middle_sees_what_its_gradient_reaches(stack: list[Step]) -> None:
    field = receptive_fields(stack)[-1]
    unit = 12  # far enough from both ends that no padding lies in its field
    size = field.of(unit)[1] + 60 * field.jump
    signal = torch.ones(1, 1, size, dtype=torch.float64, requires_grad=True)
    maps = signal
    for step in stack:
        weight = torch.ones(1, 1, step.kernel, dtype=torch.float64)
        maps = nn.functional.conv1d(maps, weight, None, step.stride, step.padding, step.dilation)
    (gradient,) = torch.autograd.grad(maps[0, 0, unit], signal)
    seen = gradient[0, 0].nonzero().flatten().tolist()
    assert (seen[0], seen[-1]) == field.of(unit)


@given(stack=st.lists(steps, max_size=4))
def test_the_field_never_shrinks_and_the_jump_is_the_product_of_the_strides(stack: list[Step]) -> None:
    fields = receptive_fields(stack)
    assert len(fields) == len(stack) + 1
    jump = 1
    for step, before, after in zip(stack, fields, fields[1:], strict=False):
        jump *= step.stride
        assert after.jump == jump
        assert after.size >= before.size
        # A field that is cut to exactly its own size gives one position, and one of a pixel fewer none.
    if all(step.padding == 0 for step in stack):
        size = fields[-1].size
        assert _positions(size, stack) >= 1 > _positions(size - 1, stack)


def _positions(size: int, stack: list[Step]) -> int:
    for step in stack:
        size = output_size(size, step.kernel, step.stride, (0, 0), step.dilation) if size > 0 else 0
    return size


@pytest.mark.parametrize("step", [Step(0), Step(1, 0), Step(1, 1, -1), Step(1, 1, 0, 0)])
def test_an_impossible_layer_is_a_sentence_with_its_number(step: Step) -> None:
    with pytest.raises(GeometryError, match=r"^Choose a kernel, .* at least 0 for layer 2\.$"):
        receptive_fields([Step(3), step])
