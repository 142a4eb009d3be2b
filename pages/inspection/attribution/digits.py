"""Numbers of one sum, with so many decimals that the sum is true as it is written."""

from __future__ import annotations

import math
from collections.abc import Sequence

from explainer.layers.softmax_code import number

MOST = 9  # decimals
_SMALL, _LARGE = 1e-4, 1e6  # beyond, numbers have powers of ten, or all their digits
_EXACT = 1e-12


def agreeing(values: Sequence[float], sums: Sequence[tuple[int, int, int]]) -> list[str]:
    """LaTeX of each of ``values``, of the largest at least four digits.

    Each of ``sums`` names three of them by their numbers, of which the first two add up to the third: so do they as
    written, as far as ``MOST`` decimals can tell. What is below 1 is not written as 1, nor is a summand written as 0,
    where these decimals can help it.
    """
    largest = max(map(abs, values))
    if not _SMALL <= largest < _LARGE:
        return [number(value) for value in values]
    least = max(0, 3 - math.floor(math.log10(largest)))
    known = [decimals for decimals in range(least, MOST + 1) if _adds_up(values, sums, decimals)]
    told = [decimals for decimals in known if all(_tells(value, decimals) for value in values)]
    decimals = next(iter(told or [each for each in known if _below_1(values, each)] or known), MOST)
    return [_written(value, decimals) for value in values]


def _adds_up(values: Sequence[float], sums: Sequence[tuple[int, int, int]], decimals: int) -> bool:
    whole = [round(value * 10**decimals) for value in values]
    return all(whole[one] + whole[two] == whole[both] for one, two, both in sums)


def _tells(value: float, decimals: int) -> bool:
    rounded = round(value, decimals)
    return not (abs(value) < 1 and abs(rounded) == 1) and not (value and not rounded)


def _below_1(values: Sequence[float], decimals: int) -> bool:
    return not any(abs(value) < 1 and abs(round(value, decimals)) == 1 for value in values)


def _written(value: float, decimals: int) -> str:
    rounded = round(value, decimals) + 0.0
    text = f"{rounded:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text and abs(value - rounded) < _EXACT else text
