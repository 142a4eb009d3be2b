"""The PyTorch code of what the page "Transfer learning" shows."""

from __future__ import annotations

from explainer.data.assets import assets_path
from explainer.tasks.transfer.features import CUTS
from explainer.tasks.transfer.pictures import FILLED, SIDE
from explainer.tasks.transfer.study import StudyConfig


def transfer_code(config: StudyConfig, cut: int) -> str:
    """Runs alone beside the app's folder assets, and prints the accuracy of the first draw on white."""
    folder = assets_path()
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

network = models.squeezenet1_0()
weights = safetensors.torch.load_file(ASSETS / "squeezenet" / "weights.safetensors")
network.load_state_dict({{name: values.float() for name, values in weights.items()}})
backbone = network.features[: CUT + 1].eval()


def picture(file):
    """The cut-out in the middle of a white square, its longer side {FILLED:.0%} of it."""
    cutout = Image.open(ASSETS / "cutouts" / file).convert("RGBa")
    scale = {round(FILLED * SIDE)} / max(cutout.size)
    cutout = cutout.resize([max(round(side * scale), 1) for side in cutout.size], Image.BILINEAR).convert("RGBA")
    white = Image.new("RGBA", ({SIDE}, {SIDE}), "white")
    white.alpha_composite(cutout, tuple(({SIDE} - side) // 2 for side in cutout.size))
    return normalize(to_tensor(white.convert("RGB")), (0.485, 0.456, 0.406), (0.229, 0.224, 0.225))


with open(ASSETS / "cutouts" / "index.csv", encoding="utf-8", newline="") as file:
    files = [(row["file"], row["class"]) for row in csv.DictReader(file)]
chosen = [(file, label) for label, name in enumerate(CLASSES) for file, own in files if own == name]
labels = torch.tensor([label for _, label in chosen])
with torch.inference_mode():
    features = torch.cat([backbone(picture(file).unsqueeze(0)).mean(dim=(2, 3)) for file, _ in chosen])

chance = np.random.default_rng({config.seed * 5})
own = [np.flatnonzero(labels == label) for label in range(len(CLASSES))]
train = np.sort(np.concatenate([chance.choice(each, PER_CLASS, replace=False) for each in own]))
test = np.setdiff1d(np.arange(len(labels)), train)
given = features.double()
given = (given - given[train].mean(dim=0)) / given[train].std(dim=0, correction=0).clamp(min=1e-12)

weight = torch.zeros(len(CLASSES), given.shape[1], dtype=torch.float64, requires_grad=True)
bias = torch.zeros(len(CLASSES), dtype=torch.float64, requires_grad=True)
optimizer = torch.optim.LBFGS([weight, bias], max_iter=200, line_search_fn="strong_wolfe")


def loss():
    optimizer.zero_grad()
    errors = torch.nn.functional.cross_entropy(given[train] @ weight.T + bias, labels[train], reduction="sum")
    value = errors + weight.square().sum() / (2 * 0.01)
    value.backward()
    return value


optimizer.step(loss)
found = (given[test] @ weight.T + bias).argmax(dim=1)
accuracy = (found == labels[test]).double().mean().item()
print(f"{{accuracy:.3f}} of {{len(test)}} test pictures are right")
'''
