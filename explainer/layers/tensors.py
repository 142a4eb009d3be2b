"""Arrays onto the app's device and back, so that what torch computes agrees with the arithmetic that is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from explainer.device import device

if TYPE_CHECKING:
    import torch


def to_tensor(array: NDArray[Any], like: NDArray[Any] | None = None) -> torch.Tensor:
    """A copy of ``array`` on the app's device: float32 where ``like`` (else itself) is float32, else float64.

    On CUDA always float64: there torch rounds float32 factors of a convolution to TF32, whose 10 bits of mantissa
    are fewer than the digits that a page writes out.
    """
    import torch  # noqa: PLC0415  pages that compute nothing open without torch

    where = device()
    single = _is_single(array if like is None else like) and where.type == "cpu"
    copied = np.array(array, np.float32 if single else np.float64, order="C")
    return torch.from_numpy(copied).to(where)


def to_numpy(tensor: torch.Tensor, like: NDArray[Any]) -> NDArray[Any]:
    """The tensor's numbers on the CPU, float32 where ``like`` is float32, else float64."""
    array: NDArray[Any] = tensor.detach().cpu().numpy()
    return array.astype(np.float32 if _is_single(like) else np.float64, copy=False)


def _is_single(array: NDArray[Any]) -> bool:
    return array.dtype == np.float32
