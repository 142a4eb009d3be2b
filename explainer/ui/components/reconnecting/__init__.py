"""A page that comes right by itself after a lost connection, and says what a server that was started anew has lost."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from explainer.ui.components.kit import component

_mount = component(__file__)
_MOST = 1_000  # of what a browser says that it knew
_SERVER = secrets.token_hex(4)  # another one whenever the server is started


def redraw_after_reconnecting(counts: Mapping[str, int]) -> dict[str, int]:
    """Runs the whole script whenever the browser has found the server again; to be called outside of any fragment.

    Streamlit leaves the page as it was. But what its parts said meanwhile is lost, and where the server has not kept
    the session it knows none of the page's fragments: their controls would do nothing. The browser's tab remembers how
    much the visitor has, ``counts`` by name. Returns how much of it went with another server than this one, once;
    nothing else.
    """
    data = {"server": _SERVER, "counts": dict(counts)}
    found = _mount(key="reconnecting", data=data, on_back_change=lambda: None, on_gone_change=lambda: None)
    gone = found.gone if hasattr(found.gone, "get") else {}
    lost = {name: gone.get(name) for name in counts}
    return {name: count for name, count in lost.items() if type(count) is int and 0 < count < _MOST}
