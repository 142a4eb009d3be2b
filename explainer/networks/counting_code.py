"""The code that counts a whole network."""

from __future__ import annotations

from collections.abc import Iterator

from torch import nn

from explainer.networks.architecture_names import TORCHVISION, torchvision_name
from explainer.networks.architectures import KEYWORDS, build, computes_widths, made_for
from explainer.networks.block_code import block_code, made_of_blocks
from explainer.networks.build import BLOCKS
from explainer.networks.config import NetworkConfig
from explainer.networks.heads import Head, with_head

_CONVERTING = [
    "from collections import OrderedDict",
    "",
    "def as_convolution(dense, channels, window):  # the same weights over maps instead of a row of numbers",
    "    made = torch.nn.Conv2d(channels, dense.out_features, window, bias=dense.bias is not None)",
    "    made.weight = torch.nn.Parameter(dense.weight.view(dense.out_features, channels, *window))",
    "    made.bias = dense.bias",
    "    return made",
    "",
]


def counting_code(
    name: str,
    config: NetworkConfig | None = None,
    side: int | None = None,
    head: Head = "built",
    *,
    does_fail: bool = False,
) -> str:
    """A script that builds the network called ``name``, or that of ``config``, without weights, and counts it.

    For pictures of ``side`` × ``side``, those it was made for if not given, and with another ``head``. Where the
    network ``does_fail`` at them the script prints PyTorch's error.
    """
    channels, own, _ = made_for(name, config)
    side = side or own
    picture = f'torch.zeros(1, {channels}, {side}, {side}, device="meta")'
    return "\n".join(
        [
            "import torch",
            "from torch.utils.flop_counter import FlopCounterMode",
            *(_CONVERTING if head == "convolutions" else ()),
            *_building(name, config),
            *_changing(name, config, head),
            "network.eval()",
            "parameters = sum(each.numel() for each in network.parameters())",
            "counter = FlopCounterMode(display=False)",
            *(_failing(picture) if does_fail else ("with counter:", f"    network({picture})")),
            "macs = counter.get_total_flops() // 2  # a multiplication and an addition are one MAC",
            'print(f"{parameters:,} parameters, {macs:,} MACs")',
        ]
    )


def _building(name: str, config: NetworkConfig | None) -> Iterator[str]:
    if config or name not in TORCHVISION:
        yield "from torch import nn"
        yield block_code(config) if config else ""
        yield 'with torch.device("meta"):  # shapes without numbers: no memory, no time'
        yield "    network = nn.Sequential("
        yield from (f"        {_part(part)}," for part in build(name, config).children())
        yield "    )"
        return
    keywords = ", ".join(f"{key}={value}" for key, value in KEYWORDS.get(name, {}).items())
    made = f"models.{torchvision_name(name)}({keywords})"
    yield "from torchvision import models"
    yield ""
    if computes_widths(name):
        yield f'network = {made}.to("meta")'
        return
    yield 'with torch.device("meta"):  # shapes without numbers: no memory, no time'
    yield f"    network = {made}"


def _part(part: nn.Module) -> str:
    if type(part) not in BLOCKS.values():
        return f"nn.{part}"
    return made_of_blocks(next(each.out_channels for each in part.children() if isinstance(each, nn.Conv2d)), 1)


def _failing(picture: str) -> Iterator[str]:
    yield "try:"
    yield "    with counter:"
    yield f"        network({picture})"
    yield "except (RuntimeError, AssertionError) as error:"
    yield "    print(error)"


def _changing(name: str, config: NetworkConfig | None, head: Head) -> Iterator[str]:
    """The steps from the network to that with another head."""
    if head == "built":
        return
    before = build(name, config)
    if type(before) is nn.Sequential:
        before = nn.Sequential(*before)  # by number, as the script builds it
    after = dict(with_head(before, made_for(name, config), head).named_modules())
    if head == "flat":
        yield "network.avgpool = torch.nn.Identity()  # flattened as they are, the maps must have one size"
        return
    if type(before) is not nn.Sequential:  # its forward pass would flatten the maps
        yield "network = torch.nn.Sequential(OrderedDict(network.named_children()))"
    for path, part in before.named_modules():
        made = after[path]
        if path and type(made) is not type(part):
            yield f'network.set_submodule("{path}", {_written(made, path)})'


def _written(part: nn.Module, path: str) -> str:
    match part:
        case nn.Conv2d():
            return f'as_convolution(network.get_submodule("{path}"), {part.in_channels}, {part.kernel_size})'
        case nn.AvgPool2d():
            return f"torch.nn.AvgPool2d({part.kernel_size}, stride=1)"
        case _:
            return "torch.nn.Identity()"
