"""PyTorch code that computes what the view "Anchors" shows."""

from __future__ import annotations

from explainer.tasks.boxes import Box

_CODE = """
import torch
from torch.nn import functional as F
from torchvision.ops import box_iou

width, height = {width}, {height}  # of the picture as the network reads it
truth = torch.tensor([{truth}], dtype=torch.float64)  # left, top, right, bottom

# Nine sizes at every position of VGG16's last map, whose stride is 16
scales = torch.tensor([128, 256, 512], dtype=torch.float64)
ratios = torch.tensor([0.5, 1, 2], dtype=torch.float64)  # width over height
sizes = torch.stack([scales[:, None] * ratios.sqrt(), scales[:, None] / ratios.sqrt()], dim=-1).reshape(9, 2)
rows, columns = height // 16, width // 16
down, across = torch.meshgrid(torch.arange(rows), torch.arange(columns), indexing="ij")
centres = (torch.stack([across, down], dim=-1) + 0.5) * 16
centres = centres.reshape(-1, 1, 2).double().expand(-1, 9, -1)
anchors = torch.cat([centres - sizes / 2, centres + sizes / 2], dim=-1).reshape(-1, 4)

used = {used}
iou = box_iou(anchors, truth)[:, 0].where(used, -1)
highest = (iou >= iou.max() - 1e-9) & (iou > 0)
positive = (iou > 0.7) | highest
negative = used & (iou < 0.3) & ~highest
print(len(anchors), "anchors:", positive.sum().item(), "positive,", negative.sum().item(), "negative,",
      (used & ~positive & ~negative).sum().item(), "ignored,", (~used).sum().item(), "left out")


def middle(boxes):
    return torch.cat([(boxes[..., :2] + boxes[..., 2:]) / 2, boxes[..., 2:] - boxes[..., :2]], dim=-1)


anchor = ({row} * columns + {column}) * 9 + {number}
box, own = middle(truth[0]), middle(anchors[anchor])
wanted = torch.cat([(box[:2] - own[:2]) / own[2:], (box[2:] / own[2:]).log()])  # t*
predicted = torch.tensor({predicted}, dtype=torch.float64)  # t
made = torch.cat([own[:2] + own[2:] * predicted[:2], own[2:] * predicted[2:].exp()])  # x, y, width, height

p = torch.tensor({probability}, dtype=torch.float64)
is_object = positive[anchor].double()
class_part = F.binary_cross_entropy(p, is_object) / 256
box_part = 10 / (rows * columns) * is_object * F.smooth_l1_loss(predicted, wanted, reduction="sum")
loss = (class_part + box_part) * (positive | negative)[anchor]
print("t* =", wanted.tolist(), "loss =", loss.item())
"""
_INSIDE = "(anchors[:, :2] >= 0).all(dim=1) & (anchors[:, 2] <= width) & (anchors[:, 3] <= height)"
_ALL = "torch.ones(len(anchors), dtype=torch.bool)"


def anchors_code(
    truth: Box,
    size: tuple[int, int],
    place: tuple[int, int, int],
    predicted: tuple[float, float, float, float],
    *,
    probability: float,
    inside_only: bool,
) -> str:
    """Code that ends with ``iou``, ``positive``, ``negative``, ``wanted``, ``made`` and ``loss``.

    ``size`` is the picture's width and height, ``place`` the row, the column and the number of the chosen anchor, all
    from 0 on.
    """
    return _CODE.format(
        width=size[0],
        height=size[1],
        truth=list(map(float, truth)),
        used=_INSIDE if inside_only else _ALL,
        row=place[0],
        column=place[1],
        number=place[2],
        predicted=list(predicted),
        probability=probability,
    ).strip()
