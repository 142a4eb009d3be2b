"""What people call the layers of a network that was written as code: kinds, numbers, settings, blocks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from torch import fx, nn

from explainer.networks.description import Kind
from explainer.networks.layouts import name_of
from explainer.networks.windows import pair

_MODULES: tuple[tuple[tuple[type[nn.Module], ...], Kind], ...] = (
    ((nn.Conv1d, nn.Conv2d, nn.ConvTranspose2d), "convolution"),
    ((nn.Linear,), "fully connected"),
    ((nn.modules.batchnorm._BatchNorm, nn.LayerNorm, nn.GroupNorm, nn.LocalResponseNorm), "normalization"),
    ((nn.MaxPool2d, nn.AvgPool2d, nn.AdaptiveAvgPool2d, nn.AdaptiveMaxPool2d), "pooling"),
    ((nn.modules.dropout._DropoutNd, nn.Identity), "dropout"),
    ((nn.ZeroPad2d, nn.ConstantPad2d), "padding"),
    ((nn.Flatten, nn.Unflatten), "reshape"),
    ((nn.MultiheadAttention,), "attention"),
)
_ACTIVATIONS = (
    nn.ReLU, nn.ReLU6, nn.LeakyReLU, nn.ELU, nn.GELU, nn.SiLU, nn.Tanh, nn.Sigmoid, nn.Hardswish, nn.Hardsigmoid,
)  # fmt: skip
_FUNCTIONS: dict[str, Kind] = {
    "add": "sum",
    "iadd": "sum",
    "mul": "product",
    "cat": "concatenation",
    "relu": "activation",
    "hardtanh": "activation",
    "adaptive_avg_pool2d": "pooling",
    "avg_pool2d": "pooling",
    "max_pool2d": "pooling",
    "adaptive_max_pool2d": "pooling",
    "mean": "pooling",
    "layer_norm": "normalization",
    "shifted_window_attention": "attention",
    "scaled_dot_product_attention": "attention",
    "stochastic_depth": "dropout",
    "dropout": "dropout",
    "flatten": "reshape",
    "permute": "reshape",
    "view": "reshape",
    "reshape": "reshape",
    "transpose": "reshape",
    "contiguous": "reshape",
}
_WORDS: dict[Kind, str] = {"other": "Step"}
_SIZE = re.compile(r"(?<=[a-z])(\d)x(\d)")  # in names of modules, such as expand3x3
_FIRST = {"Fire": 2}  # the number of the first block of a class, where its paper does not count from 1


def kind(module: nn.Module | None, node: fx.Node) -> Kind:
    """What a layer does, from its ``module`` or, where it has none, from the function or the method that ``node`` is.

    What is taken of the results of a module with several is what that module does.
    """
    if module is None:
        name = name_of(node.target)
        first = node.all_input_nodes[:1]
        if name == "getitem" and first and first[0].op == "call_module":
            owner = first[0].graph.owning_module
            return kind(owner.get_submodule(str(first[0].target)), first[0]) if owner else "other"
        return _FUNCTIONS.get(name, "other")
    if isinstance(module, _ACTIVATIONS):
        return "activation"
    return next((name for types, name in _MODULES if isinstance(module, types)), "other")


def detail(module: nn.Module | None) -> str:  # noqa: PLR0911 (one case for each kind of layer)
    """How a layer is set, in a few words: "7 × 7, stride 2". "" where there is nothing to say."""
    match module:
        case nn.Conv2d():
            depthwise = ", depthwise" if module.groups == module.in_channels > 1 else ""
            grouped = f", {module.groups} groups" if module.groups > 1 and not depthwise else ""
            return _window(module.kernel_size, module.stride) + depthwise + grouped
        case nn.MaxPool2d():
            return "maximum, " + _window(module.kernel_size, module.stride)
        case nn.AvgPool2d():
            return "average, " + _window(module.kernel_size, module.stride)
        case nn.AdaptiveAvgPool2d():
            return "average, to {} × {}".format(*pair(module.output_size))
        case nn.Linear():
            return f"{module.in_features:,} → {module.out_features:,}"
        case nn.Dropout():
            return f"rate {module.p:g}, not in use"
        case _:
            return type(module).__name__ if isinstance(module, _ACTIVATIONS) else ""


class Titles:
    """Numbers the layers of each kind ("Convolution 3") and the blocks of each class ("Fire 2 · squeeze")."""

    def __init__(self, module: nn.Module, given: Mapping[str, str]) -> None:
        self._given, self._count = given, Counter[Kind]()
        self._blocks: dict[str, str] = {}
        count = Counter[str]()
        for path, part in module.named_modules():
            is_list = isinstance(part, nn.ModuleList) or type(part).forward is nn.Sequential.forward
            is_block = path and not is_list and any(part.children())
            if is_block and not any(path.startswith(outer + ".") for outer in self._blocks):
                name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(part).__name__.strip("_"))
                self._blocks[path] = f"{name} {count[name] + _FIRST.get(name, 1)}"
                count[name] += 1

    def name(self, what: Kind, path: str) -> tuple[str, str]:
        """The identifier of the next layer of kind ``what``, which is at ``path`` in the code, and its title."""
        if path in self._given:
            return path.rpartition(".")[2].replace("_", "-"), self._given[path]
        self._count[what] += 1
        number = self._count[what]
        return f"{what.replace(' ', '-')}-{number}", f"{_WORDS.get(what, what.capitalize())} {number}"

    def block(self, node: fx.Node) -> str:
        """The outermost block that the node belongs to, and the part of it; "" for none."""
        stack = node.meta.get("nn_module_stack") or {}
        paths = [str(entry[0] if isinstance(entry, tuple) else entry) for entry in stack.values()]
        inside = next((path for path in reversed(paths) for outer in self._blocks if path.startswith(outer)), "")
        outer = next((outer for outer in self._blocks if inside == outer or inside.startswith(outer + ".")), None)
        if outer is None:
            return ""
        rest = "" if inside in self._given else inside[len(outer) + 1 :].replace(".", " ").replace("_", " ")
        rest = _SIZE.sub(" \\1\u00a0×\u00a0\\2", rest)
        return f"{self._blocks[outer]} · {rest}" if rest else self._blocks[outer]


def _window(kernel: Any, stride: Any) -> str:
    height, width = pair(kernel)
    step = pair(stride)
    return f"{height} × {width}" + (f", stride {step[0]}" if step != (1, 1) else "")
