"""Nothing is kept without a bound: a cache has a size, or a function whose arguments have few values."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import sys
from collections.abc import Iterator
from typing import Any

import explainer
import pages

# Arguments of functions whose results are kept for good: none, or such with few values. None of them is a visitor's.
FEW = {
    "language": "of the book",
    "DatasetName": "four",
    "Layer": "two",
    "dark: 'bool'": "two",
    "Remedy": "six",
    "label: 'int'": "ten digits",
    "samples.original_size(name: 'str')": "the sample photographs",
    "zoo._bundled(name: 'str')": "three networks",
    "activation.table._default_row(key: 'str')": "the activation functions",
}


def caches() -> Iterator[tuple[str, Any]]:
    """Every function of the packages that keeps its results, by its name with its arguments."""
    for package in (explainer, pages):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    for name, module in sorted(sys.modules.items()):
        if name.startswith(("explainer.", "pages.")):
            for function in vars(module).values():
                if getattr(function, "__module__", "") == name and hasattr(function, "__wrapped__"):
                    yield f"{name}.{function.__name__}{inspect.signature(function)}", function


def test_what_is_kept_is_bounded_in_number_or_has_few_arguments() -> None:
    unbounded = []
    for name, function in caches():
        if hasattr(function, "cache_parameters") and function.cache_parameters()["maxsize"] is None:
            arguments = name.split(" -> ")[0]
            if not arguments.endswith("()") and not any(few in arguments for few in FEW):
                unbounded.append(name)
    assert unbounded == []


def test_streamlit_keeps_only_so_many_results_of_a_function() -> None:
    found = {name: function for name, function in caches() if hasattr(function, "_info")}
    assert len(found) > 10
    assert [name for name, function in found.items() if not function._info.max_entries] == []
