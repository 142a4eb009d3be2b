"""Weights as before training: what a layer has learned, and how that is drawn anew.

Every parameter and every running statistic counts, wherever it is kept: a type of module that nobody thought of has
learned, too.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Generator, Tensor, fx, nn

from explainer.networks.graph import Network

SPREAD = 0.02  # of what is neither a weight nor a bias, as torchvision's vision transformers begin their embeddings
_STATISTICS = {"running_mean": 0.0, "running_var": 1.0, "num_batches_tracked": 0.0}


def learned(network: Network) -> dict[str, tuple[str, ...]]:
    """The names of what each layer has learned, by the layer's name; the last layer first, those without any left out.

    That is every parameter, and every running statistic; other buffers are constants. What several layers read is of
    the last of them; what a step reads that is no layer (a class token, expanded) is of the layers that read that step.
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


def draw(twin: nn.Module, names: Sequence[str], generator: Generator) -> None:
    """Gives ``twin`` new values of these ``names``, tensors of their own: those of before may be shared.

    Kernels and matrices by He et al. 2015, arXiv:1502.01852, a normalization's factors 1, biases 0, running statistics
    as a module begins them. Layer scales, class tokens and positional embeddings become normal, with mean 0 and
    standard deviation ``SPREAD``.
    """
    for name in names:
        path, _, key = name.rpartition(".")
        module = twin.get_submodule(path)
        old = getattr(module, key)
        new = _fresh(key, old, generator).to(old.device)
        setattr(module, key, new if key in _STATISTICS else nn.Parameter(new, requires_grad=False))


def _own(graph: fx.GraphModule, node: fx.Node) -> list[str]:
    """What has been learned of the tensors that a step of the graph itself reads."""
    target = str(node.target)
    if node.op == "call_module":
        parts = graph.get_submodule(target).named_modules(prefix=target)
        return [f"{path}.{key}" for path, part in parts for key in _keys(part)]
    path, _, key = target.rpartition(".")
    return [target] if node.op == "get_attr" and key in _keys(graph.get_submodule(path)) else []


def _keys(module: nn.Module) -> list[str]:
    """Its own parameters and running statistics."""
    statistics = [key for key, _ in module.named_buffers(recurse=False) if key in _STATISTICS]
    return [key for key, _ in module.named_parameters(recurse=False)] + statistics


def _fresh(key: str, old: Tensor, generator: Generator) -> Tensor:
    """New values, on the CPU, of a tensor that its module calls ``key``."""
    if key in _STATISTICS:
        return torch.full(old.shape, _STATISTICS[key], dtype=old.dtype)
    if not key.endswith(("weight", "bias")):
        return SPREAD * torch.randn(old.shape, generator=generator, dtype=old.dtype)
    new = torch.full(old.shape, float(key == "weight"), dtype=old.dtype)
    return nn.init.kaiming_normal_(new, nonlinearity="relu", generator=generator) if old.dim() > 1 else new
