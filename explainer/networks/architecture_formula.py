"""What one layer costs, and why one fails, as a formula with its numbers put in."""

from __future__ import annotations

from collections.abc import Iterator

from explainer.networks.folding import Architecture, Layer
from explainer.networks.sizes import Pooled


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


def failure_formula(architecture: Architecture) -> Iterator[str]:
    """LaTeX of why the first layer that fails does, with its numbers; nothing where it is written for one size."""
    failure, last = architecture.failure, architecture.layers[-1]
    if failure is None or failure.reason == "size":
        return
    if failure.reason == "window":
        at = 0 if failure.window[0] > failure.padded[0] else 1
        own = failure.given[1 + at]
        added = failure.padded[at] - own
        padded = rf"{own} + {added} = {failure.padded[at]}" if added else str(own)
        yield rf"{padded} < {failure.window[at]}"
    else:
        maps = r" \cdot ".join(map(_number, last.step.shape))
        flattened = rf"{maps} = {_number(failure.given[-1])}" if len(last.step.shape) > 1 else maps
        yield rf"{flattened} \neq {_number(failure.wanted)}"


def pooling_formula(pooled: Pooled, row: str = "row") -> str:
    """LaTeX of the rows of its maps that an adaptive pooling takes for each ``row`` of its own, i from 0 on."""
    ratio = rf"{{{pooled.given[0]} / {pooled.made[0]}}}" if pooled.made[0] > 1 else str(pooled.given[0])
    first, last = rf"\lfloor i \cdot {ratio} \rfloor", rf"\lceil (i + 1) \cdot {ratio} \rceil - 1"
    return rf"\text{{{row}}}\ i = \text{{mean}}\left({first}, \dots, {last}\right)"


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
