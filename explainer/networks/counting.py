"""What every layer of a network computes and costs, found by running it once without numbers, on torch's meta device.

Modules are watched by hooks, what is computed outside of them (a sum, a concatenation, a ReLU as a function) by the
operations themselves. Multiply-accumulate operations (MACs) are those of convolutions and matrix products, half of what
``torch.utils.flop_counter`` counts: a bias, a normalization or an activation has none, as torchvision publishes them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import prod
from typing import Any, Literal

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry

from explainer.networks.failing import Failure, failure
from explainer.networks.windows import padding, pair

Pair = tuple[int, int]
Kind = Literal[
    "input",
    "convolution",
    "fully-connected",
    "attention",
    "max-pooling",
    "average-pooling",
    "normalization",
    "activation",
    "sum",
    "product",
    "concatenation",
    "matrix-product",
]

_LEAVES: tuple[tuple[tuple[type[nn.Module], ...], Kind], ...] = (
    ((nn.Conv2d,), "convolution"),
    ((nn.Linear,), "fully-connected"),
    ((nn.MultiheadAttention,), "attention"),
    ((nn.MaxPool2d, nn.AdaptiveMaxPool2d), "max-pooling"),
    ((nn.AvgPool2d, nn.AdaptiveAvgPool2d), "average-pooling"),
    ((nn.modules.batchnorm._BatchNorm, nn.LayerNorm, nn.GroupNorm, nn.LocalResponseNorm), "normalization"),
    (
        (nn.ReLU, nn.ReLU6, nn.LeakyReLU, nn.ELU, nn.GELU, nn.SiLU, nn.Tanh, nn.Sigmoid, nn.Hardswish, nn.Hardsigmoid),
        "activation",
    ),
)
_ATTENTION = ("ShiftedWindowAttention", "ShiftedWindowAttentionV2", "RelativePositionalMultiHeadAttention")
_FUNCTIONS: dict[str, Kind] = {
    **dict.fromkeys(("relu", "relu_", "sigmoid", "tanh", "gelu", "silu", "hardswish", "hardtanh"), "activation"),
    **dict.fromkeys(("add", "add_"), "sum"),
    **dict.fromkeys(("mul", "mul_"), "product"),
    "cat": "concatenation",
    **dict.fromkeys(("mean", "avg_pool2d", "_adaptive_avg_pool2d"), "average-pooling"),
    "max_pool2d_with_indices": "max-pooling",
    "native_layer_norm": "normalization",
    **dict.fromkeys(("mm", "addmm", "bmm", "baddbmm"), "matrix-product"),
}
_NAMES = {"relu": "ReLU", "relu_": "ReLU", "gelu": "GELU", "silu": "SiLU"}  # of functions, as their modules are called
_OF_TWO = {"sum", "product"}  # one number more, or times one, is no layer


@dataclass(frozen=True)
class Step:
    """One layer as the network runs it, for one picture.

    ``path`` is the module's, or that of the module whose code calls a function; ``type`` is its class or function.
    ``shape`` is (maps, height, width), (tokens, features), (height, width, features) or (features,). ``window`` is the
    rows and columns of a kernel, None where there is none. ``reads`` are the numbers of the steps whose output it
    takes, 0 the input; ``parameters`` those that it is the first to read; ``macs`` its multiply-accumulates; ``inputs``
    the channels or features of a module's input.
    """

    number: int
    path: str
    kind: Kind
    type: str
    shape: tuple[int, ...]
    reads: tuple[int, ...]
    parameters: int = 0
    macs: int = 0
    inputs: int = 0
    window: Pair | None = None
    stride: Pair = (1, 1)
    padding: tuple[int, int, int, int] = (0, 0, 0, 0)
    dilation: Pair = (1, 1)
    groups: int = 1
    bias: bool = False

    @property
    def activations(self) -> int:
        """Numbers that it puts out."""
        return prod(self.shape)


@dataclass(frozen=True)
class Counted:
    """The steps of a network in order, the first its input. ``idle`` parameters are read by none of them.

    ``blocks`` are the paths of modules that hold others, with their classes, from the outermost inwards. Where a layer
    cannot compute an input of this size, ``failure`` says which and why, and the steps are those before it.
    """

    steps: tuple[Step, ...]
    parameters: int
    idle: int
    blocks: Mapping[str, str]
    failure: Failure | None = None


def count(network: nn.Module, shape: tuple[int, ...]) -> Counted:
    """The layers of ``network``, on the meta device, for an input of ``shape`` (channels, height, width).

    It is put in evaluation mode, and belongs to the caller alone: hooks watch it meanwhile.
    """
    network.eval()
    watch = _Watch(network, shape)
    handles = list(watch.hooks())
    try:
        picture = torch.zeros(1, *shape, device="meta")
        watch.take_in(picture)
        with watch:
            network(picture)
    except (RuntimeError, AssertionError):  # as PyTorch's layers and torchvision's own checks refuse a size
        if not watch.entered:
            raise
    finally:
        for handle in handles:
            handle.remove()
    total = sum(each.numel() for each in network.parameters())
    found = tuple(watch.steps)
    blocks = {path: type(part).__name__ for path, part in network.named_modules() if any(part.children())}
    failed = failure(*watch.entered[-1]) if watch.entered else None
    idle = 0 if failed else total - sum(step.parameters for step in found)
    return Counted(found, total, idle, blocks, failed)


class _Watch(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Writes down the steps. Tensors that it sees live as long as it does, so that no two have the same identity."""

    def __init__(self, network: nn.Module, shape: tuple[int, ...]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.network = network
        self.steps = [Step(0, "", "input", "Input", shape, ())]
        self._made_by: dict[int, frozenset[int]] = {}  # id of a tensor -> the steps that it comes of
        self._weights = {id(each): frozenset([-1 - i]) for i, each in enumerate(network.parameters())}
        self._sizes = [each.numel() for each in network.parameters()]
        self._claimed: set[int] = set()
        self._alive: list[Tensor] = []
        self.entered: list[tuple[str, nn.Module, tuple[int, ...]]] = []  # and have not returned
        self._leaf: str | None = None
        self._macs = 0

    def hooks(self) -> Iterator[Any]:
        """Put on every module; each can be removed."""
        for path, part in self.network.named_modules():
            yield part.register_forward_pre_hook(self._enter(path, part))
            yield part.register_forward_hook(self._leave(path, part))

    def take_in(self, picture: Tensor) -> None:
        self._note([picture], frozenset([0]))

    def _enter(self, path: str, part: nn.Module) -> Callable[..., None]:
        def enter(_: nn.Module, given: Any) -> None:
            shape = next((tuple(each.shape[1:]) for each in given if isinstance(each, Tensor)), ())
            self.entered.append((path, part, shape))
            if self._leaf is None and _kind(part):
                self._leaf, self._macs = path, 0

        return enter

    def _leave(self, path: str, part: nn.Module) -> Callable[..., None]:
        def leave(_: nn.Module, given: Any, made: Any) -> None:
            self.entered.pop()
            if self._leaf == path:
                self._leaf = None
                self._module(path, part, [each for each in given if isinstance(each, Tensor)], made)

        return leave

    def _module(self, path: str, part: nn.Module, given: list[Tensor], made: Any) -> None:
        kind = _kind(part)
        output = made[0] if isinstance(made, tuple) else made
        assert kind is not None
        owned = frozenset().union(*(self._weights[id(each)] for each in part.parameters()))
        reads = frozenset().union(*(self._sources(each) for each in given)) | owned
        inputs = given[0].shape[1 if kind == "convolution" else -1]
        self._add([output], kind, path, type(part).__name__, reads, self._macs, inputs=inputs, **_settings(part))

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        made = func(*args, **(kwargs or {}))
        packet = func._overloadpacket
        macs = flop_registry[packet](*args, **(kwargs or {}), out_val=made) // 2 if packet in flop_registry else 0
        self._macs += macs
        outputs, given = list(_tensors([made])), list(_tensors(args))
        reads = frozenset().union(*(self._sources(each) for each in given))
        kind = _FUNCTIONS.get(packet.__name__)
        computes = kind and any(step >= 0 for step in reads) and (kind not in _OF_TWO or len(given) > 1)
        if self._leaf is None and computes:
            path, name = self.entered[-1][0] if self.entered else "", packet.__name__
            assert kind is not None
            window = _pooled(given[0], args) if kind.endswith("pooling") else {}
            self._add(outputs[:1], kind, path, _NAMES.get(name, name.strip("_")), reads, macs, **window)
        elif self._leaf is None or reads:
            self._note(outputs, reads)
        return made

    def _sources(self, tensor: Tensor) -> frozenset[int]:
        return self._made_by.get(id(tensor)) or self._weights.get(id(tensor)) or frozenset()

    def _note(self, made: Iterable[Tensor], sources: frozenset[int]) -> None:
        for each in made:
            self._made_by[id(each)] = sources
            self._alive.append(each)

    def _add(  # noqa: PLR0917
        self, made: list[Tensor], kind: Kind, path: str, name: str, reads: frozenset[int], macs: int, **settings: Any
    ) -> None:
        number = len(self.steps)
        weights = {-1 - source for source in reads if source < 0} - self._claimed
        self._claimed |= weights
        parameters = sum(self._sizes[i] for i in weights)
        sources = tuple(sorted(source for source in reads if source >= 0))
        shape = tuple(made[0].shape[1:])
        self.steps.append(Step(number, path, kind, name, shape, sources, parameters, macs, **settings))
        self._note(made, frozenset([number]))


def _kind(part: nn.Module) -> Kind | None:
    """What a module is that is shown as one layer; None for one whose code is looked into."""
    if type(part).__name__ in _ATTENTION:
        return "attention"
    return next((kind for types, kind in _LEAVES if isinstance(part, types)), None)


def _settings(part: nn.Module) -> dict[str, Any]:
    match part:
        case nn.Conv2d():
            return {
                "window": pair(part.kernel_size),
                "stride": pair(part.stride),
                "padding": padding(part),
                "dilation": pair(part.dilation),
                "groups": part.groups,
                "bias": part.bias is not None,
            }
        case nn.MaxPool2d() | nn.AvgPool2d():
            down, across = pair(part.padding)
            sides = (down, down, across, across)
            return {"window": pair(part.kernel_size), "stride": pair(part.stride), "padding": sides}
        case nn.Linear():
            return {"bias": part.bias is not None}
        case _:
            return {}


def _pooled(given: Tensor, args: tuple[Any, ...]) -> dict[str, Any]:
    """The window of a pooling that is called as a function; none where it takes all of a map."""
    if len(args) < 2 or not isinstance(args[1], (list, tuple)) or given.dim() != 4 or min(args[1]) < 1:
        return {}
    window = pair(args[1] * 2 if len(args[1]) == 1 else args[1])
    stride = pair(args[2] * 2 if len(args[2]) == 1 else args[2]) if len(args) > 2 and args[2] else window
    down, across = pair(args[3] * 2 if len(args[3]) == 1 else args[3]) if len(args) > 3 else (0, 0)
    return {"window": window, "stride": stride, "padding": (down, down, across, across)}


def _tensors(values: Iterable[Any]) -> Iterator[Tensor]:
    for each in values:
        if isinstance(each, Tensor):
            yield each
        elif isinstance(each, (list, tuple)):
            yield from _tensors(each)
