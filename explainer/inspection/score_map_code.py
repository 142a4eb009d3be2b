"""The code that makes the map of scores of SqueezeNet on a picture, and its formula."""

from __future__ import annotations

from explainer.inspection.score_map import ScoreMap


def score_formula(found: ScoreMap, number: int, score: str = "score") -> str:
    """LaTeX of the score of one of the five classes: the mean of its map. ``score`` is what it is called."""
    rows, columns = found.maps.shape[1:]
    total = f"{found.maps[number].sum(dtype='float64'):,.1f}".replace(",", "{,}")
    return (
        rf"\text{{{score}}} = \frac{{1}}{{{rows} \cdot {columns}}} \sum_{{i, j}} s_{{i j}} = "
        rf"\frac{{{total}}}{{{rows * columns}}} = {found.scores[number]:.3f}"
    )


def score_map_code(file: str, size: tuple[int, int] | None, class_number: int) -> str:
    """A script that makes ``map``, the scores (rows, columns) of a class, of the picture in ``file``.

    ``size`` (height, width) is what it is shrunk to, None where it stays as it is.
    """
    shrunk = f".resize({size[::-1]}, Image.Resampling.LANCZOS, reducing_gap=3.0)" if size else ""
    return f'''import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_file
from torchvision import models
from torchvision.transforms.functional import normalize

network = models.squeezenet1_0().eval()
weights = load_file("assets/squeezenet/weights.safetensors")
network.load_state_dict({{name: values.float() for name, values in weights.items()}})

picture = np.asarray(Image.open("{file}").convert("RGB"){shrunk})
inputs = torch.tensor(picture).permute(2, 0, 1)[None] / 255
inputs = normalize(inputs, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225])

with torch.no_grad():
    maps = network.classifier[:-1](network.features(inputs))[0]  # without the last layer, the mean
map = maps[{class_number}]
score = map.mean()  # what the network gives for the whole picture
print(tuple(map.shape), score)'''
