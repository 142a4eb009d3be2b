"""PyTorch code of a pooling layer that computes what a page shows."""

from __future__ import annotations

from explainer.layers.geometry import AXES, adaptive_bins
from explainer.layers.pooling import Pooling

_FIXED = {"max": "max_pool2d", "average": "avg_pool2d"}


def pooling_code(inputs: str, shape: tuple[int, int], settings: Pooling) -> str:
    """Code that ends with ``output``, the maps (1, channels, height, width) of ``pooling.output``.

    ``inputs`` is code that makes ``inputs`` (1, channels, height, width), whose height and width are ``shape``. Raises
    GeometryError for a number of bins that is impossible.
    """
    body = _fixed(settings) if settings.bins is None else _adaptive(shape, settings.bins, settings.kind)
    return "\n".join(["import torch", "import torch.nn.functional as F", "", inputs, *body])


def _fixed(settings: Pooling) -> list[str]:
    steps = f"{settings.window}, stride={settings.steps}"
    if settings.kind == "l2" and settings.padding == (0, 0):
        return [f"output = F.lp_pool2d(inputs, 2.0, {steps}, ceil_mode={settings.ceil_mode})"]
    shared = f"{steps}, padding={settings.padding}, ceil_mode={settings.ceil_mode}"
    if settings.kind == "l2":
        area = settings.window[0] * settings.window[1]
        return [
            "# F.lp_pool2d takes no padding: a sum of squares is their mean times their number.",
            f"means = F.avg_pool2d(inputs**2, {shared})",
            f"output = (means * {area}).sqrt()",
        ]
    if settings.kind == "average":
        shared += f", count_include_pad={settings.count_include_pad}"
    return [f"output = F.{_FIXED[settings.kind]}(inputs, {shared})"]


def _adaptive(shape: tuple[int, int], bins: tuple[int, int], kind: str) -> list[str]:
    if kind != "l2":
        return [f"output = F.adaptive_{_FIXED[kind]}(inputs, {bins})"]
    rows, columns = (
        [stop - start for start, stop in adaptive_bins(shape[axis], bins[axis], AXES[axis])] for axis in (0, 1)
    )
    return [
        "# A sum of squares is their mean times their number: rows and columns of each window.",
        f"numbers = torch.outer(torch.tensor({rows}), torch.tensor({columns}))",
        f"output = (F.adaptive_avg_pool2d(inputs**2, {bins}) * numbers).sqrt()",
    ]
