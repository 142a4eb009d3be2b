"""PyTorch code that finds the classes that the view "On photographs" shows."""

from __future__ import annotations

_CODE = """
import torch
from PIL import Image
from torchvision import models

weights = models.get_model_weights("{name}").COCO_WITH_VOC_LABELS_V1
network = models.get_model("{name}", weights=weights).eval()  # downloaded once

picture = Image.open("{file}").convert("RGB")
inputs = weights.transforms(resize_size={side})(picture)  # 3 x height x width

with torch.inference_mode():
    logits = network(inputs[None])["out"][0]  # 21 x height x width

classes = logits.argmax(dim=0)
shares = torch.bincount(classes.flatten(), minlength=21) / classes.numel()
for share, name in sorted(zip(shares.tolist(), weights.meta["categories"]), reverse=True):
    if share > 0:
        print(f"{{100 * share:.1f}} % {{name}}")

row, column = {row}, {column}  # of the pixel that is looked at, where the network reads it
probabilities = logits[:, row, column].softmax(dim=0)
print(weights.meta["categories"][probabilities.argmax()], probabilities.max().item())
"""


def photographs_code(name: str, file: str, *, side: int, row: int, column: int) -> str:
    """Code that ends with ``logits``, ``classes``, ``shares`` and the ``probabilities`` of one pixel.

    ``name`` is what torchvision calls the network, ``file`` the picture's path, ``side`` the pixels of its shorter side
    as the network reads it, ``row`` and ``column`` those of the pixel there.
    """
    return _CODE.format(name=name, file=file, side=side, row=row, column=column).strip()
