"""The choices of "Train a CNN" stand in the address by identifiers, and what sets them writes identifiers."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

import pytest
from opening import in_address, opened
from streamlit.testing.v1 import AppTest

from explainer.networks.presets import PRESETS
from explainer.ui.controls.training_settings import settings

TRAIN = "training/train"


def said(at: AppTest) -> dict[str, list[str]]:
    """What the address says of choices that are not at their defaults."""
    assert not at.exception
    return {key: values for key, values in in_address(at).items() if values}


def test_a_preset_brings_its_settings_and_they_are_not_in_the_address() -> None:
    at = opened(TRAIN, {"init": "he"})
    assert said(at) == {"init": ["he"]}
    at.selectbox("preset").set_value("fast").run()
    assert said(at) == {"preset": ["fast"]}
    state = at.session_state
    assert (state["opt"], state["schedule"], state["init"], state["lr"]) == ("adamw", "one-cycle", "pytorch", 0.04)


def test_own_layers_start_from_those_of_the_last_preset() -> None:
    at = opened(TRAIN, {"preset": "lenet-5"})
    at.selectbox("preset").set_value("build-your-own").run()
    assert said(at) == {"preset": ["build-your-own"], "from": ["lenet-5"]}
    assert at.number_input("c3").value == 120
    at.selectbox("q2").set_value("none").run()
    assert said(at) == {"preset": ["build-your-own"], "from": ["lenet-5"], "q2": ["none"]}


@pytest.mark.parametrize("preset", PRESETS)
def test_a_link_to_own_layers_opens_the_network_that_they_are_and_its_recipe(preset: str) -> None:
    at = opened(TRAIN, {"preset": preset})
    at.selectbox("preset").set_value("build-your-own").run()
    link = {key: values[0] for key, values in said(at).items()}
    again = opened(TRAIN, link)
    assert said(again) == said(at)
    for key in settings(preset):
        held = [each.session_state[key] for each in (at, again) if key in each.session_state]
        assert len(held) in (0, 2) and len(set(held)) <= 1, (key, held)


def test_links_of_before_the_identifiers_open_the_same() -> None:
    before = {"preset": "Build your own", "digits": "1,000", "opt": "SGD", "activation": "leaky relu", "data": "KMNIST"}
    before |= {"q1": "max 3, stride 2", "switch": "batch normalization", "init": "normal-0.01", "view": "Take it home"}
    at = opened(TRAIN, before)
    assert said(at) == {
        **{"preset": ["build-your-own"], "digits": ["1000"], "opt": ["sgd"], "activation": ["leaky_relu"]},
        **{"q1": ["max-3-stride-2"], "switch": ["batch-normalization"], "init": ["normal-0.01"], "data": ["kmnist"]},
        "view": ["take-home"],
    }


def test_what_is_not_offered_is_the_default() -> None:
    keys = ("preset", "data", "digits", "activation", "opt", "schedule", "init", "switch", "view")
    assert said(opened(TRAIN, dict.fromkeys(keys, "gone"))) == {}


def test_links_of_the_page_about_optimizers_set_what_they_say() -> None:
    text = " ".join(each.value for each in opened("training/optimizers").markdown)
    queries = [dict(parse_qsl(query)) for query in re.findall(r"\(train\?([^)]*)\)", text)]
    assert len(queries) == 8
    for query in queries:
        at = opened(TRAIN, query)
        assert {key: at.session_state[key] for key in ("opt", "schedule")} == {
            key: query[key] for key in ("opt", "schedule")
        }
        assert at.session_state["switch"] == query.get("switch", "dropout")


def test_own_blocks_stand_in_the_address_and_in_the_network() -> None:
    link = {"preset": "build-your-own", "view": "network", "blocks": "1", "hidden": "0", "c1": "16", "k1": "3"}
    link |= {"s1": "2", "b1": "9", "skips": "pre-activation", "gap": "true"}
    at = opened(TRAIN, link)
    assert (at.number_input("b1").value, at.toggle("gap").value) == (9, True)
    assert said(at)["skips"] == ["pre-activation"]
    rows = at.table[0].value["Layer"].tolist()
    assert [rows.count(name) for name in ("Sum 1", "Sum 9", "Sum 10", "Global pooling")] == [1, 1, 0, 1]
    assert any("20 layers with weights" in each.value for each in at.markdown)
    at.number_input("b1").set_value(0).run()
    assert not [each for each in at.table[0].value["Layer"] if each.startswith("Sum")]


@pytest.mark.parametrize("nonsense", [{"skips": "abc"}, {"b1": "abc"}, {"b1": "-3"}, {"b1": "999"}, {"gap": "abc"}])
def test_nonsense_about_blocks_opens_the_page_all_the_same(nonsense: dict[str, str]) -> None:
    at = opened(TRAIN, {"preset": "build-your-own", "from": "residual", "view": "network"} | nonsense)
    assert not at.exception
    assert any("20 layers with weights" in each.value or "building blocks" in each.value for each in at.markdown)


def test_too_many_blocks_are_explained_in_the_place_of_the_table() -> None:
    link = {"preset": "build-your-own", "from": "six-convolutions", "view": "network", "b1": "20", "b2": "20"}
    at = opened(TRAIN, link)
    assert not at.exception
    assert {each.value for each in at.error} == {
        "Choose the number of building blocks, of two convolutions each, from 0 to 27."
    }


def test_blocks_number_the_rows_behind_them_as_the_table_does_and_leave_their_settings() -> None:
    at = opened(TRAIN, {"preset": "build-your-own", "from": "six-convolutions", "view": "network"})
    at.number_input("c2").set_value(20).run()
    at.number_input("b1").set_value(2).run()
    assert (at.number_input("c2").label, at.number_input("c2").value) == ("6. Channels", 20)
    table = at.table[0].value
    shown = table[table["Layer"] == "Convolution 6"].iloc[0]
    assert shown["Output"] == "20\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}28\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}28"
