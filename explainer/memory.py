"""How much memory all that is kept for visitors may take: everything follows from one setting."""

from __future__ import annotations

import os
from dataclasses import dataclass

from explainer.data import limits

VARIABLE = "EXPLAINER_MEMORY"
DEFAULT, LEAST, MOST = 384, 128, 1_000_000  # megabytes
MEGABYTE = 1_000_000
LARGEST_FILE = limits.WEIGHTS_MEGABYTES * limits.MEGABYTE


@dataclass(frozen=True)
class Bounds:
    """In bytes.

    Runs and pictures of all visitors together have ``visitors``, of one of them ``visitor``. Files on their way from
    a browser to the page that reads them have ``uploads``, of one tab ``tab``. ``trained`` is for the networks of
    visitors that are ready to be looked into, ``fetched`` for torchvision's, of which the latest stays however large.
    ``results`` is for the largest of what is computed once for all.
    """

    visitors: int
    visitor: int
    uploads: int
    tab: int
    trained: int
    fetched: int
    results: int


def bounds() -> Bounds:
    """What EXPLAINER_MEMORY, or its default, comes to.

    One visitor has an eighth of what all have, and always room for two of the largest networks; one tab has room for
    two of the largest files, since the page reads a file and lets go of it before it is offered the next one.
    Raises ValueError with a sentence where the setting is not a number of megabytes.
    """
    total = megabytes() * MEGABYTE
    largest = 2 * LARGEST_FILE
    return Bounds(
        visitors=total // 2,
        visitor=max(total // 16, largest),
        uploads=max(total // 8, largest),
        tab=largest,
        trained=max(total // 8, largest),
        fetched=total,
        results=total // 8,
    )


def megabytes() -> int:
    """What EXPLAINER_MEMORY grants, or its default. Raises ValueError as ``bounds`` does."""
    value = os.environ.get(VARIABLE, "").strip()
    if not value:
        return DEFAULT
    if not value.isdecimal() or not LEAST <= int(value) <= MOST:
        raise ValueError(f"{VARIABLE} is {value!r}; set it to a number of megabytes from {LEAST:,} to {MOST:,}.")
    return int(value)
