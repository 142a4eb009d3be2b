"""What the kit puts into every component."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
import streamlit as st
from starlette.applications import Starlette

from explainer.ui.components.kit import TRANSPORT, component, modules


@pytest.fixture
def mounted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, Any]:
    """What Streamlit is told of a component, whose own style makes lists red."""
    told: dict[str, Any] = {}
    monkeypatch.setattr(st.components.v2, "component", lambda _, **options: told.update(options) or (lambda: None))
    (tmp_path / "index.js").touch()
    (tmp_path / "style.css").write_text("ul { color: red; }")
    return told


def mount(package: Path, *scripts: str | Path, **options: bool) -> None:
    """Declares the component of a folder, and mounts it: only then is Streamlit told of it."""
    component(str(package / "__init__.py"), *scripts, **options)()


def fetched(server: Starlette, address: str) -> httpx.Response:
    """What the server answers."""

    async def fetch() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(server)) as client:
            return await client.get(f"http://here/{address}")

    return asyncio.run(fetch())


def test_a_style_overrides_that_of_a_shared_script_and_that_the_style_of_all(
    mounted: dict[str, Any], tmp_path: Path
) -> None:
    mount(tmp_path, TRANSPORT, "index.js")
    places = [mounted["css"].index(rule) for rule in (":host {", ".transport {", "ul { color: red; }")]
    assert places == sorted(places)


def test_a_style_that_reaches_all_of_the_page_is_the_components_own(mounted: dict[str, Any], tmp_path: Path) -> None:
    mount(tmp_path, isolate_styles=False)
    assert mounted["css"] == "ul { color: red; }"


def test_a_server_offers_the_javascript_and_streamlit_sends_only_where_it_is(
    mounted: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(modules, "_is_served", False)
    (tmp_path / "index.js").write_text("export default () => 7;" + 1000 * "\n// what a component does")
    mount(tmp_path)
    assert mounted["js"].endswith((tmp_path / "index.js").read_text())

    server = Starlette(routes=modules.routes())
    mount(tmp_path)
    assert len(mounted["js"]) < 1000
    (address,) = re.findall(rf"modules/\w+/{tmp_path.name}\.js", mounted["js"])
    answer = fetched(server, f"{address}?5")
    assert answer.text.endswith((tmp_path / "index.js").read_text())
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert "immutable" in answer.headers["Cache-Control"]
    assert fetched(server, f"modules/0/{tmp_path.name}.js").status_code == 404


def test_other_javascript_has_another_address() -> None:
    assert modules.offer("twice", "1") == modules.offer("twice", "1") != modules.offer("twice", "2")


def test_the_javascript_stands_below_the_servers_base_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(modules, "_is_served", False)
    monkeypatch.setattr(st, "get_option", {"server.baseUrlPath": "/cnn/"}.get)
    (route,) = modules.routes()
    assert route.path.startswith("/cnn/modules/")
