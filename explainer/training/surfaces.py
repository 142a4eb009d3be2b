"""Losses of two weights, whose surfaces show what an optimizer does."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

SurfaceName = Literal["ravine", "rosenbrock", "beale", "saddle", "bowl"]
Point = tuple[float, float]

ASPECT = 10 / 7  # of every area, so that a unit is equally long on both axes of the same map


@dataclass(frozen=True)
class Surface:
    """A loss f(x, y), 0 at its minima and positive elsewhere.

    ``value`` takes numbers or arrays, ``gradient`` numbers and gives (df/dx, df/dy). ``code`` is ``value`` in Python,
    for tensors x and y. ``hessian`` is (fxx, fxy, fyy) at the minima. ``area`` (left, right, bottom, top) is the part
    worth seeing, ``start`` a point in it. ``rate`` and ``adaptive_rate`` are learning rates that suit SGD and the
    optimizers that divide by the gradient's size; ``noise`` is the standard deviation of the normal noise that both
    parts of a gradient have.
    """

    name: SurfaceName
    title: str
    latex: str
    code: str
    value: Callable[[Any, Any], Any]
    gradient: Callable[[float, float], Point]
    minima: tuple[Point, ...]
    hessian: tuple[float, float, float]
    area: tuple[float, float, float, float]
    start: Point
    rate: float
    adaptive_rate: float
    noise: float = 0.0

    @property
    def curvature(self) -> float:
        """The largest curvature at a minimum: the larger eigenvalue of the Hessian there."""
        xx, xy, yy = self.hessian
        return (xx + yy) / 2 + math.hypot((xx - yy) / 2, xy)


def heights(surface: Surface, columns: int, rows: int) -> NDArray[np.float64]:
    """The loss (rows, columns) at evenly spaced places of the area, its borders included, the highest y first."""
    left, right, bottom, top = surface.area
    x, y = np.meshgrid(np.linspace(left, right, columns), np.linspace(top, bottom, rows))
    return np.asarray(surface.value(x, y), dtype=np.float64)


def _ravine(x: Any, y: Any) -> Any:
    return (x * x + 20 * y * y) / 2


def _rosenbrock(x: Any, y: Any) -> Any:
    return (1 - x) * (1 - x) + 100 * (y - x * x) * (y - x * x)


def _rosenbrock_gradient(x: float, y: float) -> Point:
    off = y - x * x
    return -2 * (1 - x) - 400 * x * off, 200 * off


def _beale_terms(x: Any, y: Any) -> tuple[Any, Any, Any]:
    return 1.5 - x + x * y, 2.25 - x + x * y * y, 2.625 - x + x * y * y * y


def _beale(x: Any, y: Any) -> Any:
    first, second, third = _beale_terms(x, y)
    return first * first + second * second + third * third


def _beale_gradient(x: float, y: float) -> Point:
    first, second, third = _beale_terms(x, y)
    by_x = 2 * (first * (y - 1) + second * (y * y - 1) + third * (y * y * y - 1))
    return by_x, 2 * x * (first + 2 * second * y + 3 * third * y * y)


def _saddle(x: Any, y: Any) -> Any:
    return 1 - x * x / 2 + x * x * x * x / 16 + y * y


def _bowl(x: Any, y: Any) -> Any:
    return (x * x + 2 * y * y) / 2


RAVINE = Surface(
    name="ravine",
    title="Ravine",
    latex=r"f(x, y) = \tfrac12 x^2 + 10\,y^2",
    code="(x * x + 20 * y * y) / 2",
    value=_ravine,
    gradient=lambda x, y: (x, 20 * y),
    minima=((0.0, 0.0),),
    hessian=(1.0, 0.0, 20.0),
    area=(-5.0, 5.0, -3.5, 3.5),
    start=(-4.0, 2.0),
    rate=0.04,
    adaptive_rate=0.5,
)
ROSENBROCK = Surface(
    name="rosenbrock",
    title="Rosenbrock's valley",
    latex=r"f(x, y) = (1 - x)^2 + 100\,(y - x^2)^2",
    code="(1 - x) * (1 - x) + 100 * (y - x * x) * (y - x * x)",
    value=_rosenbrock,
    gradient=_rosenbrock_gradient,
    minima=((1.0, 1.0),),
    hessian=(802.0, -400.0, 200.0),
    area=(-2.0, 2.0, -0.8, 2.0),
    start=(-1.2, 1.0),
    rate=0.001,
    adaptive_rate=0.1,
)
BEALE = Surface(
    name="beale",
    title="Beale's function",
    latex=r"f(x, y) = (1.5 - x + xy)^2 + (2.25 - x + xy^2)^2 + (2.625 - x + xy^3)^2",
    code="(1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2",
    value=_beale,
    gradient=_beale_gradient,
    minima=((3.0, 0.5),),
    hessian=(3.15625, -11.4375, 46.125),
    area=(-1.0, 4.5, -1.6, 2.25),
    start=(0.5, -1.2),
    rate=0.005,
    adaptive_rate=0.1,
)
SADDLE = Surface(
    name="saddle",
    title="Saddle",
    latex=r"f(x, y) = 1 - \tfrac12 x^2 + \tfrac1{16} x^4 + y^2",
    code="1 - x * x / 2 + x**4 / 16 + y * y",
    value=_saddle,
    gradient=lambda x, y: (-x + x * x * x / 4, 2 * y),
    minima=((-2.0, 0.0), (2.0, 0.0)),
    hessian=(2.0, 0.0, 2.0),
    area=(-3.5, 3.5, -2.45, 2.45),
    start=(0.01, 2.0),
    rate=0.1,
    adaptive_rate=0.1,
)
BOWL = Surface(
    name="bowl",
    title="Noisy bowl",
    latex=r"f(x, y) = \tfrac12 x^2 + y^2",
    code="(x * x + 2 * y * y) / 2",
    value=_bowl,
    gradient=lambda x, y: (x, 2 * y),
    minima=((0.0, 0.0),),
    hessian=(1.0, 0.0, 2.0),
    area=(-5.0, 5.0, -3.5, 3.5),
    start=(-4.0, 2.5),
    rate=0.1,
    adaptive_rate=0.2,
    noise=2.0,
)
SURFACES: dict[SurfaceName, Surface] = {each.name: each for each in (RAVINE, ROSENBROCK, BEALE, SADDLE, BOWL)}
