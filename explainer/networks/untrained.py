"""Weights as before training: what a layer has learned, and how that is drawn anew.

Every parameter and every running statistic counts, wherever it is kept: a type of module that nobody thought of has
learned, too.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Generator, Tensor, fx, nn
from torch.overrides import TorchFunctionMode

from explainer.networks.graph import Network

SPREAD = 0.02  # of parameters that no module draws


def learned(network: Network) -> dict[str, tuple[str, ...]]:
    """The names of what each layer has learned, by the layer's name; the last layer first, those without any left out.

    That is every parameter, and every buffer of a module that resets its own. What several layers read is of the last
    of them; what a step reads that is no layer (a class token, expanded) is of the layers that read that step.
    """
    layers = {layer.name for layer in network.description.layers}
    read, owner = dict[fx.Node, tuple[str, ...]](), dict[str, str]()
    for node in network.graph.graph.nodes:
        steps = (read[used] for used in node.all_input_nodes if used.name not in layers)
        read[node] = (*_own(network.graph, node), *(name for names in steps for name in names))
        if node.name in layers:
            owner |= dict.fromkeys(read[node], node.name)
    found = {layer.name: list[str]() for layer in reversed(network.description.layers)}
    for name, layer in owner.items():
        found[layer].append(name)
    return {layer: tuple(names) for layer, names in found.items() if names}


def draw(twin: nn.Module, trained: nn.Module, names: Sequence[str], generator: Generator) -> None:
    """Gives ``twin``, a copy of ``trained``, new values of these ``names``; the old tensors stay as they are.

    A module that has ``reset_parameters`` draws its own, running statistics with them. What no module draws (layer
    scales, class tokens, positional embeddings) becomes normal, with mean 0 and standard deviation ``SPREAD``, as the
    embeddings of torchvision's vision transformers begin.
    """
    for path in dict.fromkeys(name.rpartition(".")[0] for name in names):
        module = trained.get_submodule(path)
        keys = [name.rpartition(".")[2] for name in names if name.rpartition(".")[0] == path]
        for key, value in _fresh(module, keys, generator).items():
            new = value.detach().to(getattr(module, key).device)
            is_parameter = key in module._parameters
            setattr(twin.get_submodule(path), key, nn.Parameter(new, requires_grad=False) if is_parameter else new)


def _own(graph: fx.GraphModule, node: fx.Node) -> list[str]:
    """What has been learned of the tensors that a step of the graph itself reads."""
    target = str(node.target)
    if node.op == "call_module":
        parts = [(f"{target}.{path}" if path else target, part) for path, part in _parts(graph, target)]
        return [f"{path}.{key}" for path, part in parts for key in _keys(part)]
    path, _, key = target.rpartition(".")
    return [target] if node.op == "get_attr" and key in _keys(graph.get_submodule(path)) else []


def _parts(graph: fx.GraphModule, path: str) -> list[tuple[str, nn.Module]]:
    return list(graph.get_submodule(path).named_modules())


def _keys(module: nn.Module) -> list[str]:
    """Its own parameters, and its own buffers where it can begin them anew: others are constants."""
    own = [key for key, value in module.named_parameters(recurse=False) if value is not None]
    return own + [key for key, _ in module.named_buffers(recurse=False) if _reset(module)]


def _fresh(module: nn.Module, keys: Sequence[str], generator: Generator) -> dict[str, Tensor]:
    """New values, on the CPU, of the tensors ``keys`` of ``module``, which stays as it is."""
    if _reset(module) is None:
        shapes = {key: getattr(module, key) for key in keys}
        return {key: _normal(value, generator) for key, value in shapes.items()}
    drawn = copy.deepcopy(module).cpu()
    reset = _reset(drawn)
    assert reset is not None
    with _From(generator):
        reset()
    return {key: getattr(drawn, key) for key in keys}


def _normal(like: Tensor, generator: Generator) -> Tensor:
    return SPREAD * torch.randn(like.shape, generator=generator, dtype=like.dtype)


def _reset(module: nn.Module) -> Callable[[], None] | None:
    """How it begins anew; ``nn.MultiheadAttention`` keeps that to itself."""
    return getattr(module, "reset_parameters", None) or getattr(module, "_reset_parameters", None)


class _From(TorchFunctionMode):
    """What this thread draws comes from ``generator``: torch's global one belongs to all threads."""

    def __init__(self, generator: Generator) -> None:
        super().__init__()
        self._generator = generator

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        given = dict(kwargs or {})
        if "generator" in given or getattr(func, "__name__", "") in ("uniform_", "normal_"):
            given["generator"] = self._generator
        return func(*args, **given)
