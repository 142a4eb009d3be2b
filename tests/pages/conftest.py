from __future__ import annotations

import pytest
from streamlit.runtime.context import ContextProxy


@pytest.fixture(autouse=True)
def no_cookies(monkeypatch: pytest.MonkeyPatch) -> None:
    """AppTest knows no cookies: what it answers is a mock. Its visitor is one whose browser keeps none."""
    monkeypatch.setattr(ContextProxy, "cookies", property(lambda _context: {}))
