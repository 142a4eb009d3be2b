"""The constant parts of a U-Net's exported script."""

from __future__ import annotations

HEAD = '''
"""{title}.

Trains on the CPU, on pictures that it makes itself, exactly as the run that this script
stands for:

    python this_file.py [FOLDER_OF_DATA] [WEIGHTS_TO_WRITE.npz]

{source}
Needs PyTorch and NumPy. With the same number of threads the numbers are the same to
the last digit; with another, sums are rounded differently.
"""

from __future__ import annotations

{imports}
'''

DIGIT_IMPORTS = """
import functools
import gzip
import sys
from collections import OrderedDict
from dataclasses import dataclass
from math import cos, pi
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor, nn
from torch.nn import functional
"""

BRAIN_IMPORTS = """
import sys
from collections import OrderedDict
from math import cos, pi
from pathlib import Path

import numpy as np
import torch
from torch import Generator, Tensor, nn
from torch.nn import functional
"""

BRAIN_SOURCE = """The folder holds mni152_axial.npz, 64 slices of an average head, as this app ships it in
assets/brain."""

READ_BRAIN = """
folder = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
with np.load(folder / "mni152_axial.npz") as file:
    t1, grey, white = (torch.from_numpy(file[name]) for name in ("t1", "grey", "white"))
other = 255 - grey.int() - white.int()
labels = torch.where(t1 == 0, 0, torch.stack([grey.int(), white.int(), other]).argmax(dim=0) + 1)
number = torch.arange(len(t1))
{split}
"""

SPLITS = {
    "blocks": "train_slices, test_slices = torch.cat([number[:21], number[43:]]), number[24:40]",
    "random": "train_slices, test_slices = number[number % 4 != 0], number[::4]",
}

DIGIT_BATCH = '''
def batch(source: DigitSource, settings: SceneSettings, count: int, chance: Generator) -> tuple[Tensor, Tensor]:
    """Inputs and targets of so many scenes."""
    scenes = digit_scenes(source, settings, count, chance)
    return {pair}
'''

DIGIT_PAIRS = {
    "segment": "scenes.pictures, scenes.labels",
    "colourize": "scenes.pictures, coloured(scenes)",
    "denoise": "noisy(scenes.pictures, chance), scenes.pictures",
    "inpaint": "holed(scenes.pictures, chance), scenes.pictures",
    "super-resolve": "reduced(scenes.pictures), scenes.pictures",
}

DIGIT_LESSONS = """
source = digit_source(train_images[:, 0].numpy(), train_labels.numpy())
unseen = digit_source(test_images[:, 0].numpy(), test_labels.numpy())
training = SceneSettings({training})
testing = SceneSettings({testing})


def lesson(count: int) -> tuple[Tensor, Tensor]:
    return batch(source, training, count, chance)


def tests() -> list[tuple[Tensor, Tensor]]:
    chance = Generator().manual_seed({seed})
    return [batch(unseen, testing, {chunk}, chance) for _ in range({chunks})]
"""

BRAIN_BATCH = '''
def batch(chosen: Tensor, chance: Generator) -> tuple[Tensor, Tensor]:
    """Inputs and targets of the chosen slices."""
    clean = t1[chosen].float() / 255
    seen = {seen}
    clean, seen = clean.unsqueeze(1), seen.unsqueeze(1)
    return {pair}
'''

BRAIN_PAIRS = {
    "segment": "seen, labels[chosen]",
    "colourize": "seen, torch.stack([grey[chosen], white[chosen]], dim=1).float() / 255",
    "denoise": "noisy(seen, chance), clean",
    "inpaint": "holed(seen, chance), clean",
    "super-resolve": "reduced(seen), clean",
}

BRAIN_LESSONS = """
left = train_slices[:0]  # of the present pass


def lesson(count: int) -> tuple[Tensor, Tensor]:
    global left
    while len(left) < count:
        left = torch.cat([left, train_slices[torch.randperm(len(train_slices), generator=chance)]])
    chosen, left = left[:count], left[count:]
    return batch(chosen, chance)


def tests() -> list[tuple[Tensor, Tensor]]:
    return [batch(test_slices, Generator().manual_seed({seed}))]
"""

OPTIMIZER = """
network = network.to(memory_format=torch.channels_last)
optimizer = torch.optim.AdamW(network.parameters(), betas={betas}, weight_decay={decay}, fused=True)
chance = Generator().manual_seed(SEED)
"""

LOOP = """
losses = []
for step in range(STOP):
    now |= CHANGES.get(step, {{}})
    for group in optimizer.param_groups:
        group["lr"] = now["learning_rate"] * rate((step + 1) / STEPS)
    inputs, targets = lesson(min(BATCH, COUNT - BATCH * step))
    outputs = network(inputs)
{loss}
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
    if (step + 1) % 50 == 0 or step + 1 == STOP:
        print(f"step {{step + 1}}: loss {{np.mean(losses[-50:]):.4f}}")
"""

BACKGROUND = """
    background = now["background_weight"] + (1 - now["background_weight"]) * step / STEPS
"""

LOSSES = {
    "cross-entropy": "cross_entropy(outputs, targets, background)",
    "dice": "dice(outputs, targets)",
    "squared-error": "functional.mse_loss(outputs, targets)",
}

TEST_CLASSES = """
network.eval()
confusion = torch.zeros({classes}, {classes}, dtype=torch.long)
for inputs, targets in tests():
    with torch.inference_mode():
        found = network((inputs * 255).round() / 255).argmax(dim=1)
    confusion += torch.bincount(({classes} * targets + found).flatten(), minlength={classes}**2).view_as(confusion)
either = confusion.sum(dim=0) + confusion.sum(dim=1) - confusion.diag()
overlap = (confusion.diag() / either)[either > 0]
print(f"test pictures: mean IoU {{overlap.mean():.4f}}")
"""

TEST_PICTURES = """
network.eval()
errors = []
for inputs, targets in tests():
    with torch.inference_mode():
        outputs = network((inputs * 255).round() / 255).clamp(0, 1)
    errors.append((outputs - (targets * 255).round() / 255).square().mean(dim=(1, 2, 3)))
print(f"test pictures: PSNR {-10 * torch.cat(errors).log10().mean():.2f} dB")
"""

SAVE = """
if len(sys.argv) > 2:
    state = {name: value.numpy() for name, value in network.state_dict().items()}
    np.savez(sys.argv[2], losses=np.array(losses), **state)
"""
