"""Activation maximization: all 24 channels of a layer as one batch over one by one, at least 7 times as fast; and at a
layer of ResNet-18 only up to it, with frozen weights, over the same ascent through the whole network with weights that
take gradients, as Lucent climbs: at least 1.8 times.

Run as ``python -m benchmarks.maximization``. ResNet-18 has random weights: they do not change what there is to do.
"""

import time
from collections.abc import Callable
from dataclasses import replace

import torch
from torch import nn

from benchmarks.common import median, note, report
from explainer.inspection.maximization import Settings, Target, ascend
from explainer.inspection.parameterization import Canvas
from explainer.inspection.transformations import Transformations, draw, moved
from explainer.networks import zoo
from explainer.networks.description import Transform
from explainer.networks.graph import Network, trace

ROUNDS = 7
DIGITS, LAYER = "digits", "convolution_3"
SETTINGS = Settings(24, transformations=Transformations(1, 0.05, 5.0), l2=0.2)
LARGE = replace(SETTINGS, l2=0.0)
RESNET_LAYER, SIDE, UNIT = "layer2.1.conv2", 128, 3  # in the middle: half of the network lies behind it


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def together(network: Network, units: tuple[int, ...]) -> None:
    for _ in ascend(network, Target(LAYER, units, 28, middle=True), SETTINGS):
        pass


def one_by_one(network: Network, units: tuple[int, ...]) -> None:
    for unit in units:
        together(network, (unit,))


def resnet() -> nn.Module:
    from torchvision import models

    with torch.random.fork_rng():
        torch.manual_seed(0)
        return models.resnet18(weights=None).eval()


def up_to_the_layer(network: Network, name: str) -> None:
    for _ in ascend(network, Target(name, (UNIT,), SIDE), LARGE):
        pass


def whole_network(module: nn.Module, transform: Transform) -> None:
    """The same steps, written as a hook and a backward pass through all there is; PyTorch's own Adam."""
    kept: list[torch.Tensor] = []
    hook = module.get_submodule(RESNET_LAYER).register_forward_hook(
        lambda _module, _inputs, output: kept.append(output)
    )
    canvas = Canvas(LARGE.parameterization, transform, SIDE, torch.device("cpu"))
    generator = torch.Generator().manual_seed(1)
    parameters = canvas.start(0, 1).requires_grad_()
    optimizer = torch.optim.Adam([parameters], lr=LARGE.rate, maximize=True)
    for _ in range(LARGE.steps):
        optimizer.zero_grad()
        module(canvas.read(moved(canvas.paint(parameters), draw(LARGE.transformations, generator))))
        kept.pop()[0, UNIT].mean().backward()
        optimizer.step()
    hook.remove()


def ratio(what: str, ours: Callable[[], object], other: Callable[[], object]) -> float:
    """How many times as long ``other`` takes, in turns, medians."""
    ours(), other()
    pairs = [(seconds(ours), seconds(other)) for _ in range(ROUNDS)]
    ours_median, other_median = (median(times) for times in zip(*pairs, strict=True))
    note(f"{what}: {ours_median:.3f} s and {other_median:.3f} s")
    return other_median / ours_median


def main() -> None:
    torch.set_num_threads(1)  # as the app climbs, and the same for both
    digits = zoo.load(DIGITS)
    units = tuple(range(24))
    batch = ratio("24 channels, 24 steps", lambda: together(digits, units), lambda: one_by_one(digits, units))
    plain, transform = resnet(), Transform(224, 256, (0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
    network = trace(resnet(), "resnet", "ResNet-18", ("",) * 1000, transform)
    name = next(layer.name for layer in network.description.layers if layer.path == RESNET_LAYER)
    part = ratio("ResNet-18", lambda: up_to_the_layer(network, name), lambda: whole_network(plain, transform))
    report("24 channels of the digit reader: one by one / one batch", batch, 7)
    report("a layer of ResNet-18: whole network with weights' gradients / up to the layer", part, 1.8)


if __name__ == "__main__":
    main()
