"""A page that comes right by itself after a lost connection, and says what a server that was started anew has lost."""

from __future__ import annotations

import secrets

from explainer.ui.components.kit import component

_mount = component(__file__)
_SERVER = secrets.token_hex(4)  # another one whenever the server is started


def redraw_after_reconnecting(runs: int) -> int:
    """Runs the whole script whenever the browser has found the server again; to be called outside of any fragment.

    Streamlit leaves the page as it was. But what its parts said meanwhile is lost, and where the server has not kept
    the session it knows none of the page's fragments: their controls would do nothing. The browser's tab remembers how
    many ``runs`` the visitor has. Returns how many of them went with another server than this one, once; 0 else.
    """
    data = {"server": _SERVER, "runs": runs}
    found = _mount(key="reconnecting", data=data, on_back_change=lambda: None, on_gone_change=lambda: None)
    return int(found.gone or 0)
