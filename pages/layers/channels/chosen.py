"""What the controls of the page "Channels and filters" hold."""

from __future__ import annotations

from math import gcd

import numpy as np
from numpy.typing import NDArray

from explainer.data.planes import PLANE_NAMES, split_planes
from explainer.layers.code import literal
from explainer.layers.filters import FILTERS, MIXTURES, filters, mixtures
from explainer.networks import hidden_digits
from explainer.ui.controls.inputs import MAPS, Input, chosen_input
from explainer.ui.frame.widget_values import value_of
from explainer.ui.language import say
from pages.layers.channels import weights
from pages.layers.channels.view import DEPTHWISE, SEPARABLE, STANDARD, View

LAYER = "c_layer"  # whose maps are read
PICTURE_SIDE = 96  # pixels of a photograph's longer side
SEEDLESS = 8  # filters that are not random come first


def planes_named() -> tuple[str, ...]:
    """The channels of the input."""
    if value_of("input") != MAPS:
        return PLANE_NAMES
    return tuple(say("channels.plane", number=number) for number in range(1, hidden_digits.MAPS[_layer()] + 1))


def offered(kind: str, count: int) -> tuple[str, dict[str, str]]:
    """What is looked at, as the key of its control, and the names of all there are."""
    named = planes_named()
    if kind == DEPTHWISE and named == PLANE_NAMES:
        return "channel", dict(zip(("red", "green", "blue"), PLANE_NAMES, strict=True))
    if kind == DEPTHWISE:
        return "channel", {f"{number}": name for number, name in enumerate(named, 1)}
    if kind == SEPARABLE:
        return "mixture", {each.key: each.name for each in MIXTURES[:count]}
    return "filter", {each.key: each.name for each in FILTERS[:count]}


def is_seeded(kind: str, count: int) -> bool:
    return count > SEEDLESS and kind != DEPTHWISE


def chosen_view() -> View:
    """What the controls hold."""
    kind, count = str(value_of("kind")), int(value_of("filters"))
    given, seed, groups = _planes(), _seed(kind, count), _groups(kind, count)
    number, name = looked_at(kind, count)
    return View(
        given,
        kind,
        weights.with_own(named, number if kind == STANDARD else None),
        mixtures(count, seed, len(given.planes)),
        number,
        name,
        value_of("bias"),
        value_of("padding"),
        stride=int(value_of("c_stride")),
        dilation=int(value_of("c_dilation")),
        groups=groups,
        planes_named=planes_named(),
    )


def looked_at(kind: str, count: int) -> tuple[int, str]:
    """Number and name of the filter, mixture or channel."""
    key, names = offered(kind, count)
    number = list(names).index(value_of(key)) if value_of(key) in names else 0
    return number, list(names.values())[number]


def _seed(kind: str, count: int) -> int:
    return int(value_of("seed")) if is_seeded(kind, count) else 0


def _groups(kind: str, count: int) -> int:
    """The groups that were chosen; 1 where the channels or the filters are others now, which these do not divide."""
    groups = int(value_of("c_groups")) if kind == STANDARD else 1
    return groups if gcd(len(planes_named()), count) % groups == 0 else 1


def named(side: int | None = None) -> NDArray[np.float64]:
    """The kernels with names, as ``View`` has them, of ``side`` or the one that was chosen."""
    kind, count, channels = str(value_of("kind")), int(value_of("filters")), len(planes_named())
    side = side or int(value_of("side"))
    if kind != STANDARD:
        alone: NDArray[np.float64] = filters(1, side, 0, channels)[0][:, None]
        return alone
    read = channels // _groups(kind, count)
    kernels: NDArray[np.float64] = filters(count, side, _seed(kind, count), channels)[:, :read]
    return kernels


def _layer() -> hidden_digits.MapsName:
    layer: hidden_digits.MapsName = value_of(LAYER)
    return layer


def _planes() -> Input:
    if value_of("input") == MAPS:
        maps = hidden_digits.maps(int(value_of("c_digit")), _layer())
        return Input(maps, is_picture=False, code=literal("inputs", maps[None]))
    given = chosen_input(color=True, side=PICTURE_SIDE)
    if given.is_picture:
        return given
    planes = split_planes(given.planes[0])
    return Input(planes, is_picture=False, code=literal("inputs", planes[None]))
