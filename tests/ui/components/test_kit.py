"""What the kit puts into every component."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import streamlit as st

from explainer.ui.components.kit import TRANSPORT, component


@pytest.fixture
def mounted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, Any]:
    """What Streamlit is told of a component, whose own style makes lists red."""
    told: dict[str, Any] = {}
    monkeypatch.setattr(st.components.v2, "component", lambda _, **options: told.update(options))
    (tmp_path / "index.js").touch()
    (tmp_path / "style.css").write_text("ul { color: red; }")
    return told


def test_a_style_overrides_that_of_a_shared_script_and_that_the_style_of_all(
    mounted: dict[str, Any], tmp_path: Path
) -> None:
    component(str(tmp_path / "__init__.py"), TRANSPORT, "index.js")
    places = [mounted["css"].index(rule) for rule in (":host {", ".transport {", "ul { color: red; }")]
    assert places == sorted(places)


def test_a_style_that_reaches_all_of_the_page_is_the_components_own(mounted: dict[str, Any], tmp_path: Path) -> None:
    component(str(tmp_path / "__init__.py"), isolate_styles=False)
    assert mounted["css"] == "ul { color: red; }"
