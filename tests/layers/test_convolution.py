"""The explicit sliding window and torch's convolution give the same numbers; both against literals and by hand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from explainer.layers import convolution, window
from explainer.layers.convolution import Convolution
from explainer.layers.geometry import GeometryError
from explainer.layers.window import ZERO

MODES = ("zeros", "reflect", "replicate", "circular")


@dataclass(frozen=True, eq=False)
class Case:
    inputs: np.ndarray
    weights: np.ndarray
    settings: Convolution
    bias: np.ndarray | None


@st.composite
def cases(draw: st.DrawFn, named: bool = True) -> Case:
    """A convolution that is possible: the kernel fits, the padding can be copied."""
    mode = draw(st.sampled_from(MODES))
    size = draw(st.integers(1, 9)), draw(st.integers(1, 9))
    widest = [min(3, side - 1 if mode == "reflect" else side) for side in size]
    padding = tuple(draw(st.integers(0, widest[axis])) for axis in (0, 0, 1, 1))
    kernel, dilation = [], []
    for axis in (0, 1):
        room = size[axis] + padding[2 * axis] + padding[2 * axis + 1]
        kernel.append(draw(st.integers(1, min(4, room))))
        dilation.append(draw(st.integers(1, (room - 1) // max(kernel[-1] - 1, 1) or 1)))
    groups = draw(st.integers(1, 3))
    planes, filters = draw(st.integers(1, 2)), groups * draw(st.integers(1, 2))
    named = named and mode in ("zeros", "replicate")
    settings = Convolution(
        stride=(draw(st.integers(1, 4)), draw(st.integers(1, 4))),
        dilation=(dilation[0], dilation[1]),
        padding=draw(st.sampled_from(["same", "full", padding])) if named else padding,
        mode=mode,
        groups=groups,
        flip=draw(st.booleans()),
        mean=draw(st.booleans()),
        activation=draw(st.sampled_from(["none", "relu"])),
    )
    random = np.random.default_rng(draw(st.integers(0, 999)))
    bias = random.normal(size=filters) if draw(st.booleans()) else None
    weights = random.normal(size=(filters, planes, *kernel))
    return Case(random.normal(size=(planes * groups, *size)), weights, settings, bias)


RAMP = np.arange(25.0).reshape(1, 5, 5)


def torch_convolution(case: Case) -> np.ndarray:
    """The same layer in torch's own words, written apart from the code under test."""
    given_settings, weights = case.settings, torch.tensor(case.weights)
    if given_settings.flip:
        weights = weights.flip(2, 3)
    rows, columns = convolution.padding_of(case.inputs.shape[1:], case.weights.shape[2:], given_settings)
    mode = {"zeros": "constant"}.get(given_settings.mode, given_settings.mode)
    padded = torch.nn.functional.pad(torch.tensor(case.inputs)[None], (*columns, *rows), mode=mode)
    count = weights[0].numel() if given_settings.mean else 1
    bias = None if case.bias is None else torch.tensor(case.bias)
    maps = torch.nn.functional.conv2d(
        *(padded, weights / count, bias, given_settings.stride),
        dilation=given_settings.dilation,
        groups=given_settings.groups,
    )
    return (maps.relu() if given_settings.activation == "relu" else maps)[0].numpy()


@settings(max_examples=60, deadline=None)
@given(case=cases())
def test_window_and_output_are_torchs_convolution(case: Case) -> None:
    expected = torch_convolution(case)
    ours = convolution.output(case.inputs, case.weights, case.settings, case.bias)
    np.testing.assert_allclose(ours, expected, rtol=0, atol=1e-9)
    assert ours.dtype == np.float64
    shape = convolution.output_shape(case.inputs.shape[1:], case.weights.shape[2:], case.settings)
    assert ours.shape == (len(case.weights), *shape)
    for number, plane in enumerate(expected):
        described = convolution.window(case.inputs, case.weights, case.settings, number, case.bias)
        assert described.shape == shape
        np.testing.assert_allclose(window.evaluate(described), plane, rtol=0, atol=1e-9)
        row, column = shape[0] - 1, shape[1] // 2
        assert window.value(described, row, column) == pytest.approx(plane[row, column], abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(case=cases())
def test_partial_maps_add_up_and_each_is_the_convolution_of_its_own_plane(case: Case) -> None:
    described = convolution.window(case.inputs, case.weights, case.settings, 0, case.bias)
    maps = window.partials(described)
    plain = Convolution(
        *(case.settings.stride, case.settings.dilation, case.settings.padding, case.settings.mode),
        flip=case.settings.flip,
    )
    for channel, partial in enumerate(maps):
        alone = Case(case.inputs[channel : channel + 1], case.weights[:1, channel : channel + 1], plain, None)
        np.testing.assert_allclose(partial, torch_convolution(alone)[0], rtol=0, atol=1e-9)
    total = maps.sum(axis=0) / (described.kernels.size if case.settings.mean else 1) + described.bias
    total = np.maximum(total, 0) if case.settings.activation == "relu" else total
    np.testing.assert_allclose(window.evaluate(described), total, rtol=0, atol=1e-9)


@settings(max_examples=40, deadline=None)
@given(case=cases())
def test_never_read_are_the_pixels_without_gradient(case: Case) -> None:
    described = convolution.window(case.inputs, case.weights, case.settings, 0)
    positive = Case(case.inputs, np.ones_like(case.weights), case.settings, None)
    inputs = torch.ones(positive.inputs.shape, dtype=torch.float64, requires_grad=True)
    rows, columns = convolution.padding_of(positive.inputs.shape[1:], positive.weights.shape[2:], case.settings)
    mode = {"zeros": "constant"}.get(case.settings.mode, case.settings.mode)
    padded = torch.nn.functional.pad(inputs[None], (*columns, *rows), mode=mode)
    maps = torch.nn.functional.conv2d(
        *(padded, torch.tensor(positive.weights), None, case.settings.stride),
        dilation=case.settings.dilation,
        groups=case.settings.groups,
    )
    (gradient,) = torch.autograd.grad(maps.sum(), inputs)
    assert (window.never_read(described) == (gradient[0].numpy() == 0)).all()


def test_the_floor_leaves_the_last_row_and_column_unread() -> None:
    described = convolution.window(np.ones((1, 6, 6)), np.ones((1, 1, 3, 3)), Convolution(stride=(2, 2)))
    unread = window.never_read(described)
    assert unread[5].all()
    assert unread[:, 5].all()
    assert not unread[:5, :5].any()
    assert (window.left_over(described) == unread).all()


@pytest.mark.parametrize(
    ("side", "stride", "dilation", "left_over"),
    [
        pytest.param(1, 2, 1, [], id="one weight"),
        pytest.param(3, 2, 2, [], id="dilated"),
        pytest.param(2, 3, 1, [5, 6], id="both"),  # row 2 lies between two positions
        pytest.param(3, 3, 1, [6], id="whole steps"),
    ],
)
def test_what_the_stride_jumps_over_is_not_left_over(
    side: int, stride: int, dilation: int, left_over: list[int]
) -> None:
    settings = Convolution(stride=(stride, stride), dilation=(dilation, dilation))
    described = convolution.window(np.ones((1, 7, 7)), np.ones((1, 1, side, side)), settings)
    expected = np.zeros((7, 7), bool)
    expected[left_over], expected[:, left_over] = True, True
    assert (window.left_over(described) == expected).all()
    assert (window.never_read(described) & ~expected).any() == (stride > side or dilation == 2)


def test_a_convolution_by_hand_with_its_taps() -> None:
    inputs = np.array([[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]])
    weights = np.array([[[[1.0, 0.0], [2.0, -1.0]]]])
    # 1*1 + 0*2 + 2*4 - 1*5 = 4; 2 + 10 - 6; 4 + 14 - 8; 5 + 16 - 9
    assert convolution.output(inputs, weights).tolist() == [[[4, 6], [10, 12]]]
    described = convolution.window(inputs, weights, bias=np.array([0.5]))
    (taps,) = window.taps(described, 0, 0)
    assert taps == (
        *((0, 0, 0, 0, 1, 1, 1), (0, 1, 0, 1, 2, 0, 0)),
        *((1, 0, 1, 0, 4, 2, 8), (1, 1, 1, 1, 5, -1, -5)),
    )
    assert window.value(described, 0, 0) == 4.5


def test_flip_turns_the_kernel_so_that_an_impulse_gives_the_kernel_itself() -> None:
    impulse = np.zeros((1, 5, 5))
    impulse[0, 2, 2] = 1
    weights = np.arange(9.0).reshape(1, 1, 3, 3)
    assert (convolution.output(impulse, weights, Convolution(flip=True))[0] == weights[0, 0]).all()
    assert (convolution.output(impulse, weights)[0] == weights[0, 0, ::-1, ::-1]).all()
    described = convolution.window(impulse, weights, Convolution(flip=True))
    assert (described.kernels == weights[0, :, ::-1, ::-1]).all()


def test_true_convolution_of_a_signal_is_numpys() -> None:
    random = np.random.default_rng(0)
    signal, kernel = random.normal(size=12), random.normal(size=4)
    ours = convolution.output(
        signal[None, None], kernel[None, None, None], Convolution(flip=True, padding=(0, 0, 3, 3))
    )
    np.testing.assert_allclose(ours[0, 0], np.convolve(signal, kernel, "full"), rtol=0, atol=1e-12)
    named = convolution.output(signal[None, None], kernel[None, None, None], Convolution(flip=True, padding="full"))
    assert (named == ours).all()


def test_dilation_leaves_gaps_between_the_taps() -> None:
    described = convolution.window(RAMP, np.ones((1, 1, 2, 3)), Convolution(dilation=(3, 2)))
    assert [(tap.row, tap.column) for tap in window.taps(described, 1, 0)[0]] == [
        *((1, 0), (1, 2), (1, 4)),
        *((4, 0), (4, 2), (4, 4)),
    ]


@pytest.mark.parametrize("mode", MODES)
@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_sources_are_the_pixels_that_torch_copies(mode: str, data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 9))
    widest = size - 1 if mode == "reflect" else size
    padding = data.draw(st.tuples(st.integers(0, widest), st.integers(0, widest)))
    numbered = torch.arange(1.0, size + 1)[None, None]
    name = "constant" if mode == "zeros" else mode
    expected = torch.nn.functional.pad(numbered, padding, mode=name)[0, 0].int() - 1
    assert window.sources(size, padding, mode) == tuple(expected.tolist())
    assert ZERO == -1  # what the padding's 0 has become above


def test_axes_tell_the_padding_apart() -> None:
    described = convolution.window(RAMP, np.ones((1, 1, 3, 3)), Convolution(padding=(2, 0, 1, 3), mode="reflect"))
    assert (described.rows.before, described.rows.size) == (2, 5)
    assert described.rows.source == (2, 1, 0, 1, 2, 3, 4)
    assert (described.columns.before, described.columns.size) == (1, 5)
    assert described.columns.source == (1, 0, 1, 2, 3, 4, 3, 2, 1)
    assert window.padded(described)[0, 0].tolist() == [11, 10, 11, 12, 13, 14, 13, 12, 11]


def test_float32_stays_float32_and_integers_become_float64() -> None:
    weights = np.full((1, 1, 3, 3), 0.1)
    assert convolution.output(RAMP.astype(np.float32), weights).dtype == np.float32
    assert convolution.output(RAMP.astype(np.uint8), weights).dtype == np.float64
    np.testing.assert_allclose(
        convolution.output(RAMP.astype(np.float32), weights), convolution.output(RAMP, weights), rtol=1e-6
    )


def test_nothing_that_is_given_is_changed() -> None:
    inputs, weights = RAMP.copy(), np.ones((1, 1, 3, 3))
    convolution.output(inputs, weights, Convolution(mean=True, activation="relu"), np.array([-100.0]))
    window.evaluate(convolution.window(inputs, weights, Convolution(padding=(1, 1, 1, 1))))
    assert (inputs == RAMP).all()
    assert (weights == 1).all()


@pytest.mark.parametrize(
    ("shapes", "chosen", "sentence"),
    [
        (
            ((1, 5, 7), (1, 1, 6, 1)),
            Convolution(),
            "The kernel spans 6 rows, but the padded input has only 5: "
            "choose a kernel of at most 5 rows, or more padding.",
        ),
        (
            ((1, 7, 5), (1, 1, 1, 1)),
            Convolution(padding=(0, 0, 5, 0), mode="reflect"),
            "Reflection cannot pad 5 columns when the input has 5: choose a padding of at most 4.",
        ),
        (
            ((1, 5, 5), (1, 1, 3, 3)),
            Convolution(padding="same", stride=(1, 0)),
            "Choose a stride of at least 1 along the columns, not 0.",
        ),
        (
            ((4, 5, 5), (6, 1, 3, 3)),
            Convolution(groups=4),
            "4 groups do not divide 6 filters: choose a number of groups that does, or other filters.",
        ),
        (
            ((4, 5, 5), (2, 4, 3, 3)),
            Convolution(groups=2),
            "The filters have 4 planes, but each reads 2 of the 4 input channels: choose filters with as many planes.",
        ),
    ],
)
def test_an_impossible_convolution_is_a_sentence(
    shapes: tuple[tuple[int, ...], tuple[int, ...]], chosen: Convolution, sentence: str
) -> None:
    for compute in (convolution.output, convolution.window):
        with pytest.raises(GeometryError) as caught:
            compute(np.zeros(shapes[0]), np.zeros(shapes[1]), chosen)
        assert str(caught.value) == sentence


def test_arrays_of_other_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match=r"not \(5, 5\), \(1, 1, 3, 3\), None"):
        convolution.output(np.zeros((5, 5)), np.zeros((1, 1, 3, 3)))
    with pytest.raises(ValueError, match=r"not \(1, 5, 5\), \(1, 1, 3, 3\), \(2,\)"):
        convolution.window(np.zeros((1, 5, 5)), np.zeros((1, 1, 3, 3)), bias=np.zeros(2))
