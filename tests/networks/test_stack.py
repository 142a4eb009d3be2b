"""Stacks written by hand: their text, their fields as published, and what is read against torch's gradients."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch import nn

from explainer.layers.receptive import Step
from explainer.networks.stack import (
    Item,
    Ladder,
    StackError,
    built,
    central,
    holes,
    never_read,
    parse,
    seen,
    touching_padding,
    weights,
    written,
)

VGG_16 = ",".join("p2" if each == "M" else "c3p1" for each in "11M11M111M111M111")  # up to conv5_3


@st.composite
def items(draw: st.DrawFn) -> Item:
    kind = draw(st.sampled_from(["c", "p", "a"]))
    kernel, stride = draw(st.integers(1, 5)), draw(st.integers(1, 3))
    padding = draw(st.integers(0, kernel // 2 if kind != "c" else 4))
    dilation = 1 if kind == "a" else draw(st.integers(1, 3))
    after = draw(st.sampled_from([padding, 0])) if kind == "c" else padding
    return Item(kind, Step(kernel, stride, padding, dilation), after)


stacks = st.lists(items(), min_size=1, max_size=5).map(tuple)


@given(stack=stacks)
def test_a_text_and_its_stack_are_the_same(stack: tuple[Item, ...]) -> None:
    assert parse(written(stack)) == stack


def test_texts_by_hand() -> None:
    assert parse(" C3p1 ,p2,a3s2p1,c2l4d4") == (
        Item("c", Step(3, 1, 1, 1), 1),
        Item("p", Step(2, 2, 0, 1), 0),
        Item("a", Step(3, 2, 1, 1), 1),
        Item("c", Step(2, 1, 4, 4), 0),
    )
    assert written(parse("c3s1p1d1,p2s2,p3s1")) == "c3p1,p2,p3s1"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Write at least one layer"),
        ("c3,x2", "Layer 2, “x2”, cannot be read"),
        ("c3,", "Layer 2, “…”, cannot be read"),
        ("c3s1s2", "Layer 1, “c3s1s2”, sets the same thing twice"),
        ("c3p1l1", "sets the same thing twice"),
        ("c0", "Layer 1 has a kernel of 0: choose one from 1 to 31."),
        ("c3,c3s32", "Layer 2 has a stride of 32: choose one from 1 to 31."),
        ("c3d33", "Layer 1 has a dilation of 33: choose one from 1 to 32."),
        ("p2p2", "Layer 1 pads a pooling by 2, more than half its window of 2: choose at most 1."),
        ("a2d2", "Layer 1 is an average pooling, which has no dilation"),
        ("p3l1", "Layer 1 is a pooling with padding on one side only"),
        (",".join(["c3"] * 21), "The stack has 21 layers: leave at most 20."),
        ("c" * 401, "at most 400 characters"),
    ],
)
def test_a_text_that_is_no_stack_is_answered_with_what_to_change(text: str, says: str) -> None:
    with pytest.raises(StackError) as caught:
        parse(text)
    assert says in str(caught.value.said)


def test_a_window_without_room_names_its_layer() -> None:
    with pytest.raises(StackError, match=r"layer 3 spans 5, but what it reads has only 4 units"):
        built(parse("p4,p4,c5"), 64)


@pytest.mark.parametrize(
    ("text", "field", "jump"),
    [
        ("c3,c3", 5, 1),
        ("c3,c3,c3", 7, 1),
        (VGG_16, 196, 16),  # as Fast and Faster R-CNN say of conv5_3
        (f"{VGG_16},c3p1", 228, 16),  # S. Ren et al. 2015, section 3.1: the window of the region proposals
        ("c5,a4,c6,a3,c6", 96, 12),  # LeNet-7 on NORB: LeCun, Huang, Bottou 2004
        ("c3,c3d2,c3d4,c3d8", 31, 1),
        ("c2l1,c2d2l2,c2d4l4,c2d8l8", 16, 1),
        ("c4s2p1,c4s2p1,c4s2p1,c4p1,c4p1", 70, 8),  # the 70 x 70 PatchGAN: P. Isola et al. 2017
    ],
)
def test_fields_as_published(text: str, field: int, jump: int) -> None:
    last = built(parse(text), 320).fields[-1]
    assert (last.size, last.jump) == (field, jump)


@settings(max_examples=80, deadline=None)
@given(stack=stacks, size=st.integers(1, 40), share=st.floats(0, 1))
def test_what_is_read_is_what_has_a_gradient(stack: tuple[Item, ...], size: int, share: float) -> None:
    """At every place, the border and its padding included."""
    ladder = _fitting(stack, size)
    unit = round(share * (ladder.sizes[-1] - 1))
    signal, maps = _through(ladder)
    (gradient,) = torch.autograd.grad(maps[0, 0, unit], signal)
    read = seen(ladder, len(stack), unit)
    np.testing.assert_array_equal(read[0], gradient[0, 0].numpy() > 0)
    assert [len(each) for each in read] == list(ladder.sizes)
    signal, maps = _through(ladder)
    (gradient,) = torch.autograd.grad(maps.sum(), signal)
    np.testing.assert_array_equal(never_read(ladder, len(stack)), gradient[0, 0].numpy() == 0)


@settings(max_examples=60, deadline=None)
@given(stack=stacks, size=st.integers(1, 40))
def test_units_beside_padding_are_those_that_zeros_change(stack: tuple[Item, ...], size: int) -> None:
    """Sums of ones are whole exactly where no window reaches padding."""
    ladder = _fitting(stack, size)
    _, maps = _through(ladder)
    whole = np.prod([item.step.kernel for item in stack])
    assert touching_padding(ladder, len(stack)) == int((maps[0, 0].detach().numpy() < whole).sum())


@given(stack=st.lists(items(), min_size=1, max_size=4).map(tuple))
def test_holes_in_a_field_are_counted_far_from_the_border(stack: tuple[Item, ...]) -> None:
    ladder = built(stack, 4000)
    read = seen(ladder, len(stack), central(ladder, len(stack)))[0]
    first = np.flatnonzero(read)[0]
    field = read[first : first + ladder.fields[-1].size]
    assert holes(ladder, len(stack)).tolist() == np.flatnonzero(~field).tolist()


def test_holes_by_hand() -> None:
    assert holes(built(parse("c3d2,c3d2,c3d2"), 40), 3).tolist() == [1, 3, 5, 7, 9, 11]
    assert not holes(built(parse("c3,c3d2,c3d4,c3d8"), 40), 4).size
    assert never_read(built(parse("c1s3"), 9), 1).tolist() == [False, True, True] * 3


def test_counts_of_weights() -> None:
    assert weights(built(parse("c3,c3,c3"), 32), 3, 2) == (27, 49)
    assert weights(built(parse("c3,c3"), 32), 2, 2) == (18, 25)
    assert weights(built(parse("c2l1,c2d2l2,c2d4l4,c2d8l8"), 32), 4, 1) == (8, 16)
    assert weights(built(parse("c3,p2"), 32), 2, 2) is None
    assert weights(built(parse("c3"), 32), 1, 2) is None


def test_the_central_unit() -> None:
    assert central(built(parse("c3"), 9), 1) == 3
    assert central(built(parse("p2"), 8), 1) == 1  # 1 and 2 are as near
    assert central(built(parse("c2l1,c2d2l2,c2d4l4,c2d8l8"), 32), 4) == 23  # it sees 8 to 23


def _fitting(stack: tuple[Item, ...], size: int) -> Ladder:
    try:
        return built(stack, size)
    except StackError:
        assume(False)
        raise


def _through(ladder: Ladder) -> tuple[torch.Tensor, torch.Tensor]:
    """Ones, and their sums by windows of ones: torch's own convolutions and padding."""
    signal = torch.ones(1, 1, ladder.size, dtype=torch.float64, requires_grad=True)
    maps = signal
    for rung in ladder.rungs:
        step = rung.item.step
        one = torch.ones(1, 1, step.kernel, dtype=torch.float64)
        padded = nn.functional.pad(maps, (step.padding, rung.item.after))
        maps = nn.functional.conv1d(padded, one, None, step.stride, 0, step.dilation)
        assert maps.shape[2] == rung.size
    return signal, maps
