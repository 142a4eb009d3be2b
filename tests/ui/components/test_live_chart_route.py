"""plotly.js is offered as the installed package has it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import streamlit as st
from plotly.offline import get_plotlyjs, get_plotlyjs_version
from starlette.requests import Request

from explainer.ui.components import live_chart


def test_the_route_gives_the_plotly_of_the_package() -> None:
    (route,) = live_chart.routes()
    assert route.path == f"/plotly-{get_plotlyjs_version()}.min.js"
    response = asyncio.run(route.endpoint(Request({"type": "http"})))
    assert Path(response.path).read_text(encoding="utf-8") == get_plotlyjs()
    assert response.media_type == "text/javascript"
    assert "immutable" in response.headers["Cache-Control"]


def test_the_route_stands_below_the_servers_base_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "get_option", {"server.baseUrlPath": "/cnn/"}.get)
    (route,) = live_chart.routes()
    assert route.path == f"/cnn/plotly-{get_plotlyjs_version()}.min.js"
