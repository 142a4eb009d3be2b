"""The formulas of activation functions as LaTeX, in general and with numbers put in."""

from __future__ import annotations

import math

from explainer.layers.activation_functions import Function, Interval
from explainer.layers.activation_kinds import Activation, Kind
from explainer.words.latex import bracketed, latex


def general(kind: Kind) -> tuple[str, str]:
    """The LaTeX of f(x) and of f'(x) with the parameter's symbol."""
    symbol = kind.parameter.symbol if kind.parameter else ""
    function = kind.make(kind.default)
    value = _cases([(piece.value, piece.until) for piece in kind.pieces], _ends(function))
    slopes = [(piece.slope, piece.until) for piece in kind.pieces]
    slope = _cases(slopes, ("<", ">") if function.undefined else _ends(function))
    return value.replace("@", symbol), slope.replace("@", symbol)


def with_numbers(chosen: Activation) -> str:
    """The LaTeX of f(x) with the numbers of its parameters."""
    return _cases([(piece.value, piece.until) for piece in chosen.pieces], _ends(chosen.function))


def evaluated(chosen: Activation, x: float) -> tuple[str, str]:
    """The LaTeX of f and f' at ``x`` with the numbers put in; of the slope "" where there is none."""
    piece = chosen.piece_at(x)
    slope = "" if x in chosen.function.undefined else _at(piece.slope, x)
    return _at(piece.value, x), slope


def interval_latex(interval: Interval) -> str:
    """The interval as in mathematics: round brackets at ends that are not taken, braces around single values."""
    if interval.low == interval.high:
        return rf"\{{{_end(interval.low)}\}}"
    if interval.only_ends:
        return rf"\{{{_end(interval.low)},\, {_end(interval.high)}\}}"
    left, right = "[" if interval.has_low else "(", "]" if interval.has_high else ")"
    return rf"{left}{_end(interval.low)},\, {_end(interval.high)}{right}"


def straight(slope: float, constant: float) -> str:
    """The formula of a line, without a term that is 0 and without a factor of 1."""
    if not slope:
        return latex(constant)
    rising = {1.0: "§", -1.0: "-§"}.get(slope, rf"{latex(slope)} \cdot §")
    return rising + (f" {'-' if constant < 0 else '+'} {bracketed(abs(constant))}" if constant else "")


def put_in(formula: str, number: float) -> str:
    """The formula with a number for its parameter @, which needs no parentheses where the formula begins with it."""
    leading = latex(number) + formula[1:] if formula.startswith("@") else formula
    return leading.replace("@", bracketed(number))


def _at(formula: str, x: float) -> str:
    """The formula with ``x`` put in, without parentheses in parentheses."""
    for opening, closing in ("()", "||", "{}"):
        formula = formula.replace(f"{opening}§{closing}", f"{opening}{latex(x)}{closing}")
    return formula.replace("§", bracketed(x))


def _ends(function: Function) -> tuple[str, str]:
    """How x compares with the end of its piece, and with the start of the last one."""
    return ("<", r"\ge") if function.jumps else (r"\le", ">")


def _cases(formulas: list[tuple[str, float]], ends: tuple[str, str]) -> str:
    """One formula, or several with the x for which each holds; ``ends`` as ``_ends`` gives them."""
    if len(formulas) == 1:
        return formulas[0][0].replace("§", "x")
    rows, start = [], ""
    for formula, until in formulas:
        end = latex(until) if math.isfinite(until) else ""
        where = f"x {ends[0]} {end}" if not start else f"{start} < x {ends[0]} {end}"
        where = where if math.isfinite(until) else f"x {ends[1]} {start}"
        rows.append(rf"{formula.replace('§', 'x')} & {where}")
        start = end
    return r"\begin{cases}" + r" \\ ".join(rows) + r"\end{cases}"


def _end(number: float) -> str:
    if math.isinf(number):
        return r"\infty" if number > 0 else r"-\infty"
    if abs(number) == math.pi / 2:
        return rf"{'-' if number < 0 else ''}\tfrac{{\pi}}{{2}}"
    return f"{number + 0.0:.4g}"
