"""The views of the page "Feature maps" that change a network: controls, text of operations, and what is kept."""

from __future__ import annotations

import json
import time
from typing import Any

import numpy as np
import pytest
from opening import opened
from streamlit.testing.v1 import AppTest

from explainer.inspection.surgery.answers import answers, change, labels
from explainer.inspection.surgery.harm import Harm
from explainer.inspection.surgery.operations import Operation, Prune, Round, Scale, named, parse
from explainer.lru import Lru
from explainer.networks import zoo
from explainer.networks.graph import logits
from explainer.training.config import RunConfig
from explainer.ui.controls import networks
from explainer.ui.frame import studio
from explainer.ui.frame.studio import Studio
from pages.inspection.feature_maps.surgery import state, view, words

PAGE = "inspection/feature_maps"


@pytest.fixture
def mine(monkeypatch: pytest.MonkeyPatch) -> Studio:
    made = Studio("somebody")
    monkeypatch.setattr(studio, "studio", lambda: made)
    monkeypatch.setattr(networks, "studio", lambda: made)
    monkeypatch.setattr("pages.inspection.feature_maps.surgery.controls.studio", lambda: made)
    return made


def surgery(**query: str) -> AppTest:
    at = opened(PAGE, {"fm_view": "surgery", **query})
    assert not at.exception
    return at


def text(at: AppTest) -> str:
    return " ".join(each.value for each in (*at.markdown, *at.caption, *at.warning, *at.info))


def rows(at: AppTest) -> list[dict[str, Any]]:
    """The rows of tiles on the page."""
    told = [json.loads(each.proto.json) for each in at.main if each.type == "bidi_component" and each.proto.json]
    return [row for data in told for row in data.get("rows", ()) if isinstance(row, dict) and "tiles" in row]


def test_a_link_opens_exactly_this_damage() -> None:
    network = zoo.load("digits")
    done = parse("conv2.10*0,bits.3", network.description)
    changed = change(answers(network), answers(network, done), labels())
    at = surgery(fm_cut="conv2.10*0,bits.3", fm_filter="10")
    assert f"**{changed.right:,}**" in text(at) and f"{len(changed.lost):,} went from right to wrong" in text(at)
    lost = next(row for row in rows(at) if row["title"].startswith("From right to wrong"))
    shown = changed.lost[: len(lost["tiles"])]
    captions = [f"{labels()[n]} → {answers(network, done).predicted[n]}" for n in shown]
    assert [tile["caption"] for tile in lost["tiles"]] == captions and len(captions) > 10
    assert any(r"\Delta" in each.value for each in at.latex)


def test_controls_write_the_text_and_undo_takes_back() -> None:
    at = surgery()
    assert "Undamaged" in text(at) and at.button(key="fm_undo").disabled
    at.slider(key="fm_factor").set_value(0.5).run()
    assert at.text_input(key="fm_cut").value == "conv2.0*0.5"
    at.number_input(key="fm_filter").set_value(7).run()
    assert at.slider(key="fm_factor").value == 1.0
    at.slider(key="fm_factor").set_value(0.0).run()
    at.slider(key="fm_factor").set_value(-1.0).run()
    assert at.text_input(key="fm_cut").value == "conv2.0*0.5,conv2.7*-1"
    at.selectbox(key="fm_tool").set_value("prune").run()
    at.slider(key="fm_percent").set_value(30).run()
    at.slider(key="fm_percent").set_value(40).run()
    assert at.text_input(key="fm_cut").value == "conv2.0*0.5,conv2.7*-1,prune.40"
    at.button(key="fm_undo").click().run()
    assert at.text_input(key="fm_cut").value == "conv2.0*0.5,conv2.7*-1" and at.slider(key="fm_percent").value == 0
    at.button(key="fm_undo_all").click().run()
    assert at.text_input(key="fm_cut").value == "" and "Undamaged" in text(at)
    assert not at.exception


@pytest.mark.parametrize(
    ("chosen", "new", "expected"),
    [
        ("", Scale("conv1", 0, 0.0), "conv1.0*0"),
        ("conv1.0*0,conv1.1*0", Scale("conv1", 0, 2.0), "conv1.0*2,conv1.1*0"),
        ("conv1.0*0,conv1.1*0", Scale("conv1", 0, 1.0), "conv1.1*0"),
        ("conv1.0*0,prune.30", Scale("conv1", 0, 0.5), "conv1.0*0,prune.30,conv1.0*0.5"),
        ("prune.30", Prune(50), "prune.50"),
        ("prune.30", Prune(0), ""),
        ("prune.30", Prune(50, "conv1"), "prune.30,prune.50.conv1"),
        ("bits.4,conv1.0*0", Round(2), "bits.4,conv1.0*0,bits.2"),
        ("bits.4", Round(0), ""),
    ],
)
def test_an_operation_takes_the_place_of_its_like(chosen: str, new: Operation, expected: str) -> None:
    description = zoo.load("digits").description
    assert state.write(state.with_one(parse(chosen, description), new)) == expected


@pytest.mark.parametrize("cut", ["conv9.0*0", "<script>", "bits.1", "conv2.99*0"])
@pytest.mark.parametrize("name", ["surgery", "robustness", "unsure"])
def test_nonsense_in_a_link_gets_a_sentence(cut: str, name: str) -> None:
    at = opened(PAGE, {"fm_view": name, "fm_cut": cut})
    assert not at.exception and len(at.warning) == 1


@pytest.mark.parametrize("name", ["surgery", "robustness", "unsure"])
def test_photographs_have_no_test_set_here(name: str) -> None:
    at = opened(PAGE, {"fm_view": name, "i_net": "squeezenet"})
    assert not at.exception
    assert len(at.info) == 1 and "no set of test photographs" in at.info[0].value


def test_a_damaged_network_is_one_of_the_visitors(mine: Studio) -> None:
    at = surgery(fm_cut="conv2.7*0")
    for _ in range(2):  # once, however often it is pressed
        at.button(key="fm_keep").click().run()
        assert not at.exception and "Inside" in text(at)
    (run,) = mine.of(RunConfig)
    assert run.name == "Digit reader, conv2 filter 7 off"
    network, digits = zoo.load("digits"), answers(zoo.load("digits"), (Scale("conv2", 7, 0.0),))
    assert run.job.state().points[-1].test_accuracy == pytest.approx(digits.right(labels()) / 10_000)
    kept = networks.of_run(run.key)
    assert kept.key != network.key and logits(kept, _picture()).shape == (1, 10)
    other = opened("inspection/attribution", {"i_net": run.key})
    assert not other.exception and not other.info
    assert mine.size() > 900_000


@pytest.mark.parametrize("name", ["surgery", "unsure"])
def test_a_kept_network_is_not_damaged_again_when_it_is_chosen(mine: Studio, name: str) -> None:
    at = surgery(fm_cut="conv2.7*0.5")
    at.button(key="fm_keep").click().run()
    (run,) = mine.of(RunConfig)
    at.text_input(key="fm_cut").set_value("conv2.7*0.5,bits.3").run()  # and goes on
    at.radio(key="fm_view").set_value(name).run()
    at.selectbox(key="i_net").set_value(run.key).run()
    assert not at.exception and at.text_input(key="fm_cut").value == "bits.3"
    at.text_input(key="fm_cut").set_value("conv2.7*0.5").run()  # once more, because somebody wants it
    at.run()
    assert at.text_input(key="fm_cut").value == "conv2.7*0.5"
    link = opened(PAGE, {"fm_view": name, "i_net": run.key, "fm_cut": "conv2.7*0.5"})
    assert link.text_input(key="fm_cut").value == "conv2.7*0.5"


def _picture() -> Any:
    import torch

    return torch.zeros(1, 1, 28, 28)


def test_the_harm_of_each_filter_is_counted_beside_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    known = Lru[Any](8)
    monkeypatch.setattr(view, "_known", known)
    at = surgery(fm_at="convolution-1")
    end = time.monotonic() + 120
    while not known.taken:
        assert time.monotonic() < end
        time.sleep(0.05)
    at.run()
    network = zoo.load("digits")
    right = [answers(network, (Scale("conv1", number, 0.0),)).right(labels()) for number in range(6)]
    worst = int(np.argmin(right))
    assert f"filter {worst} is missed most, by {answers(network).right(labels()) - right[worst]:,} digits" in text(at)


def test_units_of_a_fully_connected_layer_are_no_filters() -> None:
    description = zoo.load("digits").description
    convolution, connected = named(description, "conv1"), named(description, "fc1")
    for layer, told in ((convolution, "filter"), (connected, "unit")):
        right = np.full(layer.channels, 9_000)
        said = str(words.harm_said(Harm(right, 9_001, 10_000, 1.0), layer))
        assert f": {told} 0 is missed most, by 1 digit." in said
        assert f"no {told} is missed" in str(words.harm_said(Harm(right, 9_000, 10_000, 1.0), layer))
    assert words.name_of(zoo.load("digits"), (Scale("fc1", 3, 0.0),)).endswith("fc1 unit 3 off")
    assert words.name_of(zoo.load("digits"), (Scale("conv1", 3, 0.5),)).endswith("conv1 filter 3 times 0.5")


def test_robustness_and_a_threshold_say_their_numbers() -> None:
    at = opened(PAGE, {"fm_view": "robustness", "fm_cut": "bits.3", "fm_kind": "shift", "fm_strength": "4"})
    assert not at.exception and "Shifted by 4" in text(at) and "as trained" in text(at)
    at = opened(PAGE, {"fm_view": "unsure", "fm_sure": "0.9"})
    found = answers(zoo.load("digits"))
    sure = found.confidence.astype(float) >= 0.9
    assert f"answers **{sure.sum():,}** of 10,000" in text(at)
    assert any(f"{sure.sum():,}".replace(",", r"\,") in each.value for each in at.latex)
