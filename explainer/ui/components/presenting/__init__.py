"""A page as a room sees it: without the menu and the controls, and with larger type; and controls that a link hides.

All of it happens in the browser: nothing is run again. ``?present=true`` in the address, or the key p, begins it; p or
Escape ends it; b makes the screen black until the next key. ``?hide=sy,sx`` takes these controls off the page, named as
in the address; a name that the page does not have hides nothing. Both stay in the address.
"""

from __future__ import annotations

from explainer.ui.components.kit import ELEMENTS, component, words

_mount = component(__file__, ELEMENTS, "charts.js", "toasts.js", "index.js")


def presenting() -> None:
    """Lets the visitor present every page; to be called outside of any fragment. frame.css says how it looks."""
    _mount(key="presenting", data=words("presenting"))
