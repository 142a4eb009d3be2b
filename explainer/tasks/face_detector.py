"""A whole trained detector: a YOLO of 193,321 weights that finds faces, on grids of 7 x 7 to 13 x 13 cells.

The family of J. Redmon, A. Farhadi, "YOLO9000", arXiv:1612.08242 (YOLO v2): each cell has five anchors, boxes of a
given size, and for each of them four numbers that move and stretch it and one that says how sure it is. Its weights and
their origin: ``assets/faces``.
"""

from __future__ import annotations

import functools
from collections import OrderedDict
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import safetensors.torch
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn

from explainer.data.assets import assets_path
from explainer.device import device

CELL = 32  # pixels of the square that a cell stands for
SIDES = (224, 416)  # of the square, in pixels; any multiple of 32 does
ANCHORS = np.array(  # width and height, in cells
    [
        (1.603231, 2.094468),
        (6.041143, 7.080126),
        (2.882459, 3.518061),
        (4.266906, 5.178857),
        (9.041765, 10.66308),
    ]
)
SCORE, IOU = 0.5, 0.4  # thresholds that it is used with
_MEAN = np.array((117.001, 114.697, 97.404), np.float32)  # of red, green and blue, 0 to 255
_NUMBERS = 5  # of a box: x, y, width, height and how sure
_SLOPE = 0.1  # of the leaky ReLU
_MAPS = (16, 32, 64, 128, 256, 512)


@dataclass(frozen=True, eq=False)
class Candidates:
    """All boxes of a picture, of each cell and anchor one, in the order of rows, columns and anchors.

    ``boxes`` (n, 4) float64: left, top, right, bottom in pixels of the picture, which they may leave; ``scores`` (n,)
    0..1; ``places`` (n, 3): row, column, anchor. ``raw`` (25, cells, cells) float32 is what the network put out.
    """

    boxes: NDArray[np.float64]
    scores: NDArray[np.float64]
    places: NDArray[np.int64]
    raw: NDArray[np.float32]


def candidates(rgb: NDArray[np.uint8], side: int) -> Candidates:
    """What the detector says of a picture (height, width, 3), laid at the top left of a black square.

    The square, as large as the picture is long, is read at ``side`` x ``side`` pixels. Raises ValueError for a side
    that is no multiple of 32.
    """
    if side < CELL or side % CELL:
        raise ValueError(f"side={side}")
    with torch.inference_mode():
        raw = _network()(_read(rgb, side).to(device()))[0].float().cpu().numpy()
    return decode(raw, max(rgb.shape[:2]))


def decode(raw: NDArray[np.float32], extent: int) -> Candidates:
    """Boxes of the numbers ``raw`` (25, cells, cells), for a square of ``extent`` pixels.

    With the numbers t of a cell and an anchor, the centre is (column + sigmoid(t_x), row + sigmoid(t_y)) and the size
    that of the anchor times exp(t_w), exp(t_h), all in cells; the score is sigmoid(t_o).
    """
    cells = raw.shape[1]
    numbers = raw.astype(np.float64).reshape(len(ANCHORS), _NUMBERS, cells, cells).transpose(2, 3, 0, 1)
    row, column, anchor = np.indices((cells, cells, len(ANCHORS)))
    centre = np.stack([column, row], axis=3) + _sigmoid(numbers[..., :2])
    half = ANCHORS[anchor] * np.exp(numbers[..., 2:4]) / 2
    boxes = np.concatenate([centre - half, centre + half], axis=3) * extent / cells
    places = np.stack([row, column, anchor], axis=3)
    return Candidates(boxes.reshape(-1, 4), _sigmoid(numbers[..., 4]).ravel(), places.reshape(-1, 3), raw)


class FaceDetector(nn.Sequential):
    """The layers in their order; 25 numbers a cell come out: of each anchor five."""

    def __init__(self) -> None:
        parts: OrderedDict[str, nn.Module] = OrderedDict(conv0=nn.Conv2d(3, _MAPS[0], 3), relu0=nn.LeakyReLU(_SLOPE))
        for number, (before, after) in enumerate(pairwise(_MAPS), 1):
            parts[f"pool{number}"] = nn.MaxPool2d(2, ceil_mode=True)  # a window cut by the border counts
            parts[f"conv{number}"] = _separable(before, after)
            parts[f"relu{number}"] = nn.LeakyReLU(_SLOPE)
        parts["pad"] = nn.ConstantPad2d((0, 1, 0, 1), float("-inf"))
        parts["pool"] = nn.MaxPool2d(2, stride=1)
        parts["head"] = nn.Conv2d(_MAPS[-1], len(ANCHORS) * _NUMBERS, 1)
        super().__init__(parts)


def _separable(before: int, after: int) -> nn.Sequential:
    depthwise = nn.Conv2d(before, before, 3, padding=1, groups=before, bias=False)
    return nn.Sequential(OrderedDict(depthwise=depthwise, pointwise=nn.Conv2d(before, after, 1)))


@functools.cache
def _network() -> FaceDetector:
    with torch.device("meta"):  # no memory for weights that are replaced
        network = FaceDetector()
    state = safetensors.torch.load_file(assets_path() / "faces" / "tiny_yolo_face.safetensors")
    network.load_state_dict({name: values.float() for name, values in state.items()}, assign=True)
    return network.eval().to(device())


def _read(rgb: NDArray[np.uint8], side: int) -> Tensor:
    """(1, 3, side, side): the square, with the mean taken off."""
    height, width = rgb.shape[:2]
    square = Image.new("RGB", (max(height, width),) * 2)
    square.paste(Image.fromarray(rgb), (0, 0))
    pixels = np.asarray(square.resize((side, side), Image.Resampling.BILINEAR), np.float32)
    return torch.from_numpy((pixels - _MEAN) / 255).permute(2, 0, 1).unsqueeze(0).contiguous()


def _sigmoid(values: NDArray[np.float64]) -> NDArray[np.float64]:
    found: NDArray[np.float64] = np.reciprocal(1 + np.exp(-values))
    return found
