"""PyTorch code of the page on attribution: it computes the map that the page shows."""

from __future__ import annotations

from dataclasses import dataclass

from explainer.inspection.baselines import Fill
from explainer.inspection.methods import Settings
from explainer.inspection.target import Explained, Target, class_of
from explainer.networks.description import Description


@dataclass(frozen=True)
class Source:
    """Where a picture comes from in code: lines that import, and the expression of its pixels."""

    imports: tuple[str, ...]
    pixels: str


FILE = "picture.png"  # the picture as the network is shown it
OF_FILE = Source(("import numpy as np", "from PIL import Image"), f'np.asarray(Image.open("{FILE}"))')


def of_digit(number: int) -> Source:
    """A test digit of MNIST."""
    imports = ("from explainer.data.digits import load", "from explainer.networks.reading import shown_digit")
    return Source(imports, f'shown_digit(transform, load("mnist").test_images[{number}])')


def of_test_picture(number: int) -> Source:
    """A test picture of CIFAR-10."""
    imports = ("from explainer.data.digits import load",)
    return Source(imports, f'load("cifar-10").test_images[{number}]')


def of_photograph(name: str) -> Source:
    """A sample photograph by its name."""
    imports = ("from explainer.data.samples import original", "from explainer.networks.reading import shown")
    return Source(imports, f'shown(transform, original("{name}"))')


@dataclass(frozen=True)
class _Lines:
    """A method in code: what stands before, the lines of each target, and expressions of its ``values`` and ``heat``.

    ``values`` (colours, size, size) have their signs, so that those of two classes can be subtracted.
    """

    before: tuple[str, ...]
    each: tuple[str, ...]
    values: str
    heat: str


def attribution_code(
    name: str,
    description: Description,
    source: Source,
    *,
    method: str,
    target: Explained,
    settings: Settings,
    other: Target | None = None,
) -> str:
    """Code that ends with ``heat`` (size, size), the map of the method of this key.

    With an ``other`` class it is the difference of the two maps, with their signs. ``name`` is the network's in the
    zoo, "" for one that the visitor trained.
    """
    loaded = f'zoo.load("{name}")' if name else 'zoo.trained(Path("weights.safetensors").read_bytes(), "Mine")'
    lines = [
        *([] if name else ["from pathlib import Path", ""]),
        "import torch",
        "from torch.nn import functional as F",
        "",
        *source.imports,
        "from explainer.networks import zoo  # of this app: its networks, and a way to run them",
        "from explainer.networks.graph import device_of, forward",
        "from explainer.networks.reading import to_input",
        "",
        f"network = {loaded}",
        "transform = network.description.transform",
        f"pixels = {source.pixels}.copy()",
        "inputs = to_input(transform, pixels).to(device_of(network))",
        *_explained(description, target),
        "",
        "",
        *_found(_METHODS[method](settings), description, target, other),
    ]
    return "\n".join(lines)


def _found(lines: _Lines, description: Description, target: Explained, other: Target | None) -> list[str]:
    """The map, or the difference of those of two classes."""
    if other is None:
        return [*lines.before, *lines.each, f"heat = {lines.heat}"]
    one = class_of(target)
    return [
        *lines.before,
        "found = []",
        f"for label in ({one.label}, {other.label}):  # "
        f"{description.classes[one.label]} less {description.classes[other.label]}",
        *(f"    {line}" if line else "" for line in lines.each),
        f"    found.append({lines.values})",
        "heat = (found[0] - found[1]).sum(0)  # with their signs, summed over the colours",
    ]


def _explained(description: Description, target: Explained) -> list[str]:
    """The last layer that has to run, and what is explained of what it gives."""
    if isinstance(target, Target):
        score = "logits[:, label]" if target.of == "logit" else "logits.double().softmax(1)[:, label]"
        return [
            f'label, last = {target.label}, "{description.layers[-1].name}"  # {description.classes[target.label]}',
            "",
            "",
            "def target(logits):",
            f"    return {score}",
        ]
    place = ", ".join(map(str, (target.channel, *(target.at or ()))))
    return [
        f'last = "{target.layer}"  # {description.layer(target.layer).title}',
        "",
        "",
        "def target(values):  # one unit: its map, row and column" if target.at else "def target(values):  # one unit",
        f"    return values[:, {place}]",
    ]


def _gradient(_: Settings) -> _Lines:
    return _Lines(_BACK, (), "gradient(inputs)", "gradient(inputs).abs().amax(0)  # the strongest colour")


def _gradient_times_input(_: Settings) -> _Lines:
    values = "gradient(inputs) * inputs[0]"
    return _Lines(_BACK, (), values, f"({values}).sum(0)")


def _smooth_grad(settings: Settings) -> _Lines:
    before = (
        *_BACK,
        f"generator = torch.Generator().manual_seed({settings.seed})",
        f"noise = torch.randn(({settings.samples}, *inputs.shape[1:]), generator=generator).to(inputs)",
        f"sigma = {settings.noise:g} * (inputs.max() - inputs.min())",
    )
    each = ("gradients = [gradient(inputs + sigma * each) for each in noise]",)
    values = "torch.stack(gradients).mean(0)"
    return _Lines(before, each, values, f"{values}.abs().amax(0)")


def _integrated(settings: Settings) -> _Lines:
    before = (
        *_BACK,
        *_fill("baseline", settings.baseline),
        f"shares = (torch.arange({settings.steps}) + 0.5) / {settings.steps}",
    )
    each = ("gradients = [gradient(baseline + share * (inputs - baseline)) for share in shares.tolist()]",)
    values = "torch.stack(gradients).mean(0) * (inputs - baseline)[0]"
    return _Lines(before, each, values, f"({values}).sum(0)")


def _guided(_: Settings) -> _Lines:
    return _through((*_relu("back.relu() * (ctx.saved_tensors[0] > 0)"), *_BACK))


def _transposed(_: Settings) -> _Lines:
    return _through((*_relu("back.relu()"), *_BACK))


def _through(before: tuple[str, ...]) -> _Lines:
    """The gradient through other ReLUs."""
    values = "gradient(inputs, ReLU.apply)"
    return _Lines(before, (), values, f"{values}.abs().amax(0)")


def _grad_cam(settings: Settings) -> _Lines:
    return _Lines((), _camera(settings), "places[0]", "places[0, 0]")


def _guided_grad_cam(settings: Settings) -> _Lines:
    before = (*_relu("back.relu() * (ctx.saved_tensors[0] > 0)"), *_BACK)
    values = "gradient(inputs, ReLU.apply) * places[0]"
    return _Lines(before, _camera(settings), values, f"({values}).abs().amax(0)")


def _occlusion(settings: Settings) -> _Lines:
    before = (
        *_fill("fill", settings.fill),
        f"size, patch, stride = len(pixels), {settings.patch}, {settings.stride}",
        "starts = [*range(0, size - patch, stride), size - patch]",
    )
    each = (
        "total, count = torch.zeros(2, size, size)",
        "with torch.no_grad():",
        "    whole = target(forward(network, inputs)[last])",
        "    for top in starts:",
        "        for left in starts:",
        "            place = (..., slice(top, top + patch), slice(left, left + patch))",
        "            covered = inputs.clone()",
        "            covered[place] = fill[place]",
        "            total[place] += (whole - target(forward(network, covered)[last])).item()",
        "            count[place] += 1",
    )
    return _Lines(before, each, "(total / count)[None]", "total / count")


_BACK = (
    "def gradient(pictures, relu=None):  # relu: what runs in place of every ReLU",
    "    pictures = pictures.detach().requires_grad_()",
    "    total = target(forward(network, pictures, until=last, relu=relu)[last]).sum()",
    "    return torch.autograd.grad(total, pictures)[0][0]",
    "",
    "",
)


def _relu(back: str) -> tuple[str, ...]:
    return (
        "class ReLU(torch.autograd.Function):",
        "    @staticmethod",
        "    def forward(ctx, values):",
        "        ctx.save_for_backward(values)",
        "        return values.relu()",
        "",
        "    @staticmethod",
        "    def backward(ctx, back):",
        f"        return {back}",
        "",
        "",
    )


def _camera(settings: Settings) -> tuple[str, ...]:
    return (
        f'values = forward(network, inputs, cut="{settings.layer}")',
        f'maps = values["{settings.layer}"]',
        "(back,) = torch.autograd.grad(target(values[last]).sum(), maps)",
        "weights = back.mean((2, 3), keepdim=True)",
        "places = (weights * maps).sum(1, keepdim=True).relu().detach()",
        'places = F.interpolate(places, size=inputs.shape[2:], mode="bilinear")',
    )


def _fill(name: str, kind: Fill) -> tuple[str, ...]:
    if kind == "mean":
        return (f"{name} = torch.zeros_like(inputs)  # the mean colour",)
    if kind == "black":
        return (f"{name} = to_input(transform, 0 * pixels).to(inputs)",)
    return (
        "from explainer.inspection.baselines import filled",
        "",
        f'{name} = torch.tensor(filled(transform, inputs.cpu().numpy(), "blurred")).to(inputs)',
    )


_METHODS = {
    "gradient": _gradient,
    "gradient-times-input": _gradient_times_input,
    "smoothgrad": _smooth_grad,
    "integrated-gradients": _integrated,
    "guided-backpropagation": _guided,
    "transposed-convolutions": _transposed,
    "grad-cam": _grad_cam,
    "guided-grad-cam": _guided_grad_cam,
    "occlusion": _occlusion,
}
