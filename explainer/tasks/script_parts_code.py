"""What the exported scripts of runs on made pictures are joined from: functions word for word, tables of changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from inspect import getsource
from typing import Any

from explainer.training.messages import Changed

_DEFINITIONS = ("def ", "class ", "@")


def sources(*functions: Callable[..., Any]) -> list[str]:
    """The source of functions and classes."""
    return [getsource(function) for function in functions]


def joined(parts: Iterable[str]) -> str:
    """Two empty lines around functions and classes, one elsewhere."""
    out, is_behind = "", False
    for part in parts:
        is_definition = part.startswith(_DEFINITIONS)
        out += ("\n\n\n" if is_behind or is_definition else "\n\n" if out else "") + part
        last = next(line for line in reversed(part.split("\n")) if line.strip())
        is_behind = last.startswith(" ") and part.startswith((*_DEFINITIONS, "folder"))
    return out + "\n"


def changes_table(now: Mapping[str, float], changes: Sequence[Changed]) -> str:
    """The numbers that may change, and what was changed in mid-run: the last word on each step."""
    merged: dict[int, dict[str, float]] = {}
    for changed in changes:
        if changed.change.what in now:
            merged.setdefault(changed.step, {})[changed.change.what] = changed.change.value
    rows = [f"    {step}: {_written(new)}," for step, new in merged.items()]
    table = "\n".join(["CHANGES = {  # after so many steps", *rows, "}"]) if rows else "CHANGES = {}"
    return f"now = {_written(now)}\n{table}"


def _written(numbers: Mapping[str, float]) -> str:
    return "{" + ", ".join(f'"{name}": {value!r}' for name, value in numbers.items()) + "}"
