"""What becomes of an architecture at another input size: where it fails, what hides the size, and maps of scores."""

from __future__ import annotations

from dataclasses import dataclass

from explainer.networks.folding import Architecture

_OF_ANY_SIZE = {"AdaptiveAvgPool2d", "adaptive_avg_pool2d", "mean"}


@dataclass(frozen=True)
class Pooled:
    """Adaptive pooling: ``layer`` makes ``made`` (rows, columns) of maps of ``given``, whatever their size."""

    layer: str
    given: tuple[int, int]
    made: tuple[int, int]

    def rows(self, row: int) -> tuple[int, int]:
        """The rows that a row of the output is the mean of: the first, and the one after the last.

        As PyTorch: from floor(i · given / made) to ceil((i + 1) · given / made).
        """
        given, made = self.given[0], self.made[0]
        return row * given // made, -(-(row + 1) * given // made)


def hides_size(architecture: Architecture) -> Pooled | None:
    """The last adaptive pooling of maps, behind which the size of the input is gone; None where there is none."""
    for layer in reversed(architecture.layers):
        given = architecture.layers[layer.reads[0]] if layer.reads else None
        if given is None or layer.step.type not in _OF_ANY_SIZE or layer.step.kind != "average-pooling":
            continue
        if given.size and len(given.step.shape) == 3:
            return Pooled(layer.name, given.size, layer.size or (1, 1))
    return None


def scores(architecture: Architecture) -> tuple[int, int] | None:
    """Rows and columns of the map of scores that it ends in; None where it ends in a vector, or does not end."""
    last = architecture.layers[-1]
    return last.size if not architecture.failure and len(last.step.shape) == 3 else None
