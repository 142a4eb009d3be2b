"""PyTorch code that finds the objects that the view "A real detector" shows."""

from __future__ import annotations

_CODE = """
import torch
from PIL import Image
from torchvision import models

weights = models.get_model_weights("{name}").COCO_V1
network = models.get_model("{name}", weights=weights).eval()  # downloaded once

picture = Image.open("{file}").convert("RGB")
inputs = weights.transforms()(picture)  # 3 x height x width, 0 to 1: the network shrinks it itself

with torch.inference_mode():
    found = network([inputs])[0]  # boxes in pixels, labels and scores, after suppression

sure = found["scores"] > {least}
for score, label, box in zip(found["scores"][sure], found["labels"][sure], found["boxes"][sure]):
    print(f"{{score:.3f}}", weights.meta["categories"][label], box.tolist())
"""


def object_detector_code(name: str, file: str, *, least: float) -> str:
    """Code that ends with ``found`` and those that are ``sure``: that score above ``least``.

    ``name`` is what torchvision calls the network, ``file`` the picture's path.
    """
    return _CODE.format(name=name, file=file, least=least).strip()
