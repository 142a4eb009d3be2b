"""Numbers as formulas write them, in LaTeX."""

from __future__ import annotations


def latex(value: float, digits: int = 4) -> str:
    """``value`` to so many significant digits: 1.5, 2.5 \\cdot 10^{-7}, and 0 for -0."""
    text, _, power = f"{value + 0.0:.{digits}g}".partition("e")
    return rf"{text} \cdot 10^{{{int(power)}}}" if power else text


def bracketed(value: float) -> str:
    """The same behind a sign or a factor: in round brackets where it is negative."""
    return f"({latex(value)})" if value < 0 else latex(value)


def grouped(count: int) -> str:
    """A count with its digits in groups of three."""
    return f"{count:,}".replace(",", r"\,")
