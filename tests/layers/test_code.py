"""The code that the pages show computes what they show."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from explainer.data.samples import photograph
from explainer.layers.code import convolution_code, literal, picture_file
from explainer.layers.convolution import Convolution, output

ROOT = Path(__file__).parents[2]


def run(code: str) -> np.ndarray:
    names: dict[str, Any] = {}
    exec(code, names)
    return names["output"][0].numpy()


@pytest.mark.parametrize(
    "settings",
    [
        Convolution(),
        Convolution((2, 1), (1, 2), "same"),
        Convolution(padding="full", flip=True, activation="relu"),
        Convolution(padding=(0, 1, 2, 3), mode="reflect", mean=True),
        Convolution(padding=(2, 0, 1, 0), mode="circular", groups=2),
    ],
)
def test_the_convolution_of_the_page(settings: Convolution) -> None:
    rng = np.random.default_rng(1)
    inputs = rng.normal(size=(2, 7, 9))
    weights = rng.normal(size=(4, 2 // settings.groups, 3, 2))
    bias = rng.normal(size=4)
    code = convolution_code(literal("inputs", inputs[None]), (7, 9), weights, settings, bias)
    np.testing.assert_allclose(run(code), output(inputs, weights, settings, bias), rtol=0, atol=1e-12)


@pytest.mark.parametrize("color", [False, True])
@pytest.mark.parametrize("name", ["photographer", "cat", "rocket"])
def test_a_photograph_is_read_as_the_page_has_it(name: str, color: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    from explainer.data.samples import PHOTOGRAPHS

    file = next(photo.file for photo in PHOTOGRAPHS if photo.name == name)
    picture = photograph(name)
    with Image.open(f"assets/images/{file}") as image:
        size = None if image.size[::-1] == picture.size else picture.size
    code = f"import torch\n{picture_file(f'assets/images/{file}', size, color)}\noutput = inputs"
    want = picture.rgb.transpose(2, 0, 1) if color else picture.grey[None]
    np.testing.assert_array_equal(run(code), want)


def test_numbers_are_written_to_the_last_bit() -> None:
    values = np.random.default_rng(0).normal(size=(1, 3, 4))
    names: dict[str, Any] = {}
    exec(f"import torch\n{literal('x', values)}", names)
    assert np.array_equal(names["x"].numpy(), values)
