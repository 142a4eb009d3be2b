"""The PyTorch code of the view "Three ways" of the page "Transfer learning"."""

from __future__ import annotations

from dataclasses import replace
from json import dumps

from explainer.data.assets import assets_path
from explainer.tasks.scene_run import BETAS, DECAY, LAST, WARM_UP, rate
from explainer.tasks.script_parts_code import sources
from explainer.tasks.transfer.config import RATES, WAYS, Ground, TransferConfig
from explainer.tasks.transfer.examples import LEAST_CROP, MOST_COLOUR, varied
from explainer.tasks.transfer.network import DROPOUT, FEATURES, trained_from
from explainer.tasks.transfer.pictures import FILLED, PLAIN
from explainer.tasks.transfer.study import DRAWS


def ways_code(config: TransferConfig) -> str:
    """Runs alone beside the app's folder assets, trains all three ways, and prints the accuracy of each.

    Cut-outs are those of the run; a ground that is another one for each picture is white. Own pictures are read from a
    folder, a subfolder a class.
    """
    pictures = _OWN if config.pictures else _CUTOUTS
    values: dict[str, object] = {
        "held_out": "round(len(own) / 3)",
        "seed": config.draw * DRAWS,
        "per_class": config.per_class,
    }
    values |= {"learned": dumps(_plain(config.learned)), "tested": dumps(_plain(config.tested)), "red": PLAIN["red"]}
    sizes = [round(FILLED * config.side)]
    values |= {"sizes": sizes if config.reduced is None else [config.reduced, *sizes]}
    parts = [_head(config), pictures.format(**values), *sources(rate), *_augmentation(config), _training(config)]
    return "\n\n".join(part.strip("\n") + "\n" for part in parts)


def _plain(ground: Ground) -> Ground:
    return "white" if ground == "random" else ground


def _head(config: TransferConfig) -> str:
    starts = [trained_from(replace(config, way=way)) for way in WAYS]
    ways = "\n".join(
        f"    {dumps(way)}: ({RATES[way]}, {config.factor if way == 'fine-tuned' else 1.0}, {start}),"
        for way, start in zip(WAYS, starts, strict=True)
    )
    imports = "import csv\n" if not config.pictures else ""
    affine = "from torch import Generator, Tensor, nn" if config.augmented else "from torch import nn"
    return f"""{imports}from math import cos, pi
from pathlib import Path

import numpy as np
import safetensors.torch
import torch
from PIL import Image
{affine}
from torch.nn import functional
from torchvision import models

ASSETS = Path({dumps(assets_path().name)})  # of this app
CLASSES = {dumps(config.classes, ensure_ascii=False)}
SIDE, EPOCHS, BATCH, SEED = {config.side}, {config.epochs}, {config.batch_size}, {config.seed}
WARM_UP, LAST = {WARM_UP}, {LAST}  # share of the steps until the peak of the rate; its share at the end
WAYS = {{  # the peak of the rate, its share for old weights, and the first module of ``features`` that is trained
{ways}
}}
MEAN = torch.tensor([0.485, 0.456, 0.406]).view(3, 1, 1)
STD = torch.tensor([0.229, 0.224, 0.225]).view(3, 1, 1)
"""


def _augmentation(config: TransferConfig) -> list[str]:
    if not config.augmented:
        return []
    return [f"LEAST_CROP, MOST_COLOUR = {LEAST_CROP}, {MOST_COLOUR}", *sources(varied)]


_CUTOUTS = '''
def picture(file, color):
    """The cut-out in the middle of a square of one color, (side, side, 3)."""
    cutout = Image.open(ASSETS / "cutouts" / file).convert("RGBa")
    for longest in {sizes}:
        scale = longest / max(cutout.size)
        cutout = cutout.resize([max(round(side * scale), 1) for side in cutout.size], Image.BILINEAR)
    square = Image.new("RGBA", (SIDE, SIDE), color)
    square.alpha_composite(cutout.convert("RGBA"), tuple((SIDE - side) // 2 for side in cutout.size))
    return np.asarray(square.convert("RGB"))


def on(ground):
    """All pictures on this ground, (n, side, side, 3)."""
    is_red = [ground == "red" or (ground == "first-red" and label == 0) for _, label in chosen]
    colors = [{red} if red else "white" for red in is_red]
    return np.stack([picture(file, color) for (file, _), color in zip(chosen, colors, strict=True)])


with open(ASSETS / "cutouts" / "index.csv", encoding="utf-8", newline="") as file:
    files = [(row["file"], row["class"]) for row in csv.DictReader(file)]
chosen = [(file, label) for label, name in enumerate(CLASSES) for file, own in files if own == name]
labels = np.array([label for _, label in chosen])
chance = np.random.default_rng({seed})
own = [np.flatnonzero(labels == label) for label in range(len(CLASSES))]
train = np.sort(np.concatenate([chance.choice(each, {per_class}, replace=False) for each in own]))
test = np.setdiff1d(np.arange(len(labels)), train)
learned, tested = on({learned})[train], on({tested})[test]
'''

_OWN = '''
PICTURES = Path("pictures")  # a folder for each class, called by its name, with three pictures or more


def picture(file):
    """The square in the middle of a picture, (side, side, 3)."""
    image = Image.open(file).convert("RGB")
    side = min(image.size)
    left, top = ((long - side) // 2 for long in image.size)
    return np.asarray(image.crop((left, top, left + side, top + side)).resize((SIDE, SIDE), Image.BILINEAR))


chance, files, labels, test = np.random.default_rng({seed}), [], [], []
for label, name in enumerate(CLASSES):
    own = sorted(each for each in (PICTURES / name).iterdir() if each.is_file())
    test += [len(files) + number for number in chance.permutation(len(own))[: max(1, {held_out})]]
    files, labels = files + own, labels + [label] * len(own)
labels, test = np.array(labels), np.sort(test)
train = np.setdiff1d(np.arange(len(labels)), test)
pictures = np.stack([picture(file) for file in files])
learned, tested = pictures[train], pictures[test]
'''


def _training(config: TransferConfig) -> str:
    varied_if = "varied(rgb, chance)" if config.augmented else "rgb"
    return f'''
def standardized(rgb):
    """Pictures (n, side, side, 3) as SqueezeNet takes them, (n, 3, side, side)."""
    return (torch.from_numpy(rgb).permute(0, 3, 1, 2) / 255 - MEAN) / STD


def begun(way):
    """SqueezeNet with a new last layer."""
    network = models.squeezenet1_0()
    last = nn.Conv2d({FEATURES}, len(CLASSES), kernel_size=1)
    nn.init.normal_(last.weight, std=0.01)
    nn.init.zeros_(last.bias)
    network.classifier = nn.Sequential(nn.Dropout({DROPOUT}), last, nn.AdaptiveAvgPool2d(1))
    if way != "scratch":
        known = safetensors.torch.load_file(ASSETS / "squeezenet" / "weights.safetensors")
        old = {{name: values.float() for name, values in known.items() if name.startswith("features.")}}
        network.load_state_dict(old, strict=False)
    for number, module in enumerate(network.features):
        module.requires_grad_(number >= WAYS[way][2])
    return network.to(memory_format=torch.channels_last)


def taught(way):
    """The network after its last step."""
    torch.manual_seed(SEED)
    network, (peak, share, _) = begun(way), WAYS[way]
    old = [weights for weights in network.features.parameters() if weights.requires_grad]
    groups = [{{"params": list(network.classifier.parameters()), "share": 1.0}}]
    groups += [{{"params": old, "share": share}}] if old else []
    optimizer = torch.optim.AdamW(groups, peak, betas={BETAS}, weight_decay={DECAY}, fused=True)
    chance, order, scenes = torch.Generator().manual_seed(SEED), [], EPOCHS * len(train)
    steps = -(-scenes // BATCH)
    network.train()
    for step in range(1, steps + 1):
        for group in optimizer.param_groups:
            group["lr"] = peak * group["share"] * rate(step / steps)
        count = min(BATCH, scenes - (step - 1) * BATCH)
        while len(order) < count:
            order += torch.randperm(len(train), generator=chance).tolist()
        batch, order = order[:count], order[count:]
        rgb = torch.from_numpy(learned[batch]).permute(0, 3, 1, 2) / 255
        scores = network(({varied_if} - MEAN) / STD)
        loss = functional.cross_entropy(scores, torch.from_numpy(labels[train][batch]))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return network.eval()


accuracy = {{}}
for way in WAYS:
    network = taught(way)
    with torch.inference_mode():
        found = network(standardized(tested)).argmax(dim=1).numpy()
    accuracy[way] = float((found == labels[test]).mean())
    print(f"{{way}}: {{accuracy[way]:.3f}} of {{len(test)}} test pictures are right")
'''
