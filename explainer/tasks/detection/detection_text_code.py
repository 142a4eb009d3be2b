"""The constant parts of a detector's exported script."""

from __future__ import annotations

HEAD = '''
"""{title}.

Trains on the CPU, on scenes that it draws itself, exactly as the run that this script
stands for:

    python this_file.py [FOLDER_OF_DATA] [WEIGHTS_TO_WRITE.npz]

{source}
Needs PyTorch and NumPy. With the same number of threads the numbers are the same to
the last digit; with another, sums are rounded differently.
"""

from __future__ import annotations

import gzip
import sys
from math import cos, pi
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor, nn
from torch.nn import functional
'''

KINDS = '''
class SceneSettings(NamedTuple):
    """`fewest` to `most` digits, their longer sides `smallest` to `largest` pixels."""

    side: int
    fewest: int
    most: int
    smallest: int
    largest: int
    clutter: int  # pieces of digits that are no digits


class DigitSource(NamedTuple):
    """Digits, their classes, and where their ink is: left, top, right, bottom."""

    pictures: Tensor
    classes: Tensor
    ink: Tensor


class Scenes(NamedTuple):
    """Pictures, boxes and classes of their digits (-1: none), and each digit's ink alone."""

    pictures: Tensor
    boxes: Tensor
    classes: Tensor
    ink: Tensor


class CellTruth(NamedTuple):
    """Of each cell: whether a digit has its centre there, its box, its class."""

    is_object: Tensor
    offsets: Tensor
    classes: Tensor
'''

DETECT = '''
def detect(pictures: Tensor, most_alike: float = 0.6) -> list[list[tuple[float, int, list[float]]]]:
    """Of each picture the score, the class and the box of what is found, the highest score first."""
    network.eval()
    with torch.inference_mode():
        outputs = network(pictures)
    network.train()
{decode}
    best, which = likely.max(dim=-1, keepdim=True)
    scores, order = (sure * best).flatten(1).sort(dim=1, descending=True, stable=True)
    boxes = boxes.flatten(1, 3).gather(1, order.unsqueeze(2).expand(-1, -1, 4))
    digits = which.expand_as(sure).flatten(1).gather(1, order)
    stays = kept(boxes, scores >= 0.01, most_alike)
    found = []
    for scene, rows in enumerate(stays):
        own = (scores[scene, rows], digits[scene, rows], boxes[scene, rows])
        found.append(list(zip(*(part.tolist() for part in own), strict=True)))
    return found
'''

MODERN = """
    numbers, classes = split(outputs, 1)
    boxes = placed(modern_offsets(numbers))
    sure, likely = numbers[..., 0].sigmoid(), classes.softmax(dim=-1)
"""

V1 = """
    numbers, classes = split(outputs, {boxes})
    boxes = placed(v1_offsets(numbers, {square_roots}))
    sure, likely = numbers[..., 4].clamp(min=0), classes.clamp(min=0)
"""

OPTIMIZER = """
optimizer = torch.optim.AdamW(network.parameters(), betas={betas}, weight_decay={decay}, fused=True)
"""

DRAWN_FROM = """
source = digit_source(train_images[:, 0].numpy(), train_labels.numpy())
settings = SceneSettings({training})
chance = Generator().manual_seed(SEED)
"""

MODERN_LOSS = """
    parts = modern_parts(network(scenes.pictures), truth)
"""

V1_LOSS = """
    outputs = network(scenes.pictures)
    chosen, overlap = responsibility(outputs, truth, {boxes}, {square_roots})
    parts = v1_parts(outputs, truth, responsible=chosen, overlap=overlap, square_roots={square_roots})
"""

LOOP = """
losses = []
for step in range(STOP):
    now |= CHANGES.get(step, {{}})
    for group in optimizer.param_groups:
        group["lr"] = now["learning_rate"] * rate((step + 1) / STEPS)
    scenes = digit_scenes(source, settings, min(BATCH, COUNT - BATCH * step), chance)
    truth = encode(scenes.boxes, scenes.classes)
    # The sums: {parts}
{loss}
    loss = parts @ torch.tensor([{weights}])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
    if (step + 1) % 50 == 0 or step + 1 == STOP:
        print(f"step {{step + 1}}: loss {{np.mean(losses[-50:]):.4f}}")
"""

FINISH = """
unseen = digit_source(test_images[:, 0].numpy(), test_labels.numpy())
scenes = digit_scenes(unseen, SceneSettings({unseen}), 3, Generator().manual_seed({seed}))
for number, found in enumerate(detect(scenes.pictures)):
    print(f"test scene {{number}}: digits {{[c for c in scenes.classes[number].tolist() if c >= 0]}}")
    for score, digit, box in found[:6]:
        print(f"  found {{digit}}, score {{score:.3f}}, box {{', '.join(f'{{edge:.1f}}' for edge in box)}}")
if len(sys.argv) > 2:
    state = {{name: value.numpy() for name, value in network.state_dict().items()}}
    np.savez(sys.argv[2], losses=np.array(losses), **state)
"""
