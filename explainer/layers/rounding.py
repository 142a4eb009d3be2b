"""Sums whose terms cancel: what is left of them may be nothing but rounding."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch


def without_rounding(
    sums: torch.Tensor, terms: int, most: float, magnitudes: Callable[[], torch.Tensor]
) -> torch.Tensor:
    """``sums`` of at most ``terms`` numbers each, 0 where they are no larger than their own rounding may be.

    ``magnitudes()`` are the same sums of the numbers' magnitudes, ``most`` is at least as large as all of them; they
    are asked for only where some sum is small. The bound is that of a scalar product in floats: N. Higham, "Accuracy
    and Stability of Numerical Algorithms", 2nd edition, equation 3.5.
    """
    import torch  # noqa: PLC0415  pages that compute nothing open without torch

    share = terms * torch.finfo(sums.dtype).eps
    sizes = sums.abs()
    if not ((sizes > 0) & (sizes <= share * most)).any():
        return sums
    return sums.where(sizes > share * magnitudes(), 0)
