"""A choice that arrives when its page is gone already, as after Back, is no choice."""

from __future__ import annotations

import numpy as np
import pytest
import streamlit as st

from pages.inspection.maximization import ascent
from pages.inspection.maximization.ascent import Caption, Group, Scene


def test_a_unit_that_was_pressed_on_a_page_that_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    state: dict[str, object] = {}
    monkeypatch.setattr(st, "session_state", state)
    chosen: list[int] = []
    group = Group("", np.zeros((1, 2, 2, 1)), (Caption("0", choice=7),), 56)
    scene = Scene(line="", share=None, made=group)
    ascent._chosen("am_ascent", scene, chosen.append)
    assert chosen == []
    state["am_ascent"] = type("State", (), {"chosen": 7})()
    ascent._chosen("am_ascent", scene, chosen.append)
    assert chosen == [7]
