"""The address bar: what it says of choices, and that it says nothing of what a page has set back to its default."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from explainer.ui.components.kit import component

_mount = component(__file__)


def forget(defaults: Sequence[str], when: str, key: str) -> None:
    """Takes the bound controls ``defaults``, by their keys, out of the address whenever ``when`` has changed.

    Streamlit leaves there what a visitor once chose, although the page has set the control back to its default.
    """
    _mount(key=key, data={"when": when, "defaults": list(defaults)})


def keep(values: Mapping[str, Sequence[str]], path: str, turn: int, key: str) -> None:
    """Brings ``values`` into the address of the page at ``path``, by their keys; those without a value go out of it.

    What else is in the address stays as it is. They are written whenever they, or ``turn``, are others than before;
    those that are no more among them go, and all go with this call.
    """
    _mount(key=key, data={"values": {name: list(each) for name, each in values.items()}, "path": path, "turn": turn})
