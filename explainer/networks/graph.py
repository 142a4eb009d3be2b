"""A network as a graph of layers that can be run to any layer, cut at any layer, and never changed.

No hook, no ``.grad``, no mode is ever set, so that any number of threads may run one network at the same time.
"""

from __future__ import annotations

import functools
import operator
import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from dataclasses import replace as replaced
from typing import Any

import torch
from torch import Tensor, fx, nn
from torch.nn import functional

from explainer.networks.description import INPUT, Description, Layer, Transform
from explainer.networks.frozen_convolution import convolve, is_faster
from explainer.networks.layer_titles import Titles, detail, kind
from explainer.networks.layouts import Places, layout_of, maps_of, places, value_of
from explainer.networks.operations import Reading, pooling, reading

Function = Callable[..., Any]

_TRACING = threading.Lock()  # torch.fx patches nn.Module for the whole process while it traces


@dataclass(frozen=True, eq=False)
class Network:
    """A network in evaluation mode with frozen weights, and its description. Compared and hashed by identity.

    ``graph`` is private to this class and ``forward``; ``module`` finds what computes a layer.
    """

    description: Description
    graph: fx.GraphModule

    @property
    def key(self) -> str:
        """Of the description: the same weights, the same key."""
        return self.description.key

    def module(self, layer: str) -> nn.Module | None:
        """What computes ``layer``: to be read, never to be changed. None for a plain function, but for pooling."""
        path = self.description.layer(layer).path
        return self.graph.get_submodule(path) if path else pooling(self.node(layer))

    def reading(self, layer: str) -> Reading | None:
        """Which places ``layer`` reads where it is a function that knows."""
        return reading(self.node(layer))

    def node(self, layer: str) -> fx.Node:
        """The step of the graph that is ``layer``: to be read. Raises KeyError."""
        return self._nodes[layer]

    @functools.cached_property
    def _nodes(self) -> dict[str, fx.Node]:
        return {node.name: node for node in self.graph.graph.nodes}


def trace(
    module: nn.Module,
    key: str,
    title: str,
    classes: tuple[str, ...],
    transform: Transform,
    *,
    titles: Mapping[str, str] | None = None,
) -> Network:
    """Takes ``module`` over: it is put in evaluation mode, its weights are frozen, nothing works in place any more.

    In: what ``transform`` makes, (n, channels, size, size) float32; out: logits (n, classes). ``titles`` gives a
    module's path what people call it. Raises what torch.fx raises where ``module``'s forward depends on its values.
    """
    module.eval().requires_grad_(False)
    for part in module.modules():
        if getattr(part, "inplace", False):
            part.inplace = False  # type: ignore[assignment]
    with _TRACING:
        graph = fx.GraphModule(module, _Tracer().trace(module))
    for node in graph.graph.nodes:
        if node.kwargs.get("inplace"):
            node.kwargs = {**node.kwargs, "inplace": False}
    parameter = next(graph.parameters())
    picture = torch.zeros(1, transform.channels, transform.size, transform.size, device=parameter.device)
    layers = _layers(graph, picture, Titles(module, titles or {}))
    return Network(Description(key, title, layers, classes, transform), graph)


def forward(
    network: Network,
    pictures: Tensor,
    *,
    keep: Collection[str] = (),
    cut: str | None = None,
    until: str | None = None,
    replace: Mapping[str, Callable[[Tensor], Tensor]] | None = None,
    relu: Callable[[Tensor], Tensor] | None = None,
) -> dict[str, Tensor]:
    """Runs ``network`` on ``pictures`` (n, channels, size, size) and returns the outputs of the layers in ``keep``.

    The last layer that was run is always among them. What a layer's description calls maps comes, and is replaced, as
    (n, channels, height, width), wherever the network itself keeps its channels. Gradients flow from every layer back
    to ``pictures`` where these require them; the weights never do.

    Args:
        network: stays as it is.
        pictures: what its transform makes, on the network's device.
        keep: names of layers, or ``INPUT``.
        cut: the name of a layer from which on gradients flow, and before which none do: its output in the result is
            a leaf, so that ``torch.autograd.grad(of_a_logit, result[cut])`` is the gradient at that layer.
        until: the last layer to run; the network's last one if not given.
        replace: for some layers, what becomes of their output before others read it.
        relu: a function to use in place of every ReLU.
    """
    wanted, graph = {*keep, cut, until}, network.graph.graph
    layers = {layer.name: layer for layer in network.description.layers}
    values: dict[fx.Node, Any] = {}
    kept: dict[str, Tensor] = {}
    last_use = _last_uses(graph)
    for node in graph.nodes:
        if node.op == "output":
            break
        value = _value(network.graph, node, values, pictures, relu)
        name = INPUT if node.op == "placeholder" else node.name
        changed, layer = cut == name or bool(replace and name in replace), layers.get(name)
        if changed or name in wanted or _is_last(network, name):
            maps = _as_maps(value, layer)
            if replace and name in replace:
                maps = replace[name](maps)
            if cut == name:
                maps = maps.detach().requires_grad_()
            if name in wanted or _is_last(network, name):
                kept[name] = maps
            value = _as_kept(maps, layer, value) if changed else value
        values[node] = value
        if name == until:
            break
        for used in last_use.get(node, ()):
            del values[used]
    return kept


def logits(network: Network, pictures: Tensor, **options: Any) -> Tensor:
    """The logits (n, classes) that ``forward`` gives; ``options`` are its own."""
    return forward(network, pictures, **options)[network.description.layers[-1].name]


def device_of(network: Network) -> torch.device:
    """Where the network computes."""
    return next(network.graph.parameters()).device


def _as_maps(value: Tensor, layer: Layer | None) -> Tensor:
    if layer is None or not layer.is_maps:
        return value
    return maps_of(value, layer.layout, layer.extra, layer.shape[1:])


def _as_kept(maps: Tensor, layer: Layer | None, value: Tensor) -> Tensor:
    """As the network goes on with it."""
    return maps if layer is None or not layer.is_maps else value_of(maps, layer.layout, layer.extra, value)


def _is_last(network: Network, name: str) -> bool:
    return name == network.description.layers[-1].name


def _value(
    module: fx.GraphModule, node: fx.Node, values: Mapping[fx.Node, Any], pictures: Tensor, relu: Function | None
) -> Any:
    if node.op == "placeholder":
        return pictures
    args, kwargs = fx.map_arg((node.args, node.kwargs), lambda used: values[used])
    if relu is not None and _is_relu(module, node):
        return relu(args[0])
    match node.op:
        case "call_module":
            return _called(module.get_submodule(str(node.target)), *args, **kwargs)
        case "call_function":
            return node.target(*args, **kwargs)  # type: ignore[operator]
        case "call_method":
            return getattr(args[0], str(node.target))(*args[1:], **kwargs)
        case _:  # get_attr
            return operator.attrgetter(str(node.target))(module)


def _called(part: nn.Module, *args: Any, **kwargs: Any) -> Any:
    if isinstance(part, nn.Conv2d) and is_faster(part, args[0]):
        return convolve(part, args[0])
    return part(*args, **kwargs)


def _is_relu(module: fx.GraphModule, node: fx.Node) -> bool:
    if node.op == "call_module":
        return isinstance(module.get_submodule(str(node.target)), nn.ReLU)
    return node.target in (functional.relu, torch.relu, "relu")


def _last_uses(graph: fx.Graph) -> dict[fx.Node, list[fx.Node]]:
    """For a node, those that no later node reads."""
    last = {used: node for node in graph.nodes for used in node.all_input_nodes}
    uses: dict[fx.Node, list[fx.Node]] = {}
    for used, node in last.items():
        uses.setdefault(node, []).append(used)
    return uses


def _layers(graph: fx.GraphModule, picture: Tensor, titles: Titles) -> tuple[Layer, ...]:
    """One layer for every node whose value is a tensor that comes of the picture; the last one is the logits."""
    values: dict[fx.Node, Any] = {}
    layers: list[Layer] = []
    source: dict[fx.Node, tuple[str, ...]] = {}  # the names that a reader of this node reads
    found: dict[fx.Node, Places] = {}
    last_use = _last_uses(graph.graph)
    for node in graph.graph.nodes:
        if node.op == "output":
            break
        values[node] = value = _value(graph, node, values, picture, None)
        used = node.all_input_nodes
        reads = tuple(dict.fromkeys(name for part in used for name in source.get(part, ())))
        if (at := places(graph, node, value, values, found)) is not None:
            found[node] = at
        source[node] = (INPUT,) if node.op == "placeholder" else reads if _has_tensor(value) else ()
        if reads and isinstance(value, Tensor):
            layers.append(_layer(graph, node, value, reads=reads, at=at, titles=titles))
            source[node] = (node.name,)
        for part in last_use.get(node, ()):
            del values[part]
            found.pop(part, None)
    return (*layers[:-1], replaced(layers[-1], key="logits", title="Logits"))


def _has_tensor(value: Any) -> bool:
    """Whether it holds numbers of the picture: a size that was read of a tensor does not."""
    return isinstance(value, Tensor) or (isinstance(value, (tuple, list)) and any(map(_has_tensor, value)))


def _layer(
    graph: fx.GraphModule, node: fx.Node, value: Tensor, *, reads: tuple[str, ...], at: Places | None, titles: Titles
) -> Layer:
    path = str(node.target) if node.op == "call_module" else ""
    part = graph.get_submodule(path) if path else None
    what = kind(part, node)
    key, title = titles.name(what, path)
    layout, extra = layout_of(at)
    is_maps = layout in ("channels-first", "channels-last", "tokens")
    plane = at.plane if at else ()
    return Layer(
        node.name,
        title,
        what,
        tuple(maps_of(value, layout, extra, plane).shape[1:]) if is_maps else tuple(value.shape[1:]),
        reads,
        is_maps=is_maps,
        detail=detail(part or pooling(node)),
        path=path,
        block=titles.block(node),
        key=key,
        layout=layout,
        extra=extra,
    )


class _Tracer(fx.Tracer):
    """While it traces, torch.fx sends the modules that any thread calls to it: those of other threads it just runs."""

    def __init__(self) -> None:
        super().__init__()
        self._thread = threading.get_ident()

    def call_module(self, m: nn.Module, forward: Function, args: Any, kwargs: Any) -> Any:
        if threading.get_ident() != self._thread:
            return forward(*args, **kwargs)
        return super().call_module(m, forward, args, kwargs)

    def getattr(self, attr: str, attr_val: Any, parameter_proxy_cache: dict[str, Any]) -> Any:
        if threading.get_ident() != self._thread:
            return attr_val
        return super().getattr(attr, attr_val, parameter_proxy_cache)
