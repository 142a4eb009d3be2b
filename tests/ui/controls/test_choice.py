"""Choices by identifier: what the address says of them, what the session holds, and what a visitor reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from opening import in_address, turn
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext
from streamlit.testing.v1 import AppTest

from explainer.ui.controls.choice import choice

APP = Path(__file__).parents[2] / "browser" / "apps" / "choice_app.py"


def opened(query: dict[str, Any] | None = None, name: str = "layers/window") -> AppTest:
    at = turn(AppTest.from_file(APP, default_timeout=300), name)
    at.query_params = query or {}
    return checked(at.run())


def checked(at: AppTest) -> AppTest:
    assert not at.exception, [box.message for box in at.exception]
    return at


def says(at: AppTest) -> list[str]:
    """What the parts of the page say."""
    return [text.value for text in at.text if not text.value.startswith("tab:")]


def open_tabs(at: AppTest) -> list[str]:
    return [text.value.removeprefix("tab: ") for text in at.text if text.value.startswith("tab:")]


def written(at: AppTest) -> dict[str, str]:
    """Streamlit's copy of the address, which it writes whenever one of its own controls calls for that."""
    with at.session_state._state.query_params() as copy:
        return copy.to_dict()


@pytest.fixture
def turned(monkeypatch: pytest.MonkeyPatch) -> Any:
    """``turned(at, query)`` runs the page as Back, Forward or a link to it do."""

    def run(at: AppTest, query: dict[str, Any]) -> AppTest:
        whole = ScriptRunContext.reset

        def reset(self: ScriptRunContext, *args: Any, **kwargs: Any) -> None:
            whole(self, *args, **kwargs | {"is_history_navigation": True})

        at.query_params = query
        with monkeypatch.context() as patch:
            patch.setattr(ScriptRunContext, "reset", reset)
            return checked(at.run())

    return run


def test_nothing_is_in_the_address_at_the_defaults() -> None:
    at = opened()
    assert says(at) == ["window: max - 0 3", "below: table left half sgd+adam -"]
    assert in_address(at) == {key: [] for key in ("kind", "view", "side", "share", "runs", "beside", "tab")}
    assert written(at) == {}


def test_the_address_and_the_session_hold_identifiers_and_the_visitor_reads_labels() -> None:
    at = opened()
    assert at.selectbox(key="kind").options == ["Largest", "Mean, of all", "He, fan in"]
    checked(at.selectbox(key="kind").set_value("average").run())
    assert at.session_state["kind"] == "average"
    assert says(at)[0] == "window: average zero 5 3"
    assert in_address(at)["kind"] == ["average"]
    assert written(at) == {"kind": "average"}  # what Streamlit would write by itself
    checked(at.selectbox(key="kind").set_value("max").run())
    assert (in_address(at)["kind"], written(at)) == ([], {})


def test_a_deep_link_sets_choices_of_every_kind() -> None:
    query = {"kind": "average", "edge": "mirror", "view": "curve", "side": "right", "share": "quarter", "size": "4"}
    at = opened(query | {"runs": ["rmsprop", "sgd"], "beside": "adam"})
    assert says(at) == ["window: average mirror 5 4", "below: curve right quarter rmsprop+sgd adam"]
    assert in_address(at) == {
        **{"kind": ["average"], "edge": ["mirror"], "view": ["curve"], "side": ["right"], "share": ["quarter"]},
        **{"runs": ["rmsprop", "sgd"], "beside": ["adam"], "tab": []},
    }
    again = checked(at.run())  # the address of then is still with the browser, but the controls are known
    assert says(again) == ["window: average mirror 5 4", "below: curve right quarter rmsprop+sgd adam"]


def test_links_with_labels_work() -> None:
    assert says(opened({"kind": "He, fan in", "runs": ["Adam"]})) == [
        "window: he-fan-in - 0 3",
        "below: table left half adam -",
    ]


@pytest.mark.parametrize("nonsense", ["", "-1", "Max", "\u0000<name>", "nan", "max,average"])
def test_nonsense_in_the_address_is_as_nothing(nonsense: str) -> None:
    keys = ("kind", "edge", "view", "side", "share", "beside")
    at = opened(dict.fromkeys(keys, nonsense))
    assert says(at) == ["window: max - 0 3", "below: table left half sgd+adam -"]
    assert not any(in_address(at).values())


def test_none_of_several_is_a_choice_too() -> None:
    at = opened({"runs": ""})
    assert says(at)[1] == "below: table left half - -"
    assert in_address(at)["runs"] == [""]


def test_of_several_what_is_not_offered_and_what_is_too_much_is_left_out() -> None:
    at = opened({"runs": ["adam", "gone", "adam"], "beside": ["sgd", "gone", "adam", "rmsprop"]})
    assert says(at)[1] == "below: table left half adam sgd+adam"


def test_a_change_in_a_control_beats_the_address_of_before() -> None:
    at = opened({"kind": "he-fan-in"})
    checked(at.selectbox(key="kind").set_value("max").run())
    at.query_params = {"kind": "he-fan-in"}  # the browser sends what it knew when the page was opened
    assert says(checked(at.run()))[0] == "window: max - 0 3"


def test_back_takes_what_the_address_says_and_else_the_default(turned: Any) -> None:
    at = opened({"kind": "average", "runs": ["adam"]})
    assert says(turned(at, {"kind": "he-fan-in", "view": "curve"})) == [
        "window: he-fan-in - 0 3",
        "below: curve left half sgd+adam -",
    ]
    assert says(turned(at, {"kind": "gone"})) == ["window: max - 0 3", "below: table left half sgd+adam -"]
    assert says(turned(at, {"kind": "average", "edge": "mirror", "runs": ""})) == [
        "window: average mirror 5 3",
        "below: table left half - -",
    ]


def test_after_back_the_browser_writes_the_address_anew_also_where_all_is_as_before(turned: Any) -> None:
    def turns(at: AppTest) -> set[int]:
        found = [element.proto for element in at.main if element.type == "bidi_component"]
        return {json.loads(each.json)["turn"] for each in found if each.component_name == "explainer.address"}

    at = opened()
    before = turns(at)
    assert turns(checked(at.run())) == before
    assert turns(turned(at, {"kind": "gone"})).isdisjoint(before)


def test_a_choice_that_is_hidden_leaves_the_address_and_comes_back_as_it_was() -> None:
    at = opened({"kind": "average", "edge": "mirror"})
    checked(at.selectbox(key="kind").set_value("max").run())
    assert "edge" not in in_address(at)
    assert written(at) == {}
    checked(at.selectbox(key="kind").set_value("average").run())
    assert says(at)[0] == "window: average mirror 5 3"
    assert in_address(at)["edge"] == ["mirror"]


def test_a_choice_that_appears_later_takes_what_the_link_said() -> None:
    at = opened({"edge": "mirror"})
    checked(at.selectbox(key="kind").set_value("average").run())
    assert says(at)[0] == "window: average mirror 5 3"


def test_another_page_and_back_by_the_menu_keeps_what_was_chosen() -> None:
    at = opened({"kind": "average", "edge": "mirror"})
    at.query_params = {}
    assert says(checked(turn(at, "layers/other").run())) == ["other: none"]  # which does not offer "average"
    assert in_address(at) == {"kind": []}
    checked(at.selectbox(key="kind").set_value("max").run())
    assert (says(at), written(at)) == (["other: max"], {"kind": "max"})
    at.query_params = {}
    assert says(checked(turn(at, "layers/window").run()))[0] == "window: max - 0 3"
    checked(at.selectbox(key="kind").set_value("average").run())
    assert says(at)[0] == "window: average mirror 5 3"


def test_a_page_that_is_opened_by_a_link_in_the_same_tab_takes_it() -> None:
    at = opened({"kind": "average"})
    at.query_params = {"kind": "max"}
    assert says(checked(turn(at, "layers/other").run())) == ["other: max"]


def test_a_session_that_begins_anew_believes_the_controls_that_the_browser_shows() -> None:
    """After a lost connection the browser sends them, and the address as it was when the page was opened."""
    lost = opened({"kind": "average"})
    checked(lost.selectbox(key="kind").set_value("he-fan-in").run())
    at = turn(AppTest.from_file(APP, default_timeout=300), "layers/window")
    at.query_params, at._tree = {"kind": "average", "view": "curve"}, lost._tree
    assert says(checked(at.run())) == ["window: he-fan-in - 0 3", "below: table left half sgd+adam -"]


def test_what_a_button_sets_is_in_the_address() -> None:
    at = opened()
    checked(at.button[0].click().run())
    assert says(at)[0].startswith("window: average zero")
    assert in_address(at)["kind"] == ["average"]
    assert written(at)["kind"] == "average"


def test_what_is_no_more_offered_falls_back_to_the_first() -> None:
    at = opened({"kind": "he-fan-in"})
    at.session_state["offered"] = ["average", "max"]
    assert says(checked(at.run()))[0] == "window: average zero 5 3"
    assert in_address(at)["kind"] == []


def test_a_choice_outside_of_any_part_would_be_in_no_address() -> None:
    with pytest.raises(RuntimeError, match="outside of any part"):
        choice("Kind", {"max": "Largest"}, "kind")
    st.session_state.clear()


def test_tabs_open_by_identifier_and_are_remembered(turned: Any) -> None:
    at = opened({"tab": "digits"})
    assert open_tabs(at) == ["digits"]
    assert (in_address(at)["tab"], at.session_state["tab"]) == (["digits"], "digits")
    assert open_tabs(checked(at.run())) == ["digits"]
    at.query_params = {}
    checked(turn(at, "layers/other").run())
    assert open_tabs(checked(turn(at, "layers/window").run())) == ["digits"]
    assert open_tabs(turned(at, {"tab": "gone"})) == ["weights"]
    assert in_address(at)["tab"] == []
    at.session_state["tab"] = "digits"  # as a button would
    assert open_tabs(checked(at.run())) == ["digits"]
