"""Every activation function against torch, its derivative against autograd, and every fact against the function."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional as F  # noqa: N812  as everybody calls it

from explainer.layers.activation import activation, is_zero_centred, normal_mean
from explainer.layers.activation_functions import Function, slopes_beside
from explainer.layers.activation_kinds import KINDS, MAXOUT, Activation

NAMES = [
    *("identity", "heaviside", "logistic", "tanh", "arctan", "softsign", "relu", "leaky-relu", "prelu"),
    *("absolute", "elu", "selu", "softplus", "gelu", "silu", "mish", "hard-sigmoid", "hard-swish"),
    "maxout",
]
X = np.linspace(-8, 8, 1601)


def in_torch(chosen: Activation, x: torch.Tensor) -> torch.Tensor:
    """The activation's own expression for torch, evaluated."""
    result: torch.Tensor = eval(chosen.code, {"torch": torch, "F": F, "x": x})
    return result


def values_of(kind: str) -> list[float]:
    """The parameter at its ends, at its default and at 1, or 0 where there is none."""
    parameter = KINDS[kind].parameter
    return sorted({parameter.low, parameter.default, 1.0, parameter.high}) if parameter else [0.0]


every = pytest.mark.parametrize(("name", "number"), [(name, value) for name in KINDS for value in values_of(name)])


@st.composite
def activations(draw: st.DrawFn) -> Activation:
    name = draw(st.sampled_from(list(KINDS)))
    parameter = KINDS[name].parameter
    if name == MAXOUT:
        number = st.integers(-20, 20).map(float)
        return activation(name, lines=tuple(draw(st.lists(st.tuples(number, number), min_size=1, max_size=8))))
    if parameter is None:
        return activation(name)
    steps = round((parameter.high - parameter.low) / parameter.step)
    return activation(name, round(parameter.low + draw(st.integers(0, steps)) * parameter.step, 10))


def test_the_registry_has_all_of_them() -> None:
    assert list(KINDS) == NAMES


def tolerance(name: str) -> float:
    """Of slopes. torch's softplus is linear from beta x = 20 on; its hard sigmoid has 1/6 in single precision."""
    return 1e-8 if name in ("softplus", "hard-sigmoid") else 1e-12


@every
def test_the_function_is_torchs(name: str, number: float) -> None:
    chosen = activation(name, number)
    want = in_torch(chosen, torch.tensor(X)).numpy()
    # torch's softplus is linear from beta x = 20 on, where it is off by 2e-9 / beta.
    np.testing.assert_allclose(chosen.function.value(X), want, rtol=0, atol=1e-7 if name == "softplus" else 1e-12)


@every
def test_the_derivative_is_autograds_wherever_there_is_one(name: str, number: float) -> None:
    chosen = activation(name, number)
    slopes = chosen.function.slope(X)
    known = ~np.isnan(slopes)
    assert X[~known].tolist() == [x for x in X.tolist() if x in chosen.function.undefined]
    if name == "heaviside":  # torch has no derivative for it
        assert (slopes[known] == 0).all()
        return
    x = torch.tensor(X, requires_grad=True)
    (want,) = torch.autograd.grad(in_torch(chosen, x).sum(), x)
    np.testing.assert_allclose(slopes[known], want.numpy()[known], rtol=0, atol=tolerance(name))


@given(activations())
@settings(max_examples=60)
def test_slopes_disagree_at_every_kink_and_agree_at_every_bend(chosen: Activation) -> None:
    function = chosen.function
    for place in function.kinks:
        left, right = slopes_beside(function, place)
        assert abs(left - right) > 0
        assert math.isnan(float(function.slope(np.array(place))))
    for place in function.bends:
        h = 1e-6
        before, at, after = function.slope(np.array([place - h, place, place + h]))
        assert abs((at - before) / h - (after - at) / h) > 0.5  # the slope's own slope jumps
        assert abs(after - before) < 1e-5


@given(activations(), st.floats(-6, 6), st.floats(1e-4, 1e-3))
@settings(max_examples=60)
def test_nothing_else_jumps(chosen: Activation, x: float, h: float) -> None:
    function = chosen.function
    marks = (*function.undefined, *function.bends)
    if any(abs(x - place) < 3 * h for place in marks):
        return
    values, slopes = (part(x + h * np.arange(-2, 3)) for part in (function.value, function.slope))
    bound = 3000  # on the third derivative, of a softplus of beta 10
    np.testing.assert_allclose(np.diff(values) / h, (slopes[1:] + slopes[:-1]) / 2, rtol=0, atol=bound * h * h + 1e-9)
    assert np.abs(np.diff(slopes, 2)).max() < bound * h * h + 1e-9


def test_heaviside_jumps_and_is_1_at_0() -> None:
    function = activation("heaviside").function
    assert function.jumps == (0.0,) and function.smoothness == "jumps"
    assert function.value(np.array([-1e-300, 0.0, 1e-300])).tolist() == [0, 1, 1]


@given(activations(), st.floats(-1e3, 1e3))
@settings(max_examples=60)
def test_every_value_is_in_the_range(chosen: Activation, x: float) -> None:
    interval, value = chosen.function.interval, float(chosen.function.value(np.array(x)))
    assert interval.low - 1e-12 <= value <= interval.high + 1e-12
    assert not interval.only_ends or value in (interval.low, interval.high)


@given(activations())
@settings(max_examples=60)
def test_the_range_is_no_larger_than_needed(chosen: Activation) -> None:
    """Its finite ends are reached or neared, and where it has none the values go as far as one likes."""
    function, interval = chosen.function, chosen.function.interval
    far = 10.0 ** np.arange(-2, 7)
    x = np.concatenate([-far, np.linspace(-50, 50, 10_001), far, np.array(function.undefined)])
    values = function.value(x)
    for end, reached, has in (
        (interval.low, values.min(), interval.has_low),
        (interval.high, values.max(), interval.has_high),
    ):
        if math.isinf(end):
            assert abs(reached) > 1e3 and math.copysign(1, reached) == math.copysign(1, end)
        else:
            assert abs(reached - end) < 1e-4
        assert not (has and math.isinf(end))


@pytest.mark.parametrize("name", [name for name in KINDS if name != MAXOUT])
def test_an_end_that_is_not_in_the_range_is_not_taken(name: str) -> None:
    function = activation(name).function
    near = function.value(np.linspace(-15, 15, 3001))
    assert (near.min() > function.interval.low) or function.interval.has_low
    assert (near.max() < function.interval.high) or function.interval.has_high


@given(activations())
@settings(max_examples=60)
def test_monotone_is_said_of_those_that_are(chosen: Activation) -> None:
    steps = np.diff(chosen.function.value(np.linspace(-45, 45, 18_001)))
    never_falls, never_rises = bool((steps >= -1e-12).all()), bool((steps <= 1e-12).all())
    assert chosen.function.is_monotone == (never_falls or never_rises)


@pytest.mark.parametrize(
    ("name", "at_zero"),
    [("logistic", 0.5), ("softplus", math.log(2)), ("heaviside", 1.0), ("hard-sigmoid", 0.5), ("relu", 0.0)],
)
def test_values_at_0(name: str, at_zero: float) -> None:
    assert float(activation(name).function.value(np.zeros(()))) == pytest.approx(at_zero, abs=1e-15)


@pytest.mark.parametrize(
    ("name", "mean"),
    [
        ("relu", 1 / math.sqrt(2 * math.pi)),
        ("absolute", math.sqrt(2 / math.pi)),
        ("gelu", 1 / (2 * math.sqrt(math.pi))),
        ("logistic", 0.5),
        ("heaviside", 0.5),
        ("hard-sigmoid", 0.5),
        ("tanh", 0.0),
        ("selu", 0.0),
    ],
)
def test_the_mean_output_of_normal_inputs_in_closed_form(name: str, mean: float) -> None:
    assert normal_mean(activation(name).function) == pytest.approx(mean, abs=2e-6)


def test_zero_centred_are_the_odd_ones_and_selu() -> None:
    centred = [name for name in KINDS if is_zero_centred(activation(name).function)]
    assert centred == ["identity", "tanh", "arctan", "softsign", "selu"]
    for name in centred[:-1]:
        function = activation(name).function
        np.testing.assert_allclose(function.value(-X), -function.value(X), rtol=0, atol=1e-15)


def test_nothing_overflows_far_out() -> None:
    far = np.array([-1e4, -750.0, 750.0, 1e4])
    for name in KINDS:
        function: Function = activation(name).function
        assert np.isfinite(function.value(far)).all() and np.isfinite(function.slope(far)).all(), name


def test_every_kind_has_its_facts_in_words() -> None:
    for kind in KINDS.values():
        assert kind.used and kind.pieces and (kind.source or kind.key == "identity")
        assert kind.pieces[-1].until == math.inf
        assert kind.parameter is None or kind.parameter.low <= kind.parameter.default <= kind.parameter.high


def test_an_unknown_name_is_refused() -> None:
    nobody: Any = "Nobody"
    with pytest.raises(KeyError):
        activation(nobody)
