"""Which layers read nothing but their own place: whatever is not known to do so may read the whole plane."""

from __future__ import annotations

from torch import fx, nn

from explainer.inspection.channel_order import channel_orders
from explainer.networks.description import INPUT, Layer
from explainer.networks.graph import Network
from explainer.networks.layouts import MOVING, name_of

_KINDS = ("activation", "dropout", "sum", "product", "concatenation")
_ELEMENTWISE = frozenset(
    [
        "sub",
        "truediv",
        "div",
        "neg",
        "pow",
        "clamp",
        "exp",
        "log",
        "sqrt",
        "abs",
        "square",
        "tanh",
        "sigmoid",
        "gelu",
        "silu",
        "elu",
        "leaky_relu",
        "hardswish",
        "hardsigmoid",
        "relu6",
        "clone",
        "detach",
        "float",
        "to",
        "type_as",
    ]
)
_BEHIND = ("channels-last", "tokens")


def keeps_places(network: Network, layer: Layer) -> bool:
    """Whether each place of a layer's output reads only the same place of what it reads, where planes are as large."""
    module = network.module(layer.name)
    if layer.kind in _KINDS:
        return True
    if layer.kind == "normalization":
        return _normalizes_places(network, module, layer)
    if isinstance(module, nn.Linear):
        return layer.layout in _BEHIND
    if module is not None or layer.layout == "none":
        return False
    node = network.node(layer.name)
    return name_of(node.target) in _ELEMENTWISE or (_moves(network, node) and _is_known(network, layer))


def keeps_channels(network: Network, layer: Layer) -> bool:
    """Whether each channel of a layer reads only the one of the same number, where there are as many of both."""
    is_batch_norm = isinstance(network.module(layer.name), nn.modules.batchnorm._BatchNorm)
    return is_batch_norm or layer.kind in ("activation", "dropout", "padding", "pooling", "sum", "product")


def _normalizes_places(network: Network, module: nn.Module | None, layer: Layer) -> bool:
    """Whether a normalization in use has constants, or the statistics of each place alone."""
    match module:
        case nn.modules.batchnorm._BatchNorm():
            return module.running_mean is not None
        case nn.LayerNorm():
            return layer.layout in _BEHIND and len(module.normalized_shape) == 1
        case nn.LocalResponseNorm():
            return True
        case None:
            node = network.node(layer.name)
            shape = node.kwargs.get("normalized_shape", node.args[1] if len(node.args) > 1 else ())
            is_layer_norm = name_of(node.target) == "layer_norm"
            return is_layer_norm and layer.layout in _BEHIND and isinstance(shape, (tuple, list)) and len(shape) == 1
        case _:
            return False


def _moves(network: Network, node: fx.Node) -> bool:
    """Whether a step only moves numbers, and all before it that is no layer (a chunk, of which it takes a part)."""
    layers = {layer.name for layer in network.description.layers}
    before = (used for used in node.all_input_nodes[:1] if used.name not in layers and used.op != "placeholder")
    return name_of(node.target) in MOVING and all(_moves(network, used) for used in before)


def _is_known(network: Network, layer: Layer) -> bool:
    """Whether a step that only moves numbers has been followed from what it reads, place by place."""
    if layer.name in channel_orders(network):
        return True
    reads = (network.description.layer(name) for name in layer.reads if name != INPUT)
    return all(one.layout != "none" for one in reads)
