"""The page "From cortex to CNN": what its links open, and where its links to other pages lead."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import pytest
from opening import MENU, data_of, notice_of, opened

from explainer.inspection.exemplars import layers_of_units
from explainer.networks import zoo
from explainer.ui.frame.menu import entries_of
from pages.start.cortex import deep, networks
from pages.start.cortex.page import STEPS, TRY_THIS

NAME = "start/cortex"
# What each link says, in the order in which they stand.
SAID = [
    "At 0° and a shift of 0 both cells answer 66.0, of 66 at most.",
    "At 90° and a shift of 0 **neither cell answers**",
    "At 0° and a shift of 3 the simple cell is **silent**, and the complex cell answers 66.0",
    "24 planes in each: 11,320 units with the input.",
    "**64,660 connections share 9,760 parameters**, 6.6 connections each, in 1,256 units",
    "both cells answer 66.0",
]


@pytest.mark.parametrize(("preset", "said"), list(zip(TRY_THIS[:-1], SAID[:-1], strict=True)))
def test_every_link_opens_with_a_true_sentence(preset: Any, said: str) -> None:
    assert said in notice_of(opened(NAME, dict(preset.query)))


def test_alexnet_has_most_parameters_in_its_last_layers() -> None:
    at = opened(NAME, {"co_step": "alexnet"})
    assert "**61,100,840 parameters**, 96\u00a0% of them in its three fully connected layers" in notice_of(at)
    assert r"= 61{,}100{,}840" in at.latex[0].value


def test_formulas_have_the_present_numbers() -> None:
    first, second = (each.value for each in opened(NAME, {"co_shift": "1"}).latex)
    assert r"\max(0,\; 44 - 11) = 33" in first
    assert r"\max(0,\, 0,\, 0,\, 33,\, 66" not in first and r"= 66" in second


@pytest.mark.parametrize("query", [{"co_angle": "abc", "co_shift": "99"}, {"co_step": "1066"}, {"co_deep": "maybe"}])
def test_nonsense_in_the_address_opens_the_first_view(query: dict[str, str]) -> None:
    assert "At 0° and a shift of 0 both cells answer" in notice_of(opened(NAME, query))


@pytest.mark.parametrize("step", STEPS)
def test_links_lead_to_pages_that_there_are_with_controls_that_they_have(step: str) -> None:
    pages = {entry.name.rpartition("/")[2]: entry.name for entry in entries_of(MENU)}
    rows = data_of(opened(NAME, {"co_step": step}), "page_links")["rows"]
    assert [len(row["links"]) > 0 for row in rows] == [True] * len(networks.HAD[step])
    for link in (link for row in rows for link in row["links"]):
        assert link["page"] in pages
        query = dict(parse_qsl(link["query"]))
        if query:
            state = opened(pages[link["page"]], query).session_state
            assert {key: str(state[key]) for key in query} == query


def test_patches_lead_to_their_map() -> None:
    network = zoo.load(deep.NETWORK)
    layers = {layer.key: layer for layer in layers_of_units(network)}
    for layer in deep.layers_of_depths(network):
        link = deep._link(network, layer, layer.channels - 1)
        assert layers[link.query["ex_layer"]] is layer and link.page == "exemplars"
    assert "toilet tissue" in deep._link(network, layer, 999).label
