"""A Plotly chart that is redrawn in place, many times a minute, without losing the visitor's zoom or hover.

``st.plotly_chart`` builds a new chart whenever the figure changes: it blinks, and forgets what a visitor has
zoomed to. Here the figure is handed to ``Plotly.react`` of the plotly.js that the Python package brings along.
"""

from __future__ import annotations

from pathlib import Path

import plotly
import plotly.graph_objects as go
from plotly.offline import get_plotlyjs_version
from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.routing import Route

from explainer.ui.components.kit import component, words
from explainer.ui.components.kit.server_path import server_path

_PLOTLY_JS = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
# Plotly's own style rules stand in the page and do not reach into a shadow root
_mount = component(__file__, isolate_styles=False)


def live_chart(figure: go.Figure, alt: str, key: str, *, waits: bool = False) -> None:
    """Draw ``figure``; called again under the same ``key``, it changes the chart in place.

    A zoom survives as long as ``figure.layout.uirevision`` stays the same. ``alt`` says in words what the chart
    shows. ``figure.layout.height``, in pixels, is kept free while the chart loads. One that ``waits`` is drawn when all
    else that changed with it is on screen. The server must offer ``routes``.
    """
    data = {
        "figure": figure.to_json(),
        "alt": alt,
        "height": figure.layout.height or 450,
        "library": _library(),
        "waits": waits,
        "words": words("live_chart"),
    }
    _mount(key=key, data=data)


def routes() -> list[Route]:
    """What the server must offer beside the pages: plotly.js, for ``st.App(routes=...)``."""
    return [Route(server_path(_library()), _plotly_js)]


def _library() -> str:
    """The address of plotly.js, relative to a page; its version is in it, so that browsers may keep the file."""
    return f"plotly-{get_plotlyjs_version()}.min.js"


async def _plotly_js(_request: Request) -> FileResponse:
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return FileResponse(_PLOTLY_JS, media_type="text/javascript", headers=headers)
