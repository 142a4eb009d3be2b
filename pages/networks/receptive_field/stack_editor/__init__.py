"""A line of small controls for each layer of a stack, in the browser, which sends the stack back as its text."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from explainer.networks.stack import LIMITS, MOST_LAYERS, Item, written
from explainer.ui.components.kit import ELEMENTS, component, words

_mount = component(__file__, ELEMENTS, "index.js")


def stack_editor(stack: tuple[Item, ...], key: str, on_stack: Callable[[], None]) -> None:
    """Draw the layers of ``stack``; ``stack_of`` reads what a visitor made of them, in ``on_stack``.

    A layer is added, removed, and moved by its handle, with the pointer or the arrow keys.
    """
    data = {
        "stack": written(stack),
        "items": [
            {
                "kind": "l" if item.kind == "c" and item.after != item.step.padding else item.kind,
                "kernel": item.step.kernel,
                "stride": item.step.stride,
                "padding": item.step.padding,
                "dilation": item.step.dilation,
            }
            for item in stack
        ],
        "limits": LIMITS,
        "most": MOST_LAYERS,
        "words": words("stack_editor"),
    }
    _mount(key=key, data=data, on_stack_change=on_stack)


def stack_of(key: str) -> str | None:
    """The text that the browser sent last, which may be no stack; None where it sent none."""
    sent = st.session_state.get(key, {}).get("stack")
    return sent if isinstance(sent, str) else None
