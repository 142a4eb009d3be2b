"""The PyTorch code of what the page "Transfer learning" shows."""

from __future__ import annotations

from explainer.data.assets import assets_path
from explainer.tasks.transfer.config import Ground
from explainer.tasks.transfer.features import CUTS
from explainer.tasks.transfer.pictures import FILLED, PLAIN, SIDE
from explainer.tasks.transfer.study import StudyConfig


def transfer_code(config: StudyConfig, cut: int) -> str:
    """Runs alone beside the app's folder assets, and prints the accuracy of the first draw.

    A ground that is another one for each picture is white there.
    """
    folder, sizes = (
        assets_path(),
        [round(FILLED * SIDE)] if config.reduced is None else [config.reduced, round(FILLED * SIDE)],
    )
    return f'''import csv
from pathlib import Path

import numpy as np
import safetensors.torch
import torch
from PIL import Image
from torchvision import models
from torchvision.transforms.functional import normalize, to_tensor

ASSETS = Path({str(folder.name)!r})  # of this app
CLASSES = {list(config.classes)!r}
PER_CLASS, CUT = {config.per_class}, {int(CUTS[cut])}  # pictures learned from; the module that is cut after
LEARNED, TESTED = {_plain(config.learned)!r}, {_plain(config.tested)!r}  # what they lie on
SIZES = {sizes}  # that the longer side of a cut-out is given, one after the other

network = models.squeezenet1_0()
weights = safetensors.torch.load_file(ASSETS / "squeezenet" / "weights.safetensors")
network.load_state_dict({{name: values.float() for name, values in weights.items()}})
backbone = network.features[: CUT + 1].eval()


def picture(file, color):
    """The cut-out in the middle of a square of one color, its longer side {FILLED:.0%} of it."""
    cutout = Image.open(ASSETS / "cutouts" / file).convert("RGBa")
    for longest in SIZES:
        scale = longest / max(cutout.size)
        cutout = cutout.resize([max(round(side * scale), 1) for side in cutout.size], Image.BILINEAR)
    square = Image.new("RGBA", ({SIDE}, {SIDE}), color)
    square.alpha_composite(cutout.convert("RGBA"), tuple(({SIDE} - side) // 2 for side in cutout.size))
    return normalize(to_tensor(square.convert("RGB")), (0.485, 0.456, 0.406), (0.229, 0.224, 0.225))


def features(ground):
    """Of all pictures on this ground: the mean of every map."""
    is_red = [ground == "red" or (ground == "first-red" and label == 0) for _, label in chosen]
    colors = [{PLAIN["red"]} if red else "white" for red in is_red]
    pictures = [picture(file, color) for (file, _), color in zip(chosen, colors, strict=True)]
    with torch.inference_mode():
        return torch.cat([backbone(each.unsqueeze(0)).mean(dim=(2, 3)) for each in pictures]).double()


with open(ASSETS / "cutouts" / "index.csv", encoding="utf-8", newline="") as file:
    files = [(row["file"], row["class"]) for row in csv.DictReader(file)]
chosen = [(file, label) for label, name in enumerate(CLASSES) for file, own in files if own == name]
labels = torch.tensor([label for _, label in chosen])

chance = np.random.default_rng({config.seed * 5})
own = [np.flatnonzero(labels == label) for label in range(len(CLASSES))]
train = np.sort(np.concatenate([chance.choice(each, PER_CLASS, replace=False) for each in own]))
test = np.setdiff1d(np.arange(len(labels)), train)
learned = features(LEARNED)
tested = learned if TESTED == LEARNED else features(TESTED)
mean, scale = learned[train].mean(dim=0), learned[train].std(dim=0, correction=0).clamp(min=1e-12)
learned, tested = (learned - mean) / scale, (tested - mean) / scale

weight = torch.zeros(len(CLASSES), learned.shape[1], dtype=torch.float64, requires_grad=True)
bias = torch.zeros(len(CLASSES), dtype=torch.float64, requires_grad=True)
optimizer = torch.optim.LBFGS([weight, bias], max_iter=200, line_search_fn="strong_wolfe")


def loss():
    optimizer.zero_grad()
    errors = torch.nn.functional.cross_entropy(learned[train] @ weight.T + bias, labels[train], reduction="sum")
    value = errors + weight.square().sum() / (2 * 0.01)
    value.backward()
    return value


optimizer.step(loss)
found = (tested[test] @ weight.T + bias).argmax(dim=1)
accuracy = (found == labels[test]).double().mean().item()
print(f"{{accuracy:.3f}} of {{len(test)}} test pictures are right")
'''


def _plain(ground: Ground) -> Ground:
    return "white" if ground == "random" else ground
