"""Pictures as addresses that hold them, for components."""

from __future__ import annotations

import base64
import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SHARP = 64  # pixels of the longer side up to which every pixel is kept and drawn as a square


def data_url(pixels: NDArray[np.uint8], longest: int) -> str:
    """A picture as a PNG file, every pixel as it is, or, where it is large, shrunk to ``longest`` as a WebP file."""
    image, file = Image.fromarray(pixels), io.BytesIO()
    if max(image.size) <= SHARP:
        image.save(file, "PNG")
        return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode("ascii")
    image.thumbnail((longest, longest), Image.Resampling.BILINEAR)
    image.save(file, "WEBP", quality=85, method=1)
    return "data:image/webp;base64," + base64.b64encode(file.getvalue()).decode("ascii")
