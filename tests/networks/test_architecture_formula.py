"""Formulas and code of architectures: what they say is computed once more."""

from __future__ import annotations

import re
from typing import Any

import pytest

from explainer.networks.architecture_formula import cost_formula
from explainer.networks.architectures import counted, counted_config
from explainer.networks.counting_code import counting_code
from explainer.networks.folding import fold
from explainer.networks.presets import PRESETS

OF_EACH_WAY = ["lenet-5", "app-wider", "googlenet", "inception-v3", "resnet152", "regnet-x-400mf", "swin-t"]
EVERY_KIND = ["lenet-5", "vgg16", "googlenet", "resnext50-32x4d", "mobilenet-v2", "densenet121", "swin-t", "vit-b-16"]


@pytest.mark.parametrize("name", EVERY_KIND)
def test_every_formula_is_true(name: str) -> None:
    found = fold(counted(name))
    told = 0
    for layer in found.layers:
        for formula, counts in zip(cost_formula(layer), (layer.step.parameters, layer.macs), strict=False):
            _, factors, result = formula.replace("{,}", "").split(" = ")
            assert int(result) == counts
            assert eval(factors.replace(r"\cdot", "*")) == counts  # numbers, brackets, + and * alone
            told += 1
    assert told >= 2 * 5


def test_a_formula_as_it_is_written() -> None:
    vgg = fold(counted("vgg16"))
    first = vgg.layer("classifier.0")
    assert first is not None
    assert list(cost_formula(first)) == [
        r"\text{parameters} = (25{,}088 + 1) \cdot 4{,}096 = 102{,}764{,}544",
        r"\text{MACs} = 25{,}088 \cdot 4{,}096 = 102{,}760{,}448",
    ]
    assert list(cost_formula(vgg.layers[0])) == []


@pytest.mark.parametrize("name", OF_EACH_WAY)
def test_the_code_counts_what_is_shown(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = fold(counted(name))
    run(counting_code(name))
    assert counts(capsys.readouterr().out) == [found.parameters, found.macs]


def test_the_code_of_a_network_of_ones_own(capsys: pytest.CaptureFixture[str]) -> None:
    for config in PRESETS.values():
        found = fold(counted_config(config))
        run(counting_code("", config))
        assert counts(capsys.readouterr().out) == [found.parameters, found.macs]


def run(code: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    exec(code, values)
    return values


def counts(text: str) -> list[int]:
    return [int(each.replace(",", "")) for each in re.findall(r"\d[\d,]*(?= )", text)]
