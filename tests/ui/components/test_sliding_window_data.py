"""What the browser gets of a sliding window."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from explainer.layers.window import ZERO, Axis, Window
from explainer.ui.components.sliding_window import Picture, encode

KINDS = {"byte": "u1", "share": "u1", "share4": "u1", "f4": "<f4", "f8": "<f8", "i4": "<i4"}


def decode(data: bytes) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """The header and the arrays, read as the browser does."""
    length = int.from_bytes(data[:4], "little")
    assert (4 + length) % 8 == 0
    header = json.loads(data[4 : 4 + length])
    found = {}
    for name, place in header["arrays"].items():
        assert place["at"] % 8 == 0
        count = int(np.prod(place["shape"]))
        values = np.frombuffer(data, KINDS[place["kind"]], count, 4 + length + place["at"]).reshape(place["shape"])
        if place["kind"] == "share":
            values = values / 255
        if place["kind"] == "share4":
            values = (values / 255).astype(np.float32)
        found[name] = values
    return header, found


def axis(size: int, kernel: int, padding: int = 0) -> Axis:
    source = (*(ZERO,) * padding, *range(size), *(ZERO,) * padding)
    taps = tuple(tuple((o + k, k) for k in range(kernel)) for o in range(len(source) - kernel + 1))
    return Axis(source, padding, size, taps)


def window(inputs: np.ndarray, kernel: int = 1, padding: int = 0, **options: Any) -> Window:
    kernels = np.ones((inputs.shape[0], kernel, kernel))
    rows, columns = (axis(size, kernel, padding) for size in inputs.shape[1:])
    return Window(inputs, options.pop("kernels", kernels), rows, columns, **options)


def picture(inputs: Any, output: Any = None, **options: Any) -> Picture:
    """A picture of a 1x1 window."""
    shown = window(np.array(inputs, np.float64)[None])
    return Picture(shown, np.zeros(shown.shape) if output is None else np.array(output, np.float64), **options)


def kind(values: np.ndarray) -> str:
    header, found = decode(encode(picture(values)))
    expected = values if header["arrays"]["inputs"]["kind"] != "f4" else values.astype(np.float32)
    np.testing.assert_array_equal(found["inputs"][0], expected)
    return str(header["arrays"]["inputs"]["kind"])


def test_numbers_travel_in_their_shortest_exact_form() -> None:
    levels = np.arange(256).reshape(16, 16)
    assert kind(levels.astype(np.float64)) == "byte"
    assert kind(levels / 255) == "share"
    assert kind((levels.astype(np.float32) / np.float32(255)).astype(np.float64)) == "share4"
    assert kind(levels - 1.0) == "f8"
    assert kind(levels + 0.5) == "f8"
    assert kind(np.full((1, 2), 1e-8)) == "f8"
    assert kind(np.random.default_rng(0).normal(size=(129, 128))) == "f4"


@settings(max_examples=50, deadline=None)
@given(arrays(np.float64, array_shapes(min_dims=2, max_dims=2, max_side=6), elements=st.floats(-1e9, 1e9)))
def test_small_arrays_arrive_exactly(values: np.ndarray) -> None:
    _, found = decode(encode(picture(values, output=-values)))
    np.testing.assert_array_equal(found["inputs"][0], values)
    np.testing.assert_array_equal(found["output"], -values)


def test_what_is_not_finite_arrives() -> None:
    values = np.array([[np.nan, np.inf], [-np.inf, 1.0]])
    header, found = decode(encode(picture(values)))
    np.testing.assert_array_equal(found["inputs"][0], values)
    assert header["inputRange"] == [-1, 1]


def test_a_photograph_takes_a_byte_a_pixel_and_its_map_four() -> None:
    rng = np.random.default_rng(0)
    photo = window(rng.integers(0, 256, (1, 512, 512)) / 255, kernel=3, padding=1)
    data = encode(Picture(photo, rng.normal(size=(512, 512))))
    assert len(data) < 512 * 512 * 5 + 40_000


def test_axes_travel_as_lists_of_taps() -> None:
    rows = Axis((1, 0, 1, 2, 1), 1, 3, (((0, 0), (2, 2)), (), ((4, 1),)))
    columns = Axis((0, 1), 0, 2, (((1, 0),),))
    shown = Window(np.arange(6.0).reshape(1, 3, 2), np.ones((1, 3, 1)), rows, columns)
    header, found = decode(encode(Picture(shown, np.zeros((3, 1)))))
    assert found["rows.source"].tolist() == [1, 0, 1, 2, 1]
    assert found["rows.ends"].tolist() == [0, 2, 2, 3]
    assert found["rows.taps"].tolist() == [[0, 0], [2, 2], [4, 1]]
    assert found["columns.taps"].tolist() == [[1, 0]]
    assert (header["before"], header["kernelSize"]) == ([1, 0], [3, 1])


def test_the_header_says_how_to_reduce_and_what_to_call_things() -> None:
    inputs = np.ones((2, 2, 2))
    shown = window(inputs, bias=-0.5, activation="relu", divisors=np.full((2, 2), 4.0))
    names = ("Image <b>", "Weights", "Map")
    header, found = decode(
        encode(
            Picture(shown, np.ones((2, 2)), labels=names, planes=("a", "b"), start=(1, 0), partials=inputs, decimals=3),
            {"words": {"play": "Play"}},
        )
    )
    assert (header["reduction"], header["activation"], header["bias"]) == ("sum", "relu", -0.5)
    assert (header["labels"], header["planes"], header["start"]) == (list(names), ["a", "b"], [1, 0])
    assert (header["decimals"], header["words"]) == (3, {"play": "Play"})
    assert found["divisors"].tolist() == [[4, 4], [4, 4]]
    assert found["partials"].shape == (2, 2, 2)


def test_pooling_has_a_window_of_the_size_of_its_taps() -> None:
    shown = window(np.ones((1, 5, 5)), kernel=3, kernels=None, reduction="max")
    header, found = decode(encode(Picture(shown, np.ones((3, 3)))))
    assert header["kernelSize"] == [3, 3]
    assert "kernels" not in found


@pytest.mark.parametrize(
    ("values", "options", "expected"),
    [
        ([[-0.5, 2.0]], {}, [-2, 2]),
        ([[0.0, 0.0]], {}, [-1, 1]),
        ([[1.0, 2.0]], {"input_range": (-3.0, 1.0)}, [-3, 3]),
        ([[0.25, 0.5]], {"input_scale": "grey"}, [0, 0.5]),
        ([[0.0, 0.0]], {"input_scale": "grey"}, [0, 1]),
        ([[0.25, 0.5]], {"input_scale": "grey", "input_range": (0.0, 1.0)}, [0, 1]),
    ],
)
def test_ranges_of_colours(values: Any, options: dict[str, Any], expected: list[float]) -> None:
    assert decode(encode(picture(values, **options)))[0]["inputRange"] == expected


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"output": [[1.0]]}, r"The output should be \(2, 2\) large, not \(1, 1\)"),
        ({"partials": np.zeros((2, 2, 2))}, r"The partial maps should be \(1, 2, 2\) large"),
        ({"planes": ("a", "b")}, "1 planes need 1 names, not 2"),
        ({"start": (2, 0)}, r"no position \(2, 0\) among \(2, 2\)"),
        ({"start": (0, -1)}, "no position"),
        ({"input_scale": "rgb"}, "three planes, not 1"),
        ({"output_scale": "rgb"}, "one plane"),
        ({"input_range": (1.0, 1.0)}, r"from low to high, not from 1\.0 to 1\.0"),
        ({"output_range": (0.0, np.inf)}, "not from 0.0 to inf"),
        ({"decimals": 7}, "0 to 6 decimals, not 7"),
        ({"height": 100}, "120 to 1200 pixels high, not 100"),
    ],
)
def test_impossible_pictures_are_refused(options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        picture(np.ones((2, 2)), **options)


@pytest.mark.parametrize(
    ("shown", "options", "sentence"),
    [
        (window(np.ones((1, 2, 2)), kernels=np.ones((2, 1, 1))), {}, "The kernels should be"),
        (window(np.ones((1, 2, 2)), divisors=np.ones((1, 2))), {}, "The divisors should be"),
        (window(np.ones((17, 2, 2))), {}, "choose 16 at most"),
        (window(np.ones((1, 2, 2)), kernels=None, reduction="max"), {"view": "stamp"}, "Only a sum"),
        (window(np.ones((1, 2, 2)), divisors=np.ones((2, 2))), {"view": "stamp"}, "Only a sum"),
    ],
)
def test_impossible_windows_are_refused(shown: Window, options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Picture(shown, np.ones((2, 2)), **options)


def test_a_window_without_positions_is_refused() -> None:
    with pytest.raises(ValueError, match="Nothing can slide"):
        Picture(window(np.ones((1, 2, 2)), kernel=3), np.ones((0, 0)))
