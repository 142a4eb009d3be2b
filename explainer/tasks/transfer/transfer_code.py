"""The PyTorch code of what the page "Transfer learning" shows."""

from __future__ import annotations

from collections.abc import Sequence
from json import dumps

from explainer.data.assets import assets_path
from explainer.tasks.transfer.config import Ground
from explainer.tasks.transfer.features import CUTS
from explainer.tasks.transfer.pictures import FILLED, PLAIN, SIDE
from explainer.tasks.transfer.study import DRAWS, StudyConfig


def transfer_code(config: StudyConfig, cut: int) -> str:
    """Runs alone beside the app's folder assets, and prints the accuracy of the first draw.

    A ground that is another one for each picture is white there.
    """
    sizes = [round(FILLED * SIDE)] if config.reduced is None else [config.reduced, round(FILLED * SIDE)]
    constants = f"""PER_CLASS = {config.per_class}  # pictures learned from
LEARNED, TESTED = {_plain(config.learned)!r}, {_plain(config.tested)!r}  # what they lie on
SIZES = {sizes}  # that the longer side of a cut-out is given, one after the other"""
    values = {"side": SIDE, "filled": f"{FILLED:.0%}", "red": PLAIN["red"], "seed": config.seed * DRAWS}
    head = _HEAD.format(
        csv="import csv\n", assets=assets_path().name, classes=dumps(config.classes), cut=int(CUTS[cut])
    )
    return f"{head}{constants}\n{_BACKBONE}{_CUTOUTS.format(**values)}{_LAYER}"


def own_code(classes: Sequence[str], seed: int, cut: int) -> str:
    """The same of a visitor's own pictures, which it reads from a folder, a subfolder for each of ``classes``.

    About a third of each class is held out, others than on the page: there the pictures themselves decide.
    """
    head = _HEAD.format(
        csv="", assets=assets_path().name, classes=dumps(list(classes), ensure_ascii=False), cut=int(CUTS[cut])
    )
    return f"{head}{_BACKBONE}{_OWN.format(side=SIDE, seed=seed * DRAWS)}{_LAYER}"


_HEAD = """{csv}from pathlib import Path

import numpy as np
import safetensors.torch
import torch
from PIL import Image
from torchvision import models
from torchvision.transforms.functional import normalize, to_tensor

ASSETS = Path({assets!r})  # of this app
CLASSES = {classes}
CUT = {cut}  # the module that is cut after
"""

_BACKBONE = '''
network = models.squeezenet1_0()
weights = safetensors.torch.load_file(ASSETS / "squeezenet" / "weights.safetensors")
network.load_state_dict({name: values.float() for name, values in weights.items()})
backbone = network.features[: CUT + 1].eval()


def means(pictures):
    """Of each picture the mean of every map."""
    standard = (normalize(to_tensor(each), (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)) for each in pictures)
    with torch.inference_mode():
        return torch.cat([backbone(each.unsqueeze(0)).mean(dim=(2, 3)) for each in standard]).double()
'''

_CUTOUTS = '''

def picture(file, color):
    """The cut-out in the middle of a square of one color, its longer side {filled} of it."""
    cutout = Image.open(ASSETS / "cutouts" / file).convert("RGBa")
    for longest in SIZES:
        scale = longest / max(cutout.size)
        cutout = cutout.resize([max(round(side * scale), 1) for side in cutout.size], Image.BILINEAR)
    square = Image.new("RGBA", ({side}, {side}), color)
    square.alpha_composite(cutout.convert("RGBA"), tuple(({side} - side) // 2 for side in cutout.size))
    return square.convert("RGB")


def features(ground):
    """Of all pictures on this ground."""
    is_red = [ground == "red" or (ground == "first-red" and label == 0) for _, label in chosen]
    colors = [{red} if red else "white" for red in is_red]
    return means(picture(file, color) for (file, _), color in zip(chosen, colors, strict=True))


with open(ASSETS / "cutouts" / "index.csv", encoding="utf-8", newline="") as file:
    files = [(row["file"], row["class"]) for row in csv.DictReader(file)]
chosen = [(file, label) for label, name in enumerate(CLASSES) for file, own in files if own == name]
labels = torch.tensor([label for _, label in chosen])

chance = np.random.default_rng({seed})
own = [np.flatnonzero(labels == label) for label in range(len(CLASSES))]
train = np.sort(np.concatenate([chance.choice(each, PER_CLASS, replace=False) for each in own]))
test = np.setdiff1d(np.arange(len(labels)), train)
learned = features(LEARNED)
tested = learned if TESTED == LEARNED else features(TESTED)
'''

_OWN = '''
PICTURES = Path("pictures")  # a folder for each class, called by its name, with three pictures or more


def picture(file):
    """The square in the middle of a picture."""
    image = Image.open(file).convert("RGB")
    side = min(image.size)
    left, top = ((long - side) // 2 for long in image.size)
    return image.crop((left, top, left + side, top + side)).resize(({side}, {side}), Image.BILINEAR)


chance, files, labels, test = np.random.default_rng({seed}), [], [], []
for label, name in enumerate(CLASSES):
    own = sorted(each for each in (PICTURES / name).iterdir() if each.is_file())
    test += [len(files) + number for number in chance.permutation(len(own))[: max(1, round(len(own) / 3))]]
    files, labels = files + own, labels + [label] * len(own)
labels, test = torch.tensor(labels), np.sort(test)
train = np.setdiff1d(np.arange(len(labels)), test)
learned = tested = means(picture(file) for file in files)
'''

_LAYER = """mean, scale = learned[train].mean(dim=0), learned[train].std(dim=0, correction=0).clamp(min=1e-12)
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
print(f"{accuracy:.3f} of {len(test)} test pictures are right")
"""


def _plain(ground: Ground) -> Ground:
    return "white" if ground == "random" else ground
