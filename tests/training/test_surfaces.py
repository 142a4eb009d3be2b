"""The surfaces against autograd: gradients, minima, curvature, and the code that the page shows."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from explainer.training.surfaces import ASPECT, SURFACES, SurfaceName, heights

every_surface = pytest.mark.parametrize("name", SURFACES)
PLACES = st.floats(-4, 4, allow_nan=False, allow_subnormal=False)


def _tensor(*values: float) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float64, requires_grad=True)


@every_surface
@given(x=PLACES, y=PLACES)
@settings(max_examples=40)
def test_gradients_are_those_of_the_code(name: SurfaceName, x: float, y: float) -> None:
    surface, weights = SURFACES[name], _tensor(x, y)
    value = eval(surface.code, {"x": weights[0], "y": weights[1]})
    assert value.item() == pytest.approx(float(surface.value(x, y)), rel=1e-9, abs=1e-9)
    (expected,) = torch.autograd.grad(value, weights)
    assert surface.gradient(x, y) == pytest.approx(expected.tolist(), rel=1e-9, abs=1e-9)


@every_surface
def test_minima_have_loss_0_and_the_stated_curvature(name: SurfaceName) -> None:
    surface = SURFACES[name]
    for minimum in surface.minima:
        assert surface.value(*minimum) == pytest.approx(0, abs=1e-15)
        assert surface.gradient(*minimum) == pytest.approx((0, 0), abs=1e-15)
        hessian = torch.autograd.functional.hessian(lambda p: surface.value(p[0], p[1]), _tensor(*minimum))
        (xx, xy), (_, yy) = hessian.tolist()
        assert surface.hessian == pytest.approx((xx, xy, yy), abs=1e-12)
        assert surface.curvature == pytest.approx(float(torch.linalg.eigvalsh(hessian)[-1]), rel=1e-12)


@every_surface
def test_the_area_holds_what_is_worth_seeing(name: SurfaceName) -> None:
    surface = SURFACES[name]
    left, right, bottom, top = surface.area
    assert (right - left) / (top - bottom) == pytest.approx(ASPECT)
    for x, y in (surface.start, *surface.minima):
        assert left < x < right and bottom < y < top
    field = heights(surface, 81, 57)
    assert field.shape == (57, 81)
    assert field.min() >= 0  # nowhere lower than the minima
    assert field[0, 0] == surface.value(left, top)
    assert field[-1, -1] == surface.value(right, bottom)


def test_known_values() -> None:
    assert SURFACES["rosenbrock"].value(-1.2, 1.0) == pytest.approx(24.2)  # Rosenbrock 1960
    assert SURFACES["beale"].value(0.0, 0.0) == pytest.approx(1.5**2 + 2.25**2 + 2.625**2)
    assert SURFACES["saddle"].value(0.0, 0.0) == 1.0
    assert SURFACES["saddle"].gradient(0.0, 0.0) == (0, 0)
    assert SURFACES["ravine"].gradient(-4.0, 2.0) == (-4.0, 40.0)
    np.testing.assert_array_equal(heights(SURFACES["bowl"], 3, 3)[1], [12.5, 0, 12.5])
