"""The sentences and the formulas of the page "Activation functions" carry the numbers of the backend."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from explainer.layers.activation import activation
from explainer.layers.activation_kinds import KINDS
from explainer.layers.activation_uses import chain, neuron
from explainer.networks.sums import convolution_sums
from pages.layers.activation import curve, picture
from pages.layers.activation import depth as activation_depth
from pages.layers.activation import neuron as activation_neuron
from pages.layers.activation import page as activation_page


def last_number(latex: str) -> float:
    """What stands behind the last sign of equality."""
    found = re.fullmatch(r"\s*(-?[\d.]+)(?: \\cdot 10\^\{(-?\d+)\})?\s*", latex.rsplit("=", 1)[1])
    assert found, latex
    return float(found[1]) * 10 ** int(found[2] or 0)


def rows_of(latex: str) -> list[str]:
    inner = latex.removeprefix(r"\begin{aligned}").removesuffix(r"\end{aligned}")
    return re.split(r" \\\\\[\dpt\] ", inner)


@pytest.mark.parametrize("x", [-1.3, 1.0, 4.2])
@pytest.mark.parametrize("name", list(KINDS))
def test_the_curve_writes_value_and_slope(name: str, x: float) -> None:
    chosen = activation(name)
    _, value, slope = rows_of(curve.formula(chosen, x))
    assert last_number(value) == pytest.approx(float(chosen.function.value(np.array(x))), rel=1e-3, abs=1e-4)
    assert last_number(slope) == pytest.approx(float(chosen.function.slope(np.array(x))), rel=1e-3, abs=1e-4)


def test_the_curve_says_that_there_is_no_slope_and_what_lies_beside() -> None:
    assert rows_of(curve.formula(activation("leaky-relu", 0.2), 0.0))[2].endswith(
        r"\text{ is undefined: the slope is 0.2 on the left, 1 on the right}"
    )


def test_at_a_jump_the_curve_says_from_where_to_where() -> None:
    assert rows_of(curve.formula(activation("heaviside"), 0.0))[2].endswith(
        r"\text{ is undefined: the function jumps from 0 to 1}"
    )


@pytest.mark.parametrize("name", ["logistic", "tanh", "softplus"])
def test_the_neuron_writes_its_sum_its_output_and_its_gradients(name: str) -> None:
    inputs, weights, bias = np.array([1.0, -0.5, 2.0]), np.array([0.5, -1.0, 0.6]), -0.3
    one = neuron(activation(name).function, inputs, weights, bias)
    rows = rows_of(activation_neuron.formula(one, inputs, weights, bias))
    assert last_number(rows[1]) == pytest.approx(float(inputs @ weights + bias))
    assert last_number(rows[2]) == pytest.approx(one.output, rel=1e-3)
    assert [last_number(row) for row in rows[3:]] == pytest.approx(one.weight_gradients.tolist(), rel=1e-3)


def test_a_neuron_without_slope_writes_no_gradient() -> None:
    inputs = np.array([1.0, 1.0, 1.0])
    one = neuron(activation("relu").function, inputs, np.zeros(3), 0.0)
    assert math.isnan(one.slope)
    rows = rows_of(activation_neuron.formula(one, inputs, np.zeros(3), 0.0))
    assert len(rows) == 4 and "undefined" in rows[3]


@pytest.mark.parametrize("depth", [1, 4, 30])
def test_the_layers_write_the_product(depth: int) -> None:
    run = chain(activation("logistic").function, 1.0, 1.5, depth)
    assert last_number(rows_of(activation_depth.formula(run, 1.5))[-1]) == pytest.approx(run.gradients[-1], rel=1e-3)


def test_the_picture_counts_its_zeros() -> None:
    outputs = np.maximum(convolution_sums()[0][3, 0], 0).astype(np.float64)
    zeros = int((outputs == 0).sum())
    assert rf"\frac{{{zeros}}}{{784}} = {zeros / 7.84:.1f}\,\%" in picture.formula(outputs)


def test_every_source_of_the_table_is_among_the_sources() -> None:
    listed = " ".join(activation_page.SOURCES)
    for kind in KINDS.values():
        first_author = re.split(r",| et al\.| \d", kind.source)[0]
        assert first_author in listed, kind.source


PAGE = """
from explainer.ui.frame.address import part
from pages.layers.activation import page as activation

with part("page"):
    activation.show()
"""


def page(**query: str) -> AppTest:
    at = AppTest.from_string(PAGE, default_timeout=300)
    at.query_params = query
    at.run()
    assert not at.exception, [box.message for box in at.exception]
    return at


def said(at: AppTest) -> str:
    return " ".join(block.value for block in at.markdown)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({}, "Saturated (grey), on 42 % of this axis"),
        ({"a_f": "selu"}, "The steepest slope is 1.76."),  # just left of its kink at 0
        ({"a_f": "heaviside"}, "no gradient ever passes"),
        ({"a_f": "identity"}, "Nowhere saturated"),
        ({"a_f": "maxout", "a_lines": "0 3"}, "Maxout has slope 0 wherever it has one"),
        ({"a_f": "maxout", "a_lines": "0.03 0"}, "Saturated (grey), on 100 % of this axis"),
        ({"a_view": "neuron", "a_f": "relu", "a_b": "-4.0"}, "the slope is 0 here"),
        ({"a_view": "neuron"}, "The sum 1.7 becomes the output 0.8455"),
        ({"a_view": "picture", "a_f": "relu"}, "of the 784 outputs are exactly 0"),
        ({"a_view": "picture", "a_f": "maxout", "a_lines": "0 5"}, "exactly 0; all are 5."),
        ({"a_view": "depth"}, "so it vanishes with depth"),
        ({"a_view": "depth", "a_f": "relu", "a_start": "0.0"}, "where ReLU has no slope"),
        ({"a_view": "depth", "a_f": "relu", "a_start": "-1.0"}, "one factor of 0"),
        ({"a_view": "table", "a_f": "selu"}, "SELU is zero-centred"),
    ],
)
def test_each_view_says_what_to_notice(query: dict[str, str], sentence: str) -> None:
    assert sentence in said(page(**query))


VIEWS = ["neuron", "picture", "depth", "table"]


@pytest.mark.parametrize(
    ("view", "name"),
    [("curve", name) for name in KINDS] + [(v, name) for v in VIEWS for name in ("heaviside", "prelu", "maxout")],
)
def test_functions_in_views(view: str, name: str) -> None:
    at = page(a_view=view, a_f=name)
    assert at.selectbox(key="a_f").value == name
    assert not at.warning


@pytest.mark.parametrize("name", ["relu", "maxout"])
@pytest.mark.parametrize("view", ["curve", *VIEWS])
def test_every_slider_at_both_ends_in_every_view(view: str, name: str) -> None:
    at = page(a_view=view, a_f=name)
    for end in ("min", "max"):
        for slider in at.slider:
            slider.set_value(getattr(slider, end))
        at.run()
        assert not at.exception, (view, end, [box.message for box in at.exception])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("1 2 3", "two numbers"), ("", "empty"), ("1\n2", "two numbers"), ("a b", "not a number"), ("99 0", "between")],
)
def test_lines_that_are_none_get_a_sentence(text: str, sentence: str) -> None:
    at = page(a_f="maxout", a_lines=text or " ")
    assert sentence in at.warning[0].value
    assert at.button(key="a_like_bowl").click().run().text_area(key="a_lines").value.count("\n") == 4
    assert not at.warning
