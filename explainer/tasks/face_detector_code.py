"""PyTorch code that finds what the view "A real detector" shows."""

from __future__ import annotations

from explainer.tasks.face_detector import ANCHORS

_NETWORK = """
import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_file
from torch import nn
from torchvision.ops import nms


def separable(before, after):
    layers = nn.Sequential()
    layers.add_module("depthwise", nn.Conv2d(before, before, 3, padding=1, groups=before, bias=False))
    layers.add_module("pointwise", nn.Conv2d(before, after, 1))
    return layers


network = nn.Sequential()
network.add_module("conv0", nn.Conv2d(3, 16, 3))  # no padding
network.add_module("relu0", nn.LeakyReLU(0.1))
for number in range(1, 6):
    network.add_module(f"pool{{number}}", nn.MaxPool2d(2, ceil_mode=True))
    network.add_module(f"conv{{number}}", separable(8 * 2**number, 16 * 2**number))
    network.add_module(f"relu{{number}}", nn.LeakyReLU(0.1))
network.add_module("pad", nn.ConstantPad2d((0, 1, 0, 1), float("-inf")))
network.add_module("pool", nn.MaxPool2d(2, stride=1))
network.add_module("head", nn.Conv2d(512, 25, 1))  # five numbers for each of five anchors
state = load_file("assets/faces/tiny_yolo_face.safetensors")
network.load_state_dict({{name: values.float() for name, values in state.items()}})

# The picture at the top left of a black square
picture = Image.open("{file}").convert("RGB")
extent = max(picture.size)
square = Image.new("RGB", (extent, extent))
square.paste(picture, (0, 0))
pixels = np.asarray(square.resize(({side}, {side}), Image.Resampling.BILINEAR), np.float32)
inputs = torch.from_numpy((pixels - np.array([117.001, 114.697, 97.404], np.float32)) / 255)

with torch.inference_mode():
    raw = network(inputs.permute(2, 0, 1)[None])[0].double()  # 25 x {cells} x {cells}

# Cells and anchors to boxes in pixels
t = raw.reshape(5, 5, {cells}, {cells}).permute(2, 3, 0, 1)  # row, column, anchor, number
anchors = torch.tensor({anchors}, dtype=torch.float64)
row, column = torch.meshgrid(torch.arange({cells}), torch.arange({cells}), indexing="ij")
centre = torch.stack([column, row], dim=-1)[:, :, None] + t[..., :2].sigmoid()
size = anchors * t[..., 2:4].exp()
boxes = (torch.cat([centre - size / 2, centre + size / 2], dim=-1) * extent / {cells}).reshape(-1, 4)
scores = t[..., 4].sigmoid().flatten()

sure = torch.where(scores > {least})[0]
kept = sure[nms(boxes[sure], scores[sure], {alike})]
for number in kept.tolist():
    print(f"{{scores[number]:.3f}}", boxes[number].tolist())
"""


def face_detector_code(file: str, *, side: int, least: float, most_alike: float) -> str:
    """Code that ends with ``boxes``, ``scores`` and the numbers of those above ``least``, ``sure``, and ``kept``.

    ``file`` is the picture's path, ``side`` that of the square that the network reads, in pixels.
    """
    anchors = ANCHORS.tolist()
    return _NETWORK.format(
        file=file, side=side, cells=side // 32, anchors=anchors, least=least, alike=most_alike
    ).strip()
