"""Sliding windows built by hand: ``?case=`` names one, and the button changes its numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from explainer.data.digits import load
from explainer.layers.window import ZERO, Axis, Window
from explainer.ui.components.sliding_window import Picture, sliding_window

Numbers = NDArray[np.float64]
GRID = np.array(
    [
        [0, 1, 2, 1, 0, -1, 0],
        [1, 3, 5, 3, 1, 0, 2],
        [2, 5, -4, 5, 2, 1, 0],
        [1, 3, 5, 3, 1, 0, -2],
        [0, 1, 2, 1, 0, 3, 1],
        [-1, 0, 1, 0, 2, 1, 0],
        [0, 2, 0, -3, 1, 0, 1],
    ],
    float,
)
SHARPEN = np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]], float)
SOBEL = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], float)
POOLED = np.array(
    [
        [0.2, -0.1, 0.1, -0.2, 1.2, 0.3],
        [0.3, 0.7, -0.8, 0, 0.1, 0.4],
        [0.1, 0.6, 0.9, 0.2, 0.6, 0.3],
        [0.5, 0.1, -0.2, 0, 0.1, 0],
    ]
)


def axis(
    size: int, kernel: int, *, stride: int = 1, dilation: int = 1, padding: int = 0, reflect: bool = False
) -> Axis:
    places = np.arange(size)
    source = np.pad(places, padding, mode="reflect") if reflect else np.pad(places, padding, constant_values=ZERO)
    count = (size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1
    taps = tuple(tuple((o * stride + k * dilation, k) for k in range(kernel)) for o in range(count))
    return Axis(tuple(source.tolist()), padding, size, taps)


def transposed_axis(size: int, kernel: int, stride: int) -> Axis:
    outputs: list[list[tuple[int, int]]] = [[] for _ in range((size - 1) * stride + kernel)]
    for at in range(size):
        for k in range(kernel):
            outputs[at * stride + k].append((at, k))
    return Axis(tuple(range(size)), 0, size, tuple(tuple(taps) for taps in outputs))


def window(inputs: Numbers, kernels: Numbers | None, size: tuple[int, int] | None = None, **options: Any) -> Window:
    """A window whose axes are alike; ``options`` are those of ``axis`` and of Window."""
    planes = inputs[None] if inputs.ndim == 2 else inputs
    weights = kernels[None] if kernels is not None and kernels.ndim == 2 else kernels
    own = {name: options.pop(name) for name in ("reduction", "divisors", "bias", "activation") if name in options}
    height, width = size or weights.shape[1:]  # type: ignore[union-attr]
    rows, columns = axis(planes.shape[1], height, **options), axis(planes.shape[2], width, **options)
    return Window(planes, weights, rows, columns, **own)


def evaluate(shown: Window) -> tuple[Numbers, Numbers]:
    """The output (height, width) and what each plane adds to it, tap by tap."""
    rows, columns = (np.array(each.source) for each in (shown.rows, shown.columns))
    padded = shown.inputs[:, rows[:, None], columns]
    padded[:, rows == ZERO] = padded[:, :, columns == ZERO] = 0
    partials = np.zeros((len(shown.inputs), *shown.shape))
    largest = np.full(shown.shape, -np.inf)
    for i in range(max(k for taps in shown.rows.taps for _, k in taps) + 1):
        for j in range(max(k for taps in shown.columns.taps for _, k in taps) + 1):
            (ys, top), (xs, left) = met(shown.rows, i), met(shown.columns, j)
            values = padded[:, top[:, None], left]
            products = values if shown.kernels is None else values * shown.kernels[:, i, j][:, None, None]
            partials[:, ys[:, None], xs] += products**2 if shown.reduction == "l2" else products
            largest[ys[:, None], xs] = np.maximum(largest[ys[:, None], xs], products[0])
    total = largest if shown.reduction == "max" else partials.sum(0)
    total = np.sqrt(total) if shown.reduction == "l2" else total
    total = total / (1.0 if shown.divisors is None else shown.divisors) + shown.bias
    return (np.maximum(total, 0) if shown.activation == "relu" else total), partials


def met(each: Axis, index: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The outputs that use a kernel index, and the places that they read there."""
    pairs = [(output, at) for output, taps in enumerate(each.taps) for at, k in taps if k == index]
    found = np.array(pairs, np.intp).reshape(-1, 2)
    return found[:, 0], found[:, 1]


def photo(side: int = 512) -> Numbers:
    """A picture with edges of all directions, in 256 levels of grey."""
    y, x = np.mgrid[0:side, 0:side] / side - 0.5
    radius = np.hypot(x, y)
    rings = 0.5 + 0.4 * np.cos(40 * radius) * (radius < 0.4)
    stripes = 0.25 * np.sign(np.sin(30 * (x + y))) * (x > 0.2)
    return np.round(255 * np.clip(rings + stripes + 0.2 * y, 0, 1)) / 255


def digit() -> Numbers:
    return load("mnist").test_images[0].astype(np.float64) / 255


def colours() -> Numbers:
    return np.stack([np.clip(np.roll(np.abs(GRID[:5, :5]), shift, 1) / 5, 0, 1) for shift in range(3)])


def grid(step: int = 0, **options: Any) -> dict[str, Any]:
    return {"window": window(GRID + step, SHARPEN, **options)}


def grid_of(kernel: Numbers) -> dict[str, Any]:
    return {"window": window(GRID, kernel, padding=2)}


def signal() -> dict[str, Any]:
    values = np.round(np.sin(np.arange(16) / 2) * 3 + (np.arange(16) % 5 == 0), 1)[None]
    rows, columns = axis(1, 1), axis(16, 3, padding=1)
    return {"window": Window(values[None], np.array([[[-0.5, 1, -0.5]]]), rows, columns)}


def stamps(step: int = 0, kernel: int = 3, stride: int = 2) -> dict[str, Any]:
    inputs = np.array([[1, 2, 0], [-1, 3, 1], [2, 0, -2]], float) + step
    weights = np.outer(np.arange(1, kernel + 1), np.arange(1, kernel + 1)).astype(float) / 2
    axes = (transposed_axis(3, kernel, stride) for _ in range(2))
    return {"window": Window(inputs[None], weights[None], *axes), "view": "stamp"}


def rgb() -> dict[str, Any]:
    kernels = np.stack([SOBEL / 4, SHARPEN / 4, -SOBEL.T / 4])
    shown = window(colours(), kernels, padding=1, bias=0.5, activation="relu")
    return {
        "window": shown,
        "partials": evaluate(shown)[1],
        "planes": ("Red", "Green", "Blue"),
        "input_scale": "rgb",
        "height": 560,
    }


def pooling(values: Numbers, size: int, stride: int, reduction: str, **options: Any) -> dict[str, Any]:
    shape = window(values, None, (size, size), stride=stride).shape
    divisors = np.full(shape, size * size, float) if reduction == "mean" else None
    own = "sum" if reduction == "mean" else reduction
    shown = window(values, None, (size, size), stride=stride, reduction=own, divisors=divisors)
    return {"window": shown, **options}


def picture(values: Numbers, kernel: Numbers, **options: Any) -> dict[str, Any]:
    return {"window": window(values, kernel, **options), "input_scale": "grey"}


CASES: dict[str, Callable[[int], dict[str, Any]]] = {
    "grid": grid,
    "shrinks": lambda step: {"window": window(GRID[: 7 - 3 * step, : 7 - 3 * step], SHARPEN), "start": (0, 1)},
    "mean": lambda _: {"window": window(GRID, SOBEL, bias=0.25, activation="relu", divisors=np.full((5, 5), 9.0))},
    "reflect": lambda _: grid(padding=1, reflect=True),
    "zeros": lambda _: grid(padding=1),
    "dilated": lambda _: grid(dilation=2),
    "unread": lambda _: {"window": window(GRID[:6, :6], SHARPEN, stride=2)},
    "digit": lambda _: picture(digit(), SOBEL, padding=1),
    "large_kernel": lambda _: picture(digit(), np.outer(np.hanning(13)[1:-1], np.hanning(13)[1:-1]) / 36),
    "five": lambda _: grid_of(np.outer([1, 4, 6, 4, 1], [1, 4, 6, 4, 1]) / 256),
    "photo": lambda step: picture(photo(), (SOBEL - step) / 4, padding=1),
    "rgb": lambda _: rgb(),
    "max": lambda _: pooling(POOLED, 2, 2, "max"),
    "average": lambda _: pooling(POOLED, 2, 2, "mean"),
    "l2": lambda _: pooling(POOLED, 2, 1, "l2"),
    "global": lambda _: pooling(digit(), 28, 28, "mean", input_scale="grey"),
    "stamps": stamps,
    "gaps": lambda step: stamps(step, kernel=2, stride=3),
    "signal": lambda _: signal(),
    "one": lambda _: {"window": window(GRID[:3, :3], SHARPEN)},
    "extreme": lambda _: {"window": window(np.array([[1e-8, -0.0], [1e6, -2.5]]), np.array([[1.0]]))},
}


def show() -> None:
    options = CASES[st.query_params.get("case", "grid")](st.session_state.get("step", 0))
    sliding_window(Picture(output=evaluate(options["window"])[0], **options), key="window")


def change() -> None:
    st.session_state["step"] = st.session_state.get("step", 0) + 1


st.set_page_config(layout="wide")
st.button("Change", on_click=change)
st.text_input("Name", "a")
show()
