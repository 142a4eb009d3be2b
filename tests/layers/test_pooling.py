"""Pooling: explicit windows against torch over random settings, ties and shares of the gradient, literals."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from explainer.data.samples import POOLING_GRID
from explainer.layers import pooling, window
from explainer.layers.geometry import GeometryError
from explainer.layers.pooling import PRESETS, Pooling

MATRIX = np.array(POOLING_GRID)[None]


@st.composite
def poolings(draw: st.DrawFn) -> tuple[np.ndarray, Pooling]:
    """A picture, and settings that are possible for it."""
    pair = lambda low, high: (draw(st.integers(low, high)), draw(st.integers(low, high)))  # noqa: E731
    random = np.random.default_rng(draw(st.integers(0, 999)))
    inputs = random.integers(-3, 4, (draw(st.integers(1, 2)), *pair(1, 9))) / 2.0  # with ties
    kind = draw(st.sampled_from(["max", "average", "l2"]))
    if draw(st.integers(0, 3)) == 0:
        return inputs, Pooling(kind, bins=pair(1, 6))
    chosen_window, padding = [], []
    for side in inputs.shape[1:]:
        pad = draw(st.integers(0, 2))
        padding.append(pad)
        chosen_window.append(draw(st.integers(max(1, 2 * pad), min(5, side + 2 * pad))))
    return inputs, Pooling(
        kind,
        (chosen_window[0], chosen_window[1]),
        draw(st.sampled_from([None, pair(1, 4)])),
        (padding[0], padding[1]),
        draw(st.booleans()),
        draw(st.booleans()),
    )


def torchs(inputs: torch.Tensor, chosen: Pooling) -> torch.Tensor:
    """The same layer in torch's own words, written apart from the code under test."""
    if chosen.bins:
        if chosen.kind == "max":
            return functional.adaptive_max_pool2d(inputs, chosen.bins)
        if chosen.kind == "average":
            return functional.adaptive_avg_pool2d(inputs, chosen.bins)
        norms = inputs.new_empty(len(inputs), *chosen.bins)
        height, width = inputs.shape[1:]
        for row, column in np.ndindex(chosen.bins):
            rows = slice(row * height // chosen.bins[0], -(-(row + 1) * height // chosen.bins[0]))
            columns = slice(column * width // chosen.bins[1], -(-(column + 1) * width // chosen.bins[1]))
            norms[:, row, column] = torch.linalg.vector_norm(inputs[:, rows, columns], dim=(1, 2))
        return norms
    if chosen.kind == "max":
        return functional.max_pool2d(inputs, chosen.window, chosen.stride, chosen.padding, ceil_mode=chosen.ceil_mode)
    if chosen.kind == "average":
        return functional.avg_pool2d(
            *(inputs, chosen.window, chosen.stride, chosen.padding, chosen.ceil_mode, chosen.count_include_pad)
        )
    across, down = chosen.padding[1], chosen.padding[0]
    padded = functional.pad(inputs, (across, across, down, down))
    return functional.lp_pool2d(padded, 2, chosen.window, chosen.stride, chosen.ceil_mode)


@settings(max_examples=60, deadline=None)
@given(case=poolings())
def test_window_and_output_are_torchs_pooling(case: tuple[np.ndarray, Pooling]) -> None:
    inputs, chosen = case
    ours = pooling.output(inputs, chosen)
    expected = torchs(torch.tensor(inputs), chosen).numpy()
    if chosen.kind == "l2" and chosen.ceil_mode:  # lp_pool2d of a padded picture may start a window in the padding
        expected = expected[:, : ours.shape[1], : ours.shape[2]]
    np.testing.assert_allclose(ours, expected, rtol=0, atol=1e-9)
    for channel, plane in enumerate(expected):
        described = pooling.window(inputs, chosen, channel)
        assert described.shape == pooling.output_shape(inputs.shape[1:], chosen) == plane.shape
        np.testing.assert_allclose(window.evaluate(described), plane, rtol=0, atol=1e-9)
        row, column = plane.shape[0] - 1, plane.shape[1] // 2
        assert window.value(described, row, column) == pytest.approx(plane[row, column], abs=1e-9)
        assert described.kernels is None


@settings(max_examples=60, deadline=None)
@given(case=poolings())
def test_the_gradient_is_torchs_and_for_a_maximum_goes_to_the_first_maximal_tap(
    case: tuple[np.ndarray, Pooling],
) -> None:
    inputs, chosen = case
    shape = (len(inputs), *pooling.output_shape(inputs.shape[1:], chosen))
    upstream = np.random.default_rng(1).normal(size=shape)
    found = pooling.gradient(inputs, chosen, upstream)
    expected = np.zeros_like(inputs)
    for channel in range(len(inputs)):
        described = pooling.window(inputs, chosen, channel)
        for row, column in np.ndindex(described.shape):
            (taps,) = window.taps(described, row, column)
            arriving = upstream[channel, row, column]
            values = np.array([tap.value for tap in taps])
            if chosen.kind == "max":
                shares = np.arange(len(taps)) == values.argmax()  # argmax is the first
            elif chosen.kind == "average":
                shares = np.ones(len(taps)) / described.divisors[row, column]
            else:
                divisor = 1 if described.divisors is None else described.divisors[row, column]
                shares = values / (np.linalg.norm(values) or 1) / divisor
            for tap, share in zip(taps, shares, strict=True):
                pixel = described.rows.source[tap.row], described.columns.source[tap.column]
                if min(pixel) >= 0:
                    expected[(channel, *pixel)] += arriving * share
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9)


def test_the_matrix_in_literals() -> None:
    assert pooling.output(MATRIX).tolist() == [[[0.7, 0.1, 1.2], [0.6, 0.9, 0.6]]]
    expected = {"max 2x2": [[0.7, 0.1, 1.2], [0.6, 0.9, 0.6]], "adaptive max 2x2": [[0.7, 1.2], [0.9, 0.6]]}
    for name, plane in expected.items():
        assert pooling.output(MATRIX, PRESETS[name])[0].tolist() == plane
        assert window.evaluate(pooling.window(MATRIX, PRESETS[name])).tolist() == plane
    # (0.2 - 0.1 + 0.3 + 0.7) / 4, and the root of 0.04 + 0.01 + 0.09 + 0.49
    assert pooling.output(MATRIX, PRESETS["average 2x2"])[0, 0, 0] == pytest.approx(0.275, abs=1e-12)
    assert pooling.output(MATRIX, PRESETS["l2 2x2"])[0, 0, 0] == pytest.approx(0.63**0.5, abs=1e-12)
    assert pooling.output(MATRIX, PRESETS["global average"])[0].tolist() == [[pytest.approx(MATRIX.mean(), abs=1e-12)]]
    assert pooling.output(MATRIX, PRESETS["overlapping max 3x3"]).tolist() == [[[0.9, 1.2]]]


def test_a_first_maximum_takes_the_whole_gradient_and_a_mean_spreads_it() -> None:
    tied = np.array([[[1.0, 2.0], [2.0, 2.0]]])
    assert pooling.gradient(tied).tolist() == [[[0, 1], [0, 0]]]
    assert pooling.gradient(tied, Pooling("average")).tolist() == [[[0.25, 0.25], [0.25, 0.25]]]
    # Overlapping windows add up: the middle is the maximum of all four.
    peak = np.array([[[0.0, 0.0, 0.0], [0.0, 5.0, 0.0], [0.0, 0.0, 0.0]]])
    assert pooling.gradient(peak, Pooling("max", (2, 2), (1, 1)))[0, 1, 1] == 4
    assert pooling.output(np.zeros((1, 2, 2)), Pooling("l2")).tolist() == [[[0]]]
    assert pooling.gradient(np.zeros((1, 2, 2)), Pooling("l2")).tolist() == [[[0, 0], [0, 0]]]
    assert pooling.gradient(np.array([[[3.0, 4.0]]]), Pooling("l2", (1, 2)))[0, 0].tolist() == pytest.approx([0.6, 0.8])


def test_padding_counts_in_a_mean_only_where_asked_and_never_in_a_maximum() -> None:
    negative = np.full((1, 2, 2), -1.0)
    padded = {"window": (2, 2), "stride": (2, 2), "padding": (1, 1)}
    assert pooling.output(negative, Pooling("max", **padded)).tolist() == [[[-1, -1], [-1, -1]]]
    assert pooling.output(negative, Pooling("average", **padded))[0, 0, 0] == -0.25
    assert pooling.output(negative, Pooling("average", count_include_pad=False, **padded))[0, 0, 0] == -1
    (taps,) = window.taps(pooling.window(negative, Pooling("max", **padded)), 0, 0)
    assert [(tap.row, tap.column, tap.value) for tap in taps] == [(1, 1, -1)]
    (taps,) = window.taps(pooling.window(negative, Pooling("average", **padded)), 0, 0)
    assert [tap.value for tap in taps] == [0, 0, 0, -1]


def test_shifting_by_hand() -> None:
    row = np.array([[[1, 2, 3, 4]]])
    assert pooling.shift(row, 0).tolist() == row.tolist()
    assert pooling.shift(row, 1).tolist() == [[[1, 1, 2, 3]]]
    assert pooling.shift(row, 1, "circular").tolist() == [[[4, 1, 2, 3]]]
    assert pooling.shift(row, 9).tolist() == [[[1, 1, 1, 1]]]
    with pytest.raises(GeometryError, match=r"^Choose a shift of at least 0 pixels, not -1\.$"):
        pooling.shift(row, -1)


def test_changes_by_hand_and_of_global_pooling() -> None:
    row = np.array([[[0.0, 3.0, 0.0, 4.0]]])
    # Moved by 1: 0 0 3 0. Maxima 3 4 become 0 3: root(9 + 1) / 5; without pooling: 0 -3 3 -4: root(34) / 5.
    changes = pooling.shift_changes(row, [Pooling(window=(1, 2)), Pooling(window=(1, 1))], 1)
    np.testing.assert_allclose(changes, [[0, 10**0.5 / 5], [0, 34**0.5 / 5]], rtol=0, atol=1e-12)
    random = np.random.default_rng(0).normal(size=(2, 6, 8))
    whole = [Pooling(kind, bins=(1, 1)) for kind in ("max", "average", "l2")]
    np.testing.assert_allclose(pooling.shift_changes(random, whole, 8, "circular"), 0, atol=1e-12)
    assert pooling.shift_changes(random, whole, 8).max() > 0.1
    zero = np.zeros((1, 2, 2))
    assert pooling.shift_changes(zero, [Pooling()], 2).tolist() == [[0, 0, 0]]
    edge = np.array([[[0.0, 0.0, 0.0, 1.0]]])  # the floor leaves the last pixel out until the circle brings it in
    assert pooling.shift_changes(edge, [Pooling(window=(1, 3))], 1, "circular").tolist() == [[0, np.inf]]


def test_float32_stays_float32() -> None:
    inputs = MATRIX.astype(np.float32)
    for chosen in PRESETS.values():
        assert pooling.output(inputs, chosen).dtype == pooling.gradient(inputs, chosen).dtype == np.float32
        assert pooling.output(MATRIX, chosen).dtype == np.float64


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        (
            Pooling("max", (2, 2), padding=(0, 2)),
            "A padding of 2 is more than half the window of 2 columns: "
            "choose a padding of at most 1, or a larger window.",
        ),
        (Pooling("l2", (5, 1)), "The window spans 5 rows, but the padded input has only 4: choose a smaller window."),
        (Pooling(stride=(0, 1)), "Choose a stride of at least 1 along the rows, not 0."),
        (Pooling(bins=(2, 0)), "Choose an output of 1 to 2,048 columns, not 0."),
    ],
)
def test_an_impossible_pooling_is_a_sentence(chosen: Pooling, sentence: str) -> None:
    for compute in (pooling.output, pooling.window, pooling.gradient):
        with pytest.raises(GeometryError) as caught:
            compute(MATRIX, chosen)
        assert str(caught.value) == sentence
    with pytest.raises(ValueError, match=r"not \(4, 6\)"):
        pooling.output(MATRIX[0], chosen)
    with pytest.raises(ValueError, match=r"has shape \(1, 2\), the output \(1, 2, 3\)"):
        pooling.gradient(MATRIX, None, np.ones((1, 2)))
