"""Figures that were made before: kept by what they show, since Plotly takes milliseconds to make one."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable
from typing import ParamSpec

import plotly.graph_objects as go

from explainer.lru import Lru

P = ParamSpec("P")

MOST = 128  # figures, for all visitors
LARGEST = 65_536  # bytes of what one shows: the few that show more are made anew, so that all are some megabytes
_FIGURES: Lru[go.Figure] = Lru(MOST)


def drawn(make: Callable[P, go.Figure], *arguments: P.args, **named: P.kwargs) -> go.Figure:
    """What ``make`` gives for these arguments, which is the same for all who ask for it and must not be changed.

    ``make`` is a function of a module, and its result depends on the arguments alone. They are compared by content.
    """
    content = pickle.dumps((make, arguments, named))
    if len(content) > LARGEST:
        return make(*arguments, **named)
    key = hashlib.blake2b(content, digest_size=16).digest()
    return _FIGURES.get_or_put(key, lambda: make(*arguments, **named))
