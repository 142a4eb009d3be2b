"""PyTorch code that computes what a page shows, from the same numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from explainer.layers.convolution import Convolution, padding_of

_PAD_MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "replicate", "circular": "circular"}


def literal(name: str, values: NDArray[Any]) -> str:
    """``name = torch.tensor(...)`` of ``values``, one line a row, exact as far as doubles are written."""
    return f"{name} = torch.tensor({_nested(values.astype(np.float64) + 0.0, len(name) + 16)}, dtype=torch.float64)"


def picture_file(path: str, size: tuple[int, int] | None, color: bool) -> str:
    """``inputs`` (1, channels, height, width), 0 to 255, from a picture file, shrunk to ``size`` (height, width)."""
    resize = f".resize({size[::-1]}, Image.Resampling.LANCZOS, reducing_gap=3.0)" if size else ""
    lines = ["import numpy as np", "from PIL import Image", ""]
    lines.append(f'rgb = np.asarray(Image.open("{path}").convert("RGB"){resize})')
    if color:
        lines.append("inputs = torch.from_numpy(rgb.astype(np.float64)).permute(2, 0, 1)[None]")
    else:
        lines.append("grey = np.rint(rgb @ [0.299, 0.587, 0.114])")
        lines.append("inputs = torch.from_numpy(grey)[None, None]")
    return "\n".join(lines)


def convolution_code(
    inputs: str, shape: tuple[int, int], weights: NDArray[Any], settings: Convolution, bias: NDArray[Any] | None = None
) -> str:
    """Code that ends with ``output``, the maps (1, filters, height, width) of ``convolution.output``.

    ``inputs`` is code that makes ``inputs`` (1, channels, height, width), whose height and width are ``shape``.
    ``weights`` (filters, channels / groups, kernel height, kernel width), ``bias`` (filters,).
    """
    (top, bottom), (left, right) = padding_of(shape, weights.shape[2:], settings)
    lines = ["import torch", "import torch.nn.functional as F", "", inputs, literal("weights", weights)]
    if bias is not None:
        lines.append(literal("bias", bias))
    if settings.flip:
        lines.append("weights = weights.flip(2, 3)  # true convolution turns the kernel")
    if any((top, bottom, left, right)):
        mode = _PAD_MODES[settings.mode]
        lines.append(f'inputs = F.pad(inputs, ({left}, {right}, {top}, {bottom}), mode="{mode}")')
    options = [f"stride={settings.stride}", f"dilation={settings.dilation}"]
    options += [f"groups={settings.groups}"] if settings.groups > 1 else []
    scale = f" / {weights[0].size}" if settings.mean else ""
    lines.append(f"output = F.conv2d(inputs, weights, {', '.join(options)}){scale}")
    if bias is not None:
        lines.append("output = output + bias.view(1, -1, 1, 1)")
    if settings.activation == "relu":
        lines.append("output = output.relu()")
    return "\n".join(lines)


def _nested(values: NDArray[Any], indent: int) -> str:
    if values.ndim == 1:
        return f"[{', '.join(f'{value:.17g}' for value in values)}]"
    between = ",\n" + " " * (indent + 1)
    return f"[{between.join(_nested(part, indent + 1) for part in values)}]"
