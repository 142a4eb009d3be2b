"""PyTorch code that computes what the page on filters shows."""

from __future__ import annotations

from explainer.inspection.filters import SPECTRUM, Order

_LENGTHS = "lengths = weight.flatten(1).norm(dim=1)"
_CENTRED = f"""\
centred = weight - weight.mean((2, 3), keepdim=True)
size = max({SPECTRUM}, *weight.shape[2:])
power = torch.fft.fft2(centred.double(), s=(size, size)).abs().square().sum(1)
down = torch.fft.fftfreq(size, dtype=torch.float64)[:, None]
across = torch.fft.fftfreq(size, dtype=torch.float64)[None]
squared = down**2 + across**2
counted = torch.where((squared > 0) & (squared < 0.25 - 1e-12), power, 0)
turned = (counted * torch.exp(2j * torch.atan2(-down, across))).sum((1, 2))
total = counted.sum((1, 2))
strength = torch.where(total > 0, turned.abs() / total, 0)
degrees = (turned.angle() / 2).rad2deg() + 90
angle = (degrees * 1e9).round().div(1e9) % 180"""
_CHAIN = """\
unit = weight.flatten(1).double()
unit = unit / unit.norm(dim=1, keepdim=True).clamp(min=1e-300)
alike = unit @ unit.T
left = alike - 3 * torch.eye(len(alike))  # no filter follows itself
pair = torch.triu(alike + 2, 1).argmax()
chain = [int(i) for i in torch.unravel_index(pair, alike.shape)]
left[:, chain] = -2
while len(chain) < len(alike):  # goes on at whichever end has the better neighbour left
    start, end = left[chain[0]].argmax(), left[chain[-1]].argmax()
    at_start = bool(left[chain[0], start] > left[chain[-1], end])
    found = int(start if at_start else end)
    chain.insert(0 if at_start else len(chain), found)
    left[:, found] = -2
order = torch.tensor(chain)"""
_ORDERS: dict[Order, list[str]] = {
    "number": ["order = torch.arange(len(weight))"],
    "norm": [_LENGTHS, "order = lengths.argsort(descending=True, stable=True)"],
    "orientation": [
        _CENTRED,
        _LENGTHS,
        "longest_first = lengths.argsort(descending=True, stable=True)",
        "least = min(max(2.9 / weight[0].numel() ** 0.5, 0.3), 0.6)  # reached by 1 in 100 random filters",
        "place = torch.where(strength < least, 360.0, angle)",
        "order = longest_first[place[longest_first].argsort(stable=True)]",
    ],
    "similarity": [_CHAIN],
    "colour": [
        "differing = (weight - weight.mean(1, keepdim=True)).square().sum((1, 2, 3))",
        "colour = differing / weight.square().sum((1, 2, 3))",
        "order = colour.argsort(descending=True, stable=True)",
    ],
}


def weight_code(model: str, path: str, file: str = "") -> str:
    """Code that makes ``weight`` (filters, planes, height, width), the kernels of the layer at ``path``.

    ``model`` is the name of torchvision's function; without one the weights are in ``file``, saved by this app.
    """
    if model:
        return "\n".join(
            [
                "import torch",
                "from torchvision import models",
                "",
                f'network = models.{model}(weights="IMAGENET1K_V1")',
                f'weight = network.get_submodule("{path}").weight.detach()',
            ]
        )
    return "\n".join(
        [
            "import torch",
            "from safetensors.torch import load_file",
            "",
            f'weight = load_file("{file}")["{path}.weight"].float()',
        ]
    )


def order_code(by: Order, chosen: int) -> str:
    """Code that makes of ``weight`` the ``order`` of the filters, and the ``kernel`` and ``spectrum`` of one."""
    lines = [
        *_ORDERS[by],
        f"kernel = weight[{chosen}]",
        f"transform = torch.fft.fft2(kernel, s=({SPECTRUM}, {SPECTRUM}))",
        "spectrum = torch.fft.fftshift(transform.abs().square().sum(0).sqrt())",
    ]
    return "\n".join(lines)


def fresh_code(seed: int) -> str:
    """Code that makes ``fresh``, new kernels of the shape of ``weight``, and the spread of both."""
    return "\n".join(
        [
            f"torch.manual_seed({seed})",
            "filters, planes, height, width = weight.shape",
            "fresh = torch.nn.Conv2d(planes, filters, (height, width)).weight.detach()",
            "print(weight.std(correction=0), fresh.std(correction=0))",
        ]
    )


def slices_code(filters: range, planes: range) -> str:
    """Code that makes of ``weight`` the ``slices`` (filters, planes, height, width) of these filters and planes."""
    return f"slices = weight[{filters.start}:{filters.stop}, {planes.start}:{planes.stop}]"


FILM_CODE = """\
import torch
import torch.nn.functional as F

# network, optimizer and batches are those of your own training loop.
first = next(layer for layer in network.modules() if isinstance(layer, torch.nn.Conv2d))
film = [first.weight.detach().clone()]
for step, (images, labels) in enumerate(batches, start=1):
    optimizer.zero_grad()
    F.cross_entropy(network(images), labels).backward()
    optimizer.step()
    if step % 10 == 0:
        film.append(first.weight.detach().clone())

film = torch.stack(film)
moved = (film - film[0]).flatten(1).norm(dim=1) / film[0].norm()"""
