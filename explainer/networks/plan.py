"""From a configuration to its layers in order, with the sizes that flow through them: no torch, no weights."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import accumulate
from math import prod
from typing import Literal

from explainer.layers import geometry
from explainer.networks.config import CLASSES, DIGIT_SIZE, Block, ImpossibleNetworkError, NetworkConfig, Pool
from explainer.words.book import Said

Shape = tuple[int, ...]
Kind = Literal[
    "pad",
    "convolution",
    "batch norm",
    "activation",
    "sum",
    "pool",
    "spatial dropout",
    "flatten",
    "linear",
    "dropout",
]

# For one digit, and so that the largest network still trains here
MAX_PARAMETERS = 3_000_000
MAX_MACS = 100_000_000
MAX_VALUES = 500_000  # in all outputs together: training keeps them for every digit of a batch
# For every number, so that a hostile link or file costs nothing
MAX_DEPTH = 30
MAX_PAIRS = 27  # in the whole network: 56 layers
MAX_WIDTH = 10_000
MAX_SIZE = 64
MAX_RATE = 0.95


@dataclass(frozen=True)
class Layer:
    """One layer of a network: what it is, what comes out of it, what it costs.

    ``shape`` is (channels, height, width) or (features,) of one digit. ``padding`` is (before, after), the same on
    both axes; ``name`` tells layers apart ("Convolution 2"), ``detail`` is what people read, and of an activation its
    name. ``pair`` is the number of the building block that it belongs to, counted through the network, 0 for none.
    """

    kind: Kind
    name: str
    detail: Said | str
    shape: Shape
    parameters: int = 0
    macs: int = 0
    inputs: int = 0
    outputs: int = 0
    kernel: int = 0
    stride: int = 1
    padding: tuple[int, int] = (0, 0)
    bias: bool = True
    rate: float = 0.0
    pool: Pool | None = None
    pair: int = 0


def layers(config: NetworkConfig) -> tuple[Layer, ...]:
    """The layers of ``config`` in order; dropout at its place even with rate 0, since a run may turn it on.

    Raises ImpossibleNetworkError, whose message names the layer and the value to change, where a map is
    smaller than the window, a number is out of range, or the network is too large to train here.
    """
    _check_numbers(config)
    plan = tuple(_input(config)) + tuple(_convolutional_part(config))
    plan += tuple(_fully_connected_part(config, plan[-1].shape if plan else config.picture))
    _check_cost(plan)
    return plan


def key(layer: Layer) -> str:
    """The layer's name as a key of the module's state: "Convolution 1" -> "convolution_1"."""
    return layer.name.lower().replace(" ", "_")


def path(layer: Layer) -> str:
    """Where the layer's module stands in the network: "convolution_1", or in a block "block_2.convolution_4"."""
    return f"block_{layer.pair}.{key(layer)}" if layer.pair else key(layer)


def title(key: str) -> Said:
    """What people read of the layer with this ``key``: "convolution_1" -> "Convolution 1"."""
    kind, _, number = key.rpartition("_")
    return Said(f"plan.layer.{kind}", number=int(number)) if number.isdigit() else Said(f"plan.layer.{key}")


def depth(config: NetworkConfig) -> int:
    """Convolutions and fully connected layers: what the number in "ResNet-50" counts."""
    return sum(1 + 2 * block.pairs for block in config.blocks) + len(config.hidden) + 1


def first_convolutions(config: NetworkConfig) -> tuple[int, ...]:
    """For every block the number of its own convolution: those of the pairs before it are counted too."""
    return tuple(accumulate((1 + 2 * block.pairs for block in config.blocks[:-1]), initial=1)) if config.blocks else ()


def channels_last(config: NetworkConfig) -> bool:
    """Whether a CPU trains this network faster with the channels last in memory.

    Measured: it is faster for convolutions, but halves the speed of batch normalization on few channels.
    """
    return not (config.batch_norm and any(block.channels < 16 for block in config.blocks))


def parameter_count(config: NetworkConfig) -> int:
    """Trainable numbers of the network."""
    return sum(layer.parameters for layer in layers(config))


def _check_numbers(config: NetworkConfig) -> None:
    for what, of, value, low, high in _numbers(config):
        if not low <= value <= high:  # not a number is in no range
            raise ImpossibleNetworkError(Said(f"plan.choose.{what}", **of, low=low, high=high))


def _numbers(config: NetworkConfig) -> Iterator[tuple[str, dict[str, int], float, float, float]]:
    """Every number of ``config``: what it is, of which layer, its value, the lowest and the highest allowed."""
    yield "input_size", {}, config.input_size, DIGIT_SIZE, MAX_SIZE
    yield "dropout", {}, config.dropout, 0, MAX_RATE
    yield "spatial_dropout", {}, config.spatial_dropout, 0, MAX_RATE
    yield "convolutions", {}, len(config.blocks), 0, MAX_DEPTH
    yield "fully_connected", {}, len(config.hidden), 0, MAX_DEPTH
    for block in config.blocks:
        yield "pairs", {}, block.pairs, 0, MAX_PAIRS
    yield "pairs", {}, sum(block.pairs for block in config.blocks), 0, MAX_PAIRS
    for number, block in zip(first_convolutions(config), config.blocks, strict=True):
        of = {"number": number}
        yield "channels", of, block.channels, 1, MAX_WIDTH
        yield "kernel", of, block.kernel, 1, MAX_SIZE
        yield "stride", of, block.stride, 1, MAX_SIZE
        if block.pool:
            yield "window", of, block.pool.size, 1, MAX_SIZE
            yield "pooling_stride", of, block.pool.stride, 1, MAX_SIZE
    for number, width in enumerate(config.hidden, 1):
        yield "neurons", {"number": number}, width, 1, MAX_WIDTH


def _check_cost(plan: tuple[Layer, ...]) -> None:
    _check_sum(plan, lambda layer: layer.parameters, MAX_PARAMETERS, "plan.too_many_parameters")
    _check_sum(plan, lambda layer: layer.macs, MAX_MACS, "plan.too_many_macs")
    _check_sum(plan, lambda layer: prod(layer.shape), MAX_VALUES, "plan.too_many_values")


def _check_sum(plan: tuple[Layer, ...], cost: Callable[[Layer], int], limit: int, problem: str) -> None:
    if (spent := sum(map(cost, plan))) > limit:
        largest = max(plan, key=cost)
        raise ImpossibleNetworkError(
            Said(problem, total=spent, largest=cost(largest), layer=title(key(largest)), limit=limit)
        )


def _input(config: NetworkConfig) -> Iterator[Layer]:
    channels, before, _ = config.picture
    extra = config.side - before
    if extra:
        sides = (extra // 2, extra - extra // 2)
        shape = (channels, config.side, config.side)
        yield Layer(
            "pad",
            "Padding",
            Said("plan.detail.padding", before=before, after=config.side),
            shape,
            padding=sides,
        )


def _convolutional_part(config: NetworkConfig) -> Iterator[Layer]:
    channels, size, pairs = config.picture[0], config.side, 0
    for first, block in zip(first_convolutions(config), config.blocks, strict=True):
        convolution = _convolution(first, block, channels, size, bias=not config.batch_norm)
        shape, last = convolution.shape, first + 2 * block.pairs
        channels, size = shape[:2]
        is_early = not block.pairs or config.skips != "pre-activation"
        yield convolution
        if is_early:
            yield from _normalization_and_activation(config, str(first), shape)
        for second in range(first + 1, last, 2):
            pairs += 1
            yield from (replace(layer, pair=pairs) for layer in _pair(config, second, pairs, shape))
        if not is_early:
            yield from _normalization_and_activation(config, str(last), shape)
        if block.pool:
            pooled = _pool(last, block.pool, channels, size)
            size = pooled.shape[1]
            yield pooled
        if config.spatial_dropout:
            rate, shape = config.spatial_dropout, (channels, size, size)
            yield Layer("spatial dropout", f"Spatial dropout {last}", _rate(rate), shape, rate=rate)
    if config.global_pool:
        yield replace(_pool(0, Pool("average", size, size), channels, size), name="Global pooling")


def _pair(config: NetworkConfig, first: int, number: int, shape: Shape) -> Iterator[Layer]:
    """Two convolutions, the one numbered ``first`` and the next, that keep the ``shape`` of the maps, and their sum."""
    block, bias = Block(shape[0]), not config.batch_norm
    one, two = (_convolution(at, block, shape[0], shape[1], bias=bias) for at in (first, first + 1))
    total = Layer("sum", f"Sum {number}", Said("plan.detail.sum"), shape)
    if config.skips == "pre-activation":
        yield from (*_normalization_and_activation(config, str(first - 1), shape), one)
        yield from (*_normalization_and_activation(config, str(first), shape), two, total)
        return
    yield from (one, *_normalization_and_activation(config, str(first), shape), two)
    *normalization, activation = _normalization_and_activation(config, str(first + 1), shape)
    yield from normalization
    if config.skips == "residual":
        yield total
    yield activation


def _convolution(number: int, block: Block, channels: int, size: int, bias: bool) -> Layer:
    kernel, stride = block.kernel, block.stride
    padding = geometry.same_padding(size, kernel, stride) if block.padding == "same" else (0, 0)
    out = geometry.output_size(size, kernel, stride, padding)
    if out < 1:
        raise ImpossibleNetworkError(Said("plan.kernel_too_large", number=number, kernel=kernel, size=size))
    return Layer(
        "convolution",
        f"Convolution {number}",
        Said("plan.detail.convolution", kernel=kernel, stride=stride, padding=block.padding),
        (block.channels, out, out),
        geometry.convolution_parameters(channels, block.channels, kernel, bias),
        geometry.convolution_macs(channels, block.channels, kernel, out, out),
        inputs=channels,
        outputs=block.channels,
        kernel=kernel,
        stride=stride,
        padding=padding,
        bias=bias,
    )


def _pool(number: int, pool: Pool, channels: int, size: int) -> Layer:
    out = geometry.output_size(size, pool.size, pool.stride)
    if out < 1:
        raise ImpossibleNetworkError(Said("plan.window_too_large", number=number, window=pool.size, size=size))
    detail = Said(f"plan.detail.{pool.kind}_pooling", window=pool.size, stride=pool.stride)
    return Layer(
        "pool",
        f"Pooling {number}",
        detail,
        (channels, out, out),
        kernel=pool.size,
        stride=pool.stride,
        pool=pool,
    )


def _normalization_and_activation(config: NetworkConfig, number: str, shape: Shape) -> Iterator[Layer]:
    if config.batch_norm:
        parameters = geometry.batch_norm_parameters(shape[0])
        yield Layer(
            "batch norm",
            f"Batch norm {number}",
            Said("plan.detail.batch_norm"),
            shape,
            parameters,
            inputs=shape[0],
            outputs=shape[0],
        )
    yield Layer("activation", f"Activation {number}", config.activation, shape)


def _fully_connected_part(config: NetworkConfig, shape: Shape) -> Iterator[Layer]:
    features = shape[0] * shape[1] * shape[2]
    yield Layer("flatten", "Flatten", " × ".join(map(str, shape)), (features,))
    if not config.hidden:
        yield Layer("dropout", "Dropout", _rate(config.dropout), (features,), rate=config.dropout)
    for number, width in enumerate(config.hidden, 1):
        yield _linear(f"Fully connected {number}", features, width, bias=not config.batch_norm)
        yield from _normalization_and_activation(config, f"FC {number}", (width,))
        yield Layer("dropout", f"Dropout FC {number}", _rate(config.dropout), (width,), rate=config.dropout)
        features = width
    yield _linear("Logits", features, CLASSES, bias=True)


def _rate(rate: float) -> Said:
    return Said("plan.detail.dropout", rate=rate)


def _linear(name: str, inputs: int, outputs: int, bias: bool) -> Layer:
    parameters = geometry.linear_parameters(inputs, outputs, bias)
    detail = f"{inputs} → {outputs}"
    macs = inputs * outputs
    return Layer("linear", name, detail, (outputs,), parameters, macs, inputs=inputs, outputs=outputs, bias=bias)
