"""The page "Feature maps" beside the work that counts which maps are silent."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from opening import opened
from streamlit.testing.v1 import AppTest

from explainer.lru import Lru
from explainer.ui.frame import background
from pages.inspection.feature_maps import page, work


def fed(at: AppTest) -> dict[str, Any]:
    """What the feed of the page is told."""
    told = [json.loads(each.proto.json) for each in at.main if each.type == "bidi_component" and each.proto.json]
    return next(data for data in told if "turn" in data)


def test_a_count_that_ends_while_the_page_is_drawn_is_asked_after(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "_known", Lru(4))

    def ends(*_: object) -> None:
        counting, end = background.current("fm_silent_maps"), time.monotonic() + 60
        while not (counting and counting.over):
            assert time.monotonic() < end
            time.sleep(0.01)

    monkeypatch.setattr(page, "feature_maps", ends)
    at = opened("inspection/feature_maps")
    assert not at.exception
    assert fed(at)["going"]
    at.run()
    assert any("are silent in all 200 test digits tried" in text.value for text in at.markdown)
