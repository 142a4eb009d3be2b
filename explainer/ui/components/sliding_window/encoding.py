"""A window as one block of bytes for the browser: a JSON header, then its arrays."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from explainer.layers.geometry import Sides
from explainer.layers.window import Axis, Window

View = Literal["gather", "stamp"]
Scale = Literal["diverging", "grey", "rgb"]

EXACT_NUMBERS = 16_384  # arrays up to this many numbers travel in double precision
MAX_PLANES = 16
_ALIGNMENT = 8  # bytes: typed arrays begin at multiples of their element's size


@dataclass(frozen=True, eq=False)
class Picture:
    """A window that slides, as it is drawn.

    ``output`` (output height, output width) is what the layer made of ``window``. In the view "gather" the position
    is a cell of the output, and the window shows what that cell reads; in "stamp" (transposed convolution) it is a
    pixel of the input, whose value times the kernel is added into the output. ``start`` is the (row, column) of the
    first position.

    ``labels`` name input, kernel and output. Where the input has several planes, ``planes`` name them, and
    ``partials`` (planes, output height, output width) is what each of them alone adds: it is shown as a column of
    maps before the output. ``input_scale`` and ``output_scale`` are "diverging" (signed, 0 in the middle), "grey",
    or, for three planes of an input, "rgb"; their ranges (low, high) are those of the values where none is given,
    and reach from -m to m on a diverging scale. Numbers have at most ``decimals`` places, 0 to 6. ``height`` is that
    of the drawing on a wide page, in CSS pixels, 120 to 1200; several planes share it.

    Without ``fits`` the settings are impossible: the window stands still where it would begin, no ``output`` is drawn,
    and what the window reads of ``OUTSIDE`` stands out. ``lost`` are rows and columns of a stamp view's output,
    (before, after) along each axis, that impossible settings cannot have.

    Raises ValueError where shapes disagree, where a start, a range, a height or a number of decimals is impossible,
    and for a stamp view of a reduction that is not a plain sum.
    """

    window: Window
    output: NDArray[np.floating]
    view: View = "gather"
    start: tuple[int, int] = (0, 0)
    labels: tuple[str, str, str] | None = None
    planes: tuple[str, ...] = ()
    partials: NDArray[np.floating] | None = None
    input_scale: Scale = "diverging"
    input_range: tuple[float, float] | None = None
    output_scale: Scale = "diverging"
    output_range: tuple[float, float] | None = None
    decimals: int = 2
    height: int = 360
    fits: bool = True
    lost: tuple[Sides, Sides] = ((0, 0), (0, 0))

    def __post_init__(self) -> None:
        _check_shapes(self)
        _check_settings(self)


def encode(picture: Picture, extra: Mapping[str, Any] | None = None) -> bytes:
    """All that the browser gets, as bytes; ``extra`` is added to the header.

    Four bytes give the length of the header (little-endian, as all that follows), which is JSON padded with blanks
    to a multiple of eight bytes; then come the arrays. In the header, ``arrays`` gives of each its ``kind``, its
    ``shape`` and the place ``at`` which it begins after the header. Kinds: "byte" is one byte a number; "share" one
    byte, to be divided by 255; "share4" the same, rounded to single precision; "f4", "f8" and "i4" are NumPy's.
    """
    window = picture.window
    arrays: dict[str, tuple[str, NDArray[Any]]] = {"inputs": _pack(window.inputs), "output": _pack(picture.output)}
    optional = {"kernels": window.kernels, "divisors": window.divisors, "partials": picture.partials}
    arrays |= {name: _pack(values) for name, values in optional.items() if values is not None}
    for name, axis in (("rows", window.rows), ("columns", window.columns)):
        arrays |= {f"{name}.{part}": ("i4", values) for part, values in _axis(axis).items()}
    return _join({**_header(picture), **(extra or {})}, arrays)


def _header(picture: Picture) -> dict[str, Any]:
    window = picture.window
    return {
        "view": picture.view,
        "start": list(picture.start),
        "labels": picture.labels,
        "planes": picture.planes,
        "inputScale": picture.input_scale,
        "inputRange": _range(window.inputs, picture.input_scale, picture.input_range),
        "outputScale": picture.output_scale,
        "outputRange": _range(picture.output, picture.output_scale, picture.output_range),
        "decimals": picture.decimals,
        "drawing": picture.height,
        "fits": picture.fits,
        "lost": picture.lost,
        "reduction": window.reduction,
        "activation": window.activation,
        "bias": window.bias,
        "before": [window.rows.before, window.columns.before],
        "kernelSize": _kernel_size(window),
    }


def _pack(values: NDArray[Any]) -> tuple[str, NDArray[Any]]:
    """The shortest kind that keeps an array's numbers exactly; singles for many numbers that have none."""
    bytes_ = np.clip(np.nan_to_num(values), 0, 255)
    whole = bytes_.astype(np.uint8)
    if np.array_equal(whole, values):
        return "byte", whole
    levels = np.rint(np.clip(np.nan_to_num(values), 0, 1) * 255).astype(np.uint8)
    if np.array_equal(levels / 255, values):
        return "share", levels
    if np.array_equal(levels.astype(np.float32) / np.float32(255), values):
        return "share4", levels
    if values.size <= EXACT_NUMBERS:
        return "f8", values.astype("<f8")
    return "f4", values.astype("<f4")


def _axis(axis: Axis) -> dict[str, NDArray[np.int32]]:
    """``source`` as it is; ``ends`` (outputs + 1,) where each output's taps begin and end; ``taps`` (all taps, 2)."""
    ends = [0, *itertools.accumulate(len(taps) for taps in axis.taps)]
    pairs = [pair for taps in axis.taps for pair in taps]
    return {
        "source": np.array(axis.source, "<i4"),
        "ends": np.array(ends, "<i4"),
        "taps": np.array(pairs, "<i4").reshape(-1, 2),
    }


def _kernel_size(window: Window) -> tuple[int, int]:
    """Height and width of the kernel; of pooling, those of the largest window."""
    if window.kernels is not None:
        return window.kernels.shape[1], window.kernels.shape[2]
    sizes = [max((index + 1 for taps in axis.taps for _, index in taps), default=1) for axis in _axes(window)]
    return sizes[0], sizes[1]


def _axes(window: Window) -> tuple[Axis, Axis]:
    return window.rows, window.columns


def _range(values: NDArray[Any], scale: Scale, given: tuple[float, float] | None) -> list[float]:
    """The values at the ends of a colour scale."""
    finite = values[np.isfinite(values)]
    low, high = given or (float(finite.min(initial=0.0)), float(finite.max(initial=0.0)))
    if scale == "diverging":
        limit = max(abs(low), abs(high)) or 1.0
        return [-limit, limit]
    return [low, high if high > low else low + 1.0]


def _join(header: dict[str, Any], arrays: Mapping[str, tuple[str, NDArray[Any]]]) -> bytes:
    blocks: list[bytes] = []
    places: dict[str, dict[str, Any]] = {}
    at = 0
    for name, (kind, values) in arrays.items():
        block = values.tobytes()
        block += b"\0" * (-len(block) % _ALIGNMENT)
        places[name] = {"kind": kind, "shape": values.shape, "at": at}
        blocks.append(block)
        at += len(block)
    text = json.dumps({**header, "arrays": places}, allow_nan=False).encode()
    text += b" " * (-(len(text) + 4) % _ALIGNMENT)
    return b"".join((len(text).to_bytes(4, "little"), text, *blocks))


def _check_shapes(picture: Picture) -> None:
    window = picture.window
    planes = window.inputs.shape[0]
    wanted: list[tuple[str, tuple[int, ...] | None, tuple[int, ...]]] = [
        ("The output", picture.output.shape, window.shape),
        ("The input", window.inputs.shape, (planes, window.rows.size, window.columns.size)),
        ("The divisors", _shape(window.divisors), window.shape),
        ("The partial maps", _shape(picture.partials), (planes, *window.shape)),
    ]
    if window.kernels is not None:
        wanted.append(("The kernels", window.kernels.shape, (planes, *_kernel_size(window))))
    for name, shape, expected in wanted:
        if shape not in (None, expected):
            raise ValueError(f"{name} should be {expected} large, not {shape}.")
    if 0 in (*window.shape, *window.inputs.shape):
        raise ValueError(f"Nothing can slide: the input is {window.inputs.shape} large, the output {window.shape}.")
    if planes > MAX_PLANES:
        raise ValueError(f"A window over {planes} planes cannot be drawn: choose {MAX_PLANES} at most.")
    if picture.planes and len(picture.planes) != planes:
        raise ValueError(f"{planes} planes need {planes} names, not {len(picture.planes)}.")


def _shape(values: NDArray[Any] | None) -> tuple[int, ...] | None:
    return None if values is None else values.shape


def _check_settings(picture: Picture) -> None:
    window = picture.window
    positions = window.shape if picture.view == "gather" else window.inputs.shape[1:]
    if not all(0 <= at < size for at, size in zip(picture.start, positions, strict=True)):
        raise ValueError(f"There is no position {picture.start} among {positions}.")
    if picture.view == "stamp" and (window.kernels is None or window.reduction != "sum" or window.divisors is not None):
        raise ValueError("Only a sum of values times a kernel can be drawn as stamps.")
    if picture.input_scale == "rgb" and window.inputs.shape[0] != 3:
        raise ValueError(f"Red, green and blue are three planes, not {window.inputs.shape[0]}.")
    if picture.output_scale == "rgb":
        raise ValueError("An output is one plane: draw it diverging or grey.")
    for given in (picture.input_range, picture.output_range):
        if given is not None and not (np.isfinite(given).all() and given[0] < given[1]):
            raise ValueError(f"A range of colours goes from low to high, not from {given[0]} to {given[1]}.")
    if not 0 <= picture.decimals <= 6:
        raise ValueError(f"Numbers have 0 to 6 decimals, not {picture.decimals}.")
    if not 120 <= picture.height <= 1200:
        raise ValueError(f"The drawing is 120 to 1200 pixels high, not {picture.height}.")
