"""The code of the page computes the maps that it shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from explainer.data.digits import load
from explainer.data.samples import photograph
from explainer.inspection.attribution_code import (
    OF_FILE,
    Source,
    attribution_code,
    of_digit,
    of_photograph,
)
from explainer.inspection.grad_cam import usual_layer
from explainer.inspection.methods import METHODS, Settings
from explainer.inspection.target import Explained, Target, Unit
from explainer.networks import zoo
from explainer.networks.reading import shown, to_input

DIGIT = load("mnist").test_images[5].copy()


def run(code: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(code, names)
    return names


def compare(
    name: str, source: Source, pixels: np.ndarray, method: str, *, target: Explained, settings: Settings
) -> None:
    network = zoo.load(name)
    inputs = to_input(network.description.transform, pixels).numpy()
    want = METHODS[method].heat(METHODS[method].attribute(network, inputs, target, settings))
    code = attribution_code(name, network.description, source, method=method, target=target, settings=settings)
    found = run(code)["heat"].numpy()
    np.testing.assert_allclose(found, want, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("method", list(METHODS))
@pytest.mark.parametrize("of", ["logit", "probability"])
def test_every_method_on_a_digit(method: str, of: Any) -> None:
    layer = usual_layer(zoo.load("digits-bn"))
    settings = Settings(
        layer, samples=5, noise=0.2, seed=3, steps=12, baseline="black", patch=8, stride=5, fill="black"
    )
    compare("digits-bn", of_digit(5), DIGIT, method, target=Target(1, of), settings=settings)


@pytest.mark.parametrize("method", list(METHODS))
@pytest.mark.parametrize("of", ["logit", "probability"])
def test_the_difference_of_two_classes(method: str, of: Any) -> None:
    """As the page shows it: the maps' difference with its signs, also of methods whose own map has none."""
    network, source = zoo.load("digits-bn"), of_digit(5)
    settings = Settings(usual_layer(network), samples=4, seed=3, steps=6, patch=8, stride=5)
    inputs = to_input(network.description.transform, DIGIT).numpy()
    one, two = (Target(label, of) for label in (1, 7))
    code = attribution_code(
        "digits-bn", network.description, source, method=method, target=one, settings=settings, other=two
    )
    values = [METHODS[method].attribute(network, inputs, target, settings) for target in (one, two)]
    want = (values[0] - values[1]).sum(0)
    assert want.any()
    np.testing.assert_allclose(run(code)["heat"].numpy(), want, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("method", [key for key, method in METHODS.items() if method.tells_units])
@pytest.mark.parametrize("unit", [Unit("activation_2", 3, (4, 5)), Unit("fully_connected_1", 7)])
def test_a_unit_of_a_layer(method: str, unit: Unit) -> None:
    settings = Settings(samples=3, noise=0.2, seed=3, steps=5)
    compare("digits-bn", of_digit(5), DIGIT, method, target=unit, settings=settings)


@pytest.mark.parametrize("kind", ["mean", "blurred"])
@pytest.mark.parametrize("method", ["integrated-gradients", "occlusion"])
def test_other_fills(method: str, kind: Any) -> None:
    settings = Settings(steps=6, baseline=kind, patch=14, stride=7, fill=kind)
    compare("digits", of_digit(5), DIGIT, method, target=Target(3), settings=settings)


def test_a_photograph() -> None:
    network = zoo.load("squeezenet")
    pixels = shown(network.description.transform, photograph("cat")).copy()
    compare("squeezenet", of_photograph("cat"), pixels, "grad-cam", target=Target(285), settings=Settings("cat_7"))


def test_a_picture_of_the_visitor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Image.fromarray(255 - DIGIT).save("picture.png")
    compare("digits", OF_FILE, 255 - DIGIT, "gradient", target=Target(2), settings=Settings())


def test_a_network_of_the_visitor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from explainer.data.assets import assets_path

    weights = assets_path() / "readers" / "plain.safetensors"
    (tmp_path / "weights.safetensors").write_bytes(weights.read_bytes())
    monkeypatch.chdir(tmp_path)
    network = zoo.load("digits")
    settings = Settings()
    code = attribution_code(
        "", network.description, of_digit(5), method="gradient", target=Target(1), settings=settings
    )
    inputs = to_input(zoo.DIGITS, DIGIT).numpy()
    want = METHODS["gradient"].heat(METHODS["gradient"].attribute(network, inputs, Target(1), settings))
    np.testing.assert_allclose(run(code)["heat"].numpy(), want, rtol=1e-5, atol=1e-6)
