"""A new last layer on features that stay as they are: multinomial logistic regression.

T. Hastie, R. Tibshirani, J. Friedman, "The elements of statistical learning", second edition, section 4.4.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

Floats = NDArray[np.float64]
STEPS = 200  # of L-BFGS, at most


@dataclass(frozen=True, eq=False)
class LastLayer:
    """``weights`` (k, d) and ``bias`` (k,) on features from which ``mean`` (d,) is taken, divided by ``scale`` (d,)."""

    mean: Floats
    scale: Floats
    weights: Floats
    bias: Floats

    def scores(self, features: NDArray[np.float32]) -> Floats:
        """The logits (n, k) of features (n, d)."""
        made: Floats = (features - self.mean) / self.scale @ self.weights.T + self.bias
        return made

    def classes(self, features: NDArray[np.float32]) -> NDArray[np.int64]:
        """The likeliest class (n,) of features (n, d)."""
        found: NDArray[np.int64] = self.scores(features).argmax(axis=1)
        return found


def last_layer(
    features: NDArray[np.float32], labels: NDArray[np.int64], classes: int, *, inverse_penalty: float = 0.01
) -> LastLayer:
    """The layer for ``features`` (n, d) with ``labels`` (n,), 0 to ``classes`` - 1, which are standardized first.

    It minimizes the sum of the cross-entropies plus that of the squared weights over 2 ``inverse_penalty``; the bias is
    free. Raises ValueError without a picture.
    """
    if len(features) == 0:
        raise ValueError(f"{len(features)=}")
    mean, scale = features.mean(axis=0, dtype=np.float64), features.std(axis=0, dtype=np.float64)
    scale = np.where(scale > 0, scale, 1.0)
    given, truth = torch.from_numpy((features - mean) / scale), torch.from_numpy(labels)
    weights = torch.zeros(classes, features.shape[1], dtype=torch.float64, requires_grad=True)
    bias = torch.zeros(classes, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS(
        [weights, bias], max_iter=STEPS, tolerance_grad=1e-8, tolerance_change=1e-12, line_search_fn="strong_wolfe"
    )

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        errors = functional.cross_entropy(given @ weights.T + bias, truth, reduction="sum")
        made = errors + weights.square().sum() / (2 * inverse_penalty)
        made.backward()  # type: ignore[no-untyped-call]
        return made

    optimizer.step(loss)  # type: ignore[no-untyped-call]
    return LastLayer(mean, scale, weights.detach().numpy(), bias.detach().numpy())
