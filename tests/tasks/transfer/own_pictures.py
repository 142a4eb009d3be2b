"""Pictures of classes that a child could tell apart: stripes one way, stripes the other way, and dots."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explainer.tasks.transfer.collection import Collection, packed, with_classes, with_picture


def striped(kind: int, number: int) -> NDArray[np.uint8]:
    """(224, 224, 3): stripes across, stripes down, or a chessboard, in other colours for every number."""
    chance = np.random.default_rng((kind, number))
    rows, columns = np.indices((224, 224)) // (12 + number)
    on = (rows, columns, rows + columns)[kind] % 2 == 1
    first, second = chance.integers(0, 90, 3), chance.integers(160, 255, 3)
    return np.where(on[..., None], first, second).astype(np.uint8)


def collected(counts: tuple[int, ...]) -> Collection:
    """So many pictures in each class."""
    made = with_classes(Collection(), len(counts))
    for kind, count in enumerate(counts):
        for number in range(count):
            made = with_picture(made, f"c{kind + 1}", packed(striped(kind % 3, number + 20 * (kind // 3))))
    return made
