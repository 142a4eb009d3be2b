"""The address bar after a control has set others: what they hold by default need not be said, and would be wrong."""

from __future__ import annotations

from collections.abc import Sequence

from explainer.ui.components.kit import component

_mount = component(__file__)


def forget(defaults: Sequence[str], when: str, key: str) -> None:
    """Takes the bound controls ``defaults``, by their keys, out of the address whenever ``when`` has changed.

    Streamlit leaves there what a visitor once chose, although the page has set the control back to its default.
    """
    _mount(key=key, data={"when": when, "defaults": list(defaults)})
