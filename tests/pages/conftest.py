"""What tests of pages share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from waiting_engine import Waiting

from explainer.ui.frame import studio
from explainer.ui.frame.studio import Studio


@pytest.fixture
def mine(monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    """What the visitor has, whose runs all wait."""
    found = Studio("visitor")
    monkeypatch.setattr(studio, "pool", Waiting)
    monkeypatch.setattr(studio, "visitor", lambda: "visitor")
    monkeypatch.setattr(studio, "_studios", {"visitor": found})
    yield found
