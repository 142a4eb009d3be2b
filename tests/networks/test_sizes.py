"""Architectures at other input sizes, against PyTorch's own errors and its adaptive pooling."""

from __future__ import annotations

import re
from typing import Any

import pytest
import torch
from torch import nn

from explainer.networks.architecture_formula import failure_formula, pooling_formula
from explainer.networks.architectures import altered, counted, counted_at, input_shape
from explainer.networks.counting import count
from explainer.networks.counting_code import counting_code
from explainer.networks.failing import Failure
from explainer.networks.folding import Architecture, fold
from explainer.networks.heads import Head
from explainer.networks.sizes import Pooled, hides_size, scores


def architecture(name: str, side: int, head: Head = "built") -> Architecture:
    return fold(counted_at(name, None, side, head))


def run(name: str, side: int, head: Head = "built") -> str:
    """What PyTorch says of the network with an input of this size, "" where it computes."""
    network = altered(name, None, head).eval()
    try:
        network(torch.zeros(1, input_shape(name)[0], side, side, device="meta"))
    except (RuntimeError, AssertionError) as error:
        return str(error)
    return ""


def test_vgg16_without_adaptive_pooling_gets_too_few_numbers() -> None:
    found = architecture("vgg16", 96, "flat")
    assert found.failure == Failure("classifier.0", "Linear", "features", (4608,), wanted=25_088)
    assert list(failure_formula(found)) == [r"512 \cdot 3 \cdot 3 = 4{,}608 \neq 25{,}088"]
    assert "[1, 4608] X [25088, 4096]" in run("vgg16", 96, "flat")
    assert (len(found.layers), found.layers[-1].name, found.idle) == (19, "features.30", 0)


def test_alexnet_has_a_window_larger_than_its_map() -> None:
    found = architecture("alexnet", 32)
    assert found.failure == Failure("features.12", "MaxPool2d", "window", (256, 1, 1), (3, 3), (1, 1))
    assert list(failure_formula(found)) == ["1 < 3"]
    assert "(256x1x1). Calculated output size: (256x0x0)" in run("alexnet", 32)


def test_a_window_counts_padding_and_dilation() -> None:
    with torch.device("meta"):
        network = nn.Sequential(nn.Conv2d(1, 1, 3, padding=1, dilation=3))
    found = fold(count(network, (1, 4, 4)))
    assert found.failure == Failure("0", "Conv2d", "window", (1, 4, 4), (7, 7), (6, 6))
    assert list(failure_formula(found)) == ["4 + 2 = 6 < 7"]
    assert count(network, (1, 5, 5)).failure is None


def test_what_is_written_for_one_size_says_so() -> None:
    found = architecture("vit-b-16", 96)
    assert found.failure == Failure("", "VisionTransformer", "size", (3, 96, 96))
    assert not list(failure_formula(found)) and "Wrong image height" in run("vit-b-16", 96)


@pytest.mark.parametrize("name", ["lenet-5", "alexnet", "squeezenet1-0", "resnet18", "densenet121", "inception-v3"])
@pytest.mark.parametrize("side", [32, 64, 80])
def test_a_network_fails_where_pytorch_does_and_in_the_layer_that_it_names(name: str, side: int) -> None:
    failure, said = architecture(name, side).failure, run(name, side)
    assert (failure is not None) == bool(said)
    if failure and failure.reason == "window":
        sizes = re.findall(r"\d+", said)
        assert str(failure.given[1]) in sizes or str(failure.padded[0]) in sizes
    elif failure:
        assert f"[1, {failure.given[-1]}] X [{failure.wanted}, " in said


def test_a_function_that_fails_is_no_layer_that_returned() -> None:
    class Broken(nn.Module):
        def forward(self, given: torch.Tensor) -> torch.Tensor:
            raise RuntimeError("no size at all")

    assert count(nn.Sequential(nn.ReLU(), Broken()), (1, 4, 4)).failure == Failure("1", "Broken", "size", (1, 4, 4))


@pytest.mark.parametrize(("given", "made"), [(10, 7), (3, 7), (7, 7), (16, 7), (13, 6), (9, 1)])
def test_the_rows_of_adaptive_pooling_are_those_of_pytorch(given: int, made: int) -> None:
    pooled = Pooled("avgpool", (given, given), (made, made))
    column = torch.arange(given, dtype=torch.float64).square().reshape(1, 1, given, 1)
    theirs = nn.functional.adaptive_avg_pool2d(column, (made, 1)).flatten()
    ours = [column[0, 0, slice(*pooled.rows(row)), 0].mean() for row in range(made)]
    assert torch.allclose(theirs, torch.stack(ours), rtol=0, atol=1e-12)


def test_adaptive_pooling_hides_the_size() -> None:
    assert hides_size(architecture("vgg16", 320)) == Pooled("avgpool", (10, 10), (7, 7))
    assert hides_size(architecture("resnet18", 64)) == Pooled("avgpool", (2, 2), (1, 1))
    assert hides_size(fold(counted("lenet-5"))) is None
    formula = pooling_formula(Pooled("avgpool", (10, 10), (7, 7)))
    assert r"\lfloor i \cdot {10 / 7} \rfloor" in formula and r"\lceil (i + 1) \cdot {10 / 7} \rceil - 1" in formula


@pytest.mark.parametrize(("side", "rows"), [(224, 1), (255, 1), (256, 2), (320, 4), (512, 10)])
def test_vgg16_in_convolutions_gives_a_map_of_scores(side: int, rows: int) -> None:
    found = architecture("vgg16", side, "convolutions")
    assert (scores(found), found.jump) == ((rows, rows), 32)
    assert found.layers[-1].maps == 1000 and found.parameters == 138_357_544
    head = found.layer("classifier.0")
    assert head and head.macs == 25_088 * 4096 * rows * rows
    assert scores(architecture("vgg16", side)) is None


@pytest.mark.parametrize(
    ("name", "side", "head"),
    [("vgg16", 320, "convolutions"), ("vgg16", 224, "flat"), ("resnet18", 288, "convolutions"), ("lenet-5", 48,
      "convolutions"), ("alexnet", 256, "convolutions"), ("app-six-convolutions", 64, "convolutions"),
     ("squeezenet1-1", 320, "built")],
)  # fmt: skip
def test_the_script_counts_what_is_shown(name: str, side: int, head: Head, capsys: pytest.CaptureFixture[str]) -> None:
    found = architecture(name, side, head)
    values: dict[str, Any] = {}
    exec(counting_code(name, None, side, head), values)
    assert capsys.readouterr().out == f"{found.parameters:,} parameters, {found.macs:,} MACs\n"


def test_the_script_says_why_it_stops(capsys: pytest.CaptureFixture[str]) -> None:
    exec(counting_code("vgg16", None, 96, "flat", does_fail=True), {})
    assert "4608" in capsys.readouterr().out
