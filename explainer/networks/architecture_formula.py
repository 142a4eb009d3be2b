"""What one layer costs, as a formula with its numbers put in, and the code that counts a whole network."""

from __future__ import annotations

from collections.abc import Iterator

from explainer.networks.architecture_names import TORCHVISION, torchvision_name
from explainer.networks.architectures import build, input_shape
from explainer.networks.config import NetworkConfig
from explainer.networks.folding import Layer

_KEYWORDS = {"googlenet": "weights=None, aux_logits=False, init_weights=False", "inception-v3": "init_weights=False"}


def cost_formula(layer: Layer, parameters: str = "parameters", macs: str = "MACs") -> Iterator[str]:
    """LaTeX of the weights and biases of a convolution or a fully connected layer, then that of its MACs.

    ``parameters`` and ``macs`` are what these are called. Nothing for a layer that multiplies no weights, or that is
    more than one product, as attention is.
    """
    step = layer.step
    if step.kind == "convolution" and step.window:
        yield rf"\text{{{parameters}}} = {_convolution_parameters(layer)}"
        yield rf"\text{{{macs}}} = {_convolution_macs(layer)}"
    elif step.kind == "fully-connected":
        bias = " + 1" if step.bias else ""
        places = step.macs // (step.inputs * layer.maps)
        at = rf" \cdot {_number(places)}" if places > 1 else ""
        inputs, outputs = _number(step.inputs), _number(layer.maps)
        weights = rf"({inputs}{bias}) \cdot {outputs}" if bias else rf"{inputs} \cdot {outputs}"
        yield rf"\text{{{parameters}}} = {weights} = {_number(step.parameters)}"
        yield rf"\text{{{macs}}} = {inputs} \cdot {outputs}{at} = {_number(step.macs)}"


def counting_code(name: str, config: NetworkConfig | None = None) -> str:
    """A script that builds the network called ``name``, or that of ``config``, without weights, and counts it."""
    channels, height, width = (1, 28, 28) if config else input_shape(name)
    return "\n".join(
        [
            "import torch",
            "from torch.utils.flop_counter import FlopCounterMode",
            *_building(name, config),
            "network.eval()",
            "parameters = sum(each.numel() for each in network.parameters())",
            "counter = FlopCounterMode(display=False)",
            "with counter:",
            f'    network(torch.zeros(1, {channels}, {height}, {width}, device="meta"))',
            "macs = counter.get_total_flops() // 2  # a multiplication and an addition are one MAC",
            'print(f"{parameters:,} parameters, {macs:,} MACs")',
        ]
    )


def _building(name: str, config: NetworkConfig | None) -> Iterator[str]:
    if config or name not in TORCHVISION:
        yield "from torch import nn"
        yield ""
        yield 'with torch.device("meta"):  # shapes without numbers: no memory, no time'
        yield "    network = nn.Sequential("
        yield from (f"        nn.{part}," for part in build(name, config).children())
        yield "    )"
        return
    made = f"models.{torchvision_name(name)}({_KEYWORDS.get(name, '')})"
    yield "from torchvision import models"
    yield ""
    if name.startswith("regnet"):  # computes its widths with torch, which it must read
        yield f'network = {made}.to("meta")'
        return
    yield 'with torch.device("meta"):  # shapes without numbers: no memory, no time'
    yield f"    network = {made}"


def _convolution_parameters(layer: Layer) -> str:
    step, (height, width) = layer.step, _window(layer)
    channels = _number(step.inputs // step.groups)
    weights = rf"{height} \cdot {width} \cdot {channels}"
    return (
        rf"({weights} + 1) \cdot {_number(layer.maps)} = {_number(step.parameters)}"
        if step.bias
        else rf"{weights} \cdot {_number(layer.maps)} = {_number(step.parameters)}"
    )


def _convolution_macs(layer: Layer) -> str:
    step, (height, width) = layer.step, _window(layer)
    channels = _number(step.inputs // step.groups)
    rows, columns = step.shape[1:]
    return (
        rf"{height} \cdot {width} \cdot {channels} \cdot {_number(layer.maps)} \cdot {rows} \cdot "
        rf"{columns} = {_number(step.macs)}"
    )


def _window(layer: Layer) -> tuple[int, int]:
    assert layer.step.window is not None
    return layer.step.window


def _number(value: int) -> str:
    return f"{value:,}".replace(",", r"{,}")
