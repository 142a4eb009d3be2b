"""The simple and the complex cell in PyTorch: a convolution, a ReLU and max pooling."""

from __future__ import annotations

from explainer.layers.visual_cells import REACH


def cells_code(angle: int, shift: int) -> str:
    """Code that ends with ``simple`` and ``complex_cell``, the answers to a bar at ``angle`` and ``shift``."""
    return f"""import torch
from torch.nn import functional

at = torch.arange(17.0, dtype=torch.float64) - 8
rows, columns = at[:, None], at[None, :]

# the light: a bar turned by {angle} degrees and moved by {shift} pixels
turned = torch.deg2rad(torch.tensor({float(angle)}, dtype=torch.float64))
across = columns * turned.cos() + rows * turned.sin() - {shift}
light = (2 - across.abs()).clamp(0, 1)

# the receptive field is a kernel of 11 rows and 9 columns, the same for every simple cell
kernel = torch.tensor([-1.0, -1, -1, 2, 2, 2, -1, -1, -1], dtype=torch.float64).expand(11, 9)
cells = functional.conv2d(light[None, None], kernel[None, None]).relu()[0, 0, 3]  # those of the middle row
simple = cells[{REACH}].item()
complex_cell = functional.max_pool1d(cells[None, None], {2 * REACH + 1}).item()
print(simple, complex_cell)
"""
