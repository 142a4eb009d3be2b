"""What the browser and a spreadsheet get of an architecture."""

from __future__ import annotations

import csv
import io
from typing import Any

from explainer.networks.failing import Failure
from explainer.networks.folding import Architecture, Layer

COLUMNS = [
    "layer", "block", "type", "maps", "height", "width", "kernel", "stride", "padding", "groups", "normalization",
    "activation", "parameters", "MACs", "activations", "receptive field",
]  # fmt: skip


def encode(architecture: Architecture) -> dict[str, Any]:
    """Layers in order, and the groups that they are folded to; at the end the layer that fails, where one does."""
    groups = [
        {"first": group.first, "length": group.length, "repeats": group.repeats, "called": group.title}
        for group in architecture.groups
    ]
    layers = [_layer(layer) for layer in architecture.layers]
    if architecture.failure:
        groups.append({"first": len(layers), "length": 1, "repeats": 1, "called": ""})
        layers.append(_failed(architecture.failure, architecture.layers[-1]))
    return {"layers": layers, "groups": groups}


def to_csv(architecture: Architecture) -> str:
    """All layers, one a line, with English names of columns: for a spreadsheet or a script."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(map(_cells, architecture.layers))
    return text.getvalue()


def _layer(layer: Layer) -> dict[str, Any]:
    step = layer.step
    return {
        "name": layer.name,
        "kind": step.kind,
        "type": step.type,
        "maps": layer.maps,
        "size": layer.size,
        "window": step.window,
        "stride": step.stride if step.window else None,
        "padding": step.padding if step.window else None,
        "groups": step.groups,
        "normalization": layer.normalization,
        "activation": layer.activation,
        "parameters": layer.parameters,
        "macs": layer.macs,
        "activations": layer.activations,
        "reads": layer.reads,
        "field": layer.field,
    }


def _failed(failure: Failure, before: Layer) -> dict[str, Any]:
    """As large as the layer ``before``, of which it makes nothing."""
    own = {"name": failure.path or failure.type, "kind": "failed", "type": failure.type, "reads": (before.number,)}
    without = {"window": None, "normalization": "", "activation": ""}
    return {**_layer(before), **own, **without, "parameters": 0, "macs": 0, "activations": 0}


def _cells(layer: Layer) -> list[object]:
    step = layer.step
    size = layer.size or ("", "")
    kernel = _by(*step.window) if step.window else ""
    stride = _by(*step.stride) if step.window else ""
    padding = " ".join(map(str, step.padding)) if step.window else ""
    shape = [layer.name, layer.block, step.type, layer.maps, *size, kernel, stride, padding, step.groups]
    follows = [layer.normalization, layer.activation]
    return [*shape, *follows, layer.parameters, layer.macs, layer.activations, layer.field or ""]


def _by(rows: int, columns: int) -> str:
    return f"{rows}x{columns}"
