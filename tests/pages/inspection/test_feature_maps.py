"""What the components of the page "Feature maps" send to the browser, and what they take from it."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import streamlit as st

from explainer.data.digits import load
from explainer.data.samples import photograph
from explainer.inspection.columns import columns
from explainer.inspection.computed import Computed, Step, computed
from explainer.inspection.feature_maps import record
from explainer.inspection.feature_maps_code import map_code
from explainer.inspection.receptive_field import fields
from explainer.inspection.silent_maps import count_silent_maps
from explainer.networks import zoo
from explainer.networks.reading import shown, to_input
from explainer.ui.controls.subject import Subject
from explainer.ui.controls.subject_code import network_code, picture_code
from pages.inspection.feature_maps import choice
from pages.inspection.feature_maps.choice import Choice, NoUnitError
from pages.inspection.feature_maps.computed_map import Explained
from pages.inspection.feature_maps.computed_map import encode as encode_computed
from pages.inspection.feature_maps.network_map.encoding import Chosen, Shown, encode, short_title
from pages.inspection.feature_maps.network_map.packing import pack

RNG = np.random.default_rng(0)


def unpack(data: bytes) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """As the browser does."""
    length = int.from_bytes(data[:4], "little")
    header = json.loads(data[4 : 4 + length])
    arrays = {}
    for name, place in header["arrays"].items():
        start = 4 + length + place["at"]
        assert start % 8 == 0
        arrays[name] = np.frombuffer(data, f"<{place['kind']}", place["size"], start)
    return header, arrays


def test_arrays_come_back_from_one_block_of_bytes() -> None:
    given = {"a": np.arange(-3, 4), "b": RNG.normal(size=(2, 3)).astype(np.float32), "c": np.array([7, 255])}
    header, arrays = unpack(
        pack({"word": "naïve"}, {"a": ("i1", given["a"]), "b": ("f4", given["b"]), "c": ("u1", given["c"])})
    )
    assert header["word"] == "naïve"
    for name, values in given.items():
        np.testing.assert_array_equal(arrays[name], values.ravel())
    with pytest.raises(ValueError, match="JSON"):
        pack({"bad": float("nan")}, {})


@pytest.mark.parametrize(("name", "levels"), [("digits", 32_767), ("squeezenet", 127)])
def test_pictures_travel_to_half_a_level_of_each_map(name: str, levels: int) -> None:
    network = zoo.load(name)
    transform = network.description.transform
    inputs = RNG.normal(size=(1, transform.channels, transform.size, transform.size)).astype(np.float32)
    recording = record(network, inputs)
    known = {layer.name: fields(network, layer.name) for layer in columns(network.description)}
    pixels = np.zeros((transform.size, transform.size, 3)[: 2 if transform.channels == 1 else 3], np.uint8)
    chosen = Chosen(recording.layers[0].layer.name, 1, (2, 3))
    health = count_silent_maps(network, [inputs])
    drawn = Shown(network.description, recording, known, pixels, "Noise", health, "1 picture", "layer", chosen)
    header, arrays = unpack(encode(drawn, {"words": {}}))
    assert header["chosen"] == {"layer": chosen.layer, "channel": 1, "row": 2, "column": 3}
    assert [score["channel"] for score in header["scores"]] == np.argsort(-recording.logits)[:5].tolist()
    for at, layer in enumerate(recording.layers[:: 1 if name == "digits" else 8]):
        number = recording.layers.index(layer)
        told = header["layers"][number]
        limits = np.array(told["limits"])[:, None, None]
        found = arrays[f"{number}.pictures"].reshape(layer.pictures.shape) / levels * limits
        assert (np.abs(found - layer.pictures) <= limits / levels * 0.51).all(), at
        assert told["neverCount"] == int(layer.silent.sum())  # in the one picture that there is
        assert arrays[f"{number}.links"].size == layer.links.size
        np.testing.assert_array_equal(arrays[f"{number}.rows"], known[layer.layer.name].rows.ravel())
        np.testing.assert_array_equal(arrays[f"{number}.kinds"], known[layer.layer.name].kinds)
    reads = {told["name"]: told["reads"] for told in header["layers"]}
    assert reads[recording.layers[0].layer.name] == [-1] and reads[recording.layers[1].layer.name] == [0]


def test_a_computation_travels_exactly() -> None:
    network = zoo.load("digits")
    inputs = RNG.normal(size=(1, 1, 28, 28)).astype(np.float32)
    found = computed(network, inputs, "activation_2", 4)
    layer = network.description.layer("activation_2")
    pixels = np.zeros((28, 28), np.uint8)
    explained = Explained(
        found, (3, 4), fields(network, layer.name), np.ones((28, 28), np.float32), pixels, "Head", ("activation_1",)
    )
    header, arrays = unpack(encode_computed(explained))
    for number, source in enumerate(found.sources):
        np.testing.assert_array_equal(arrays[f"source{number}"], source.values.ravel())
        np.testing.assert_array_equal(arrays[f"partial{number}"], source.partial.ravel())  # type: ignore[union-attr]
    assert found.taps is not None
    np.testing.assert_array_equal(arrays["rowTaps"], found.taps.rows.ravel())
    assert header["steps"][header["chosen"]]["layer"] == "activation_2" and header["unit"] == [3, 4]


def test_titles_have_room_above_a_column() -> None:
    titles = {short_title(layer) for name in zoo.BUNDLED for layer in columns(zoo.load(name).description)}
    assert {"Conv 26", "ReLU 3", "Max pool", "Concat 8", "Norm 1", "Avg pool"} <= titles
    assert max(map(len, titles)) <= 12


@pytest.mark.parametrize(
    ("name", "layer", "channel"), [("digits-bn", "activation_2", 4), ("squeezenet", "features_3_squeeze", 2)]
)
def test_the_code_of_the_page_computes_what_it_shows(name: str, layer: str, channel: int) -> None:
    network = zoo.load(name)
    transform = network.description.transform
    if transform.channels == 1:
        pixels, kind = load("mnist").test_images[5], "test-digit"
    else:
        pixels, kind = shown(transform, photograph("cat")), "cat"
    subject = Subject(pixels, to_input(transform, pixels).numpy(), "", kind=kind)
    found = computed(network, subject.inputs, layer, channel)
    code = map_code(network.description, network_code(network), picture_code(subject), found)
    names: dict[str, Any] = {"print": lambda value: None}
    exec(code, names)
    scale = 1 + np.abs(found.asked.values).max()
    np.testing.assert_allclose(names["output"].cpu(), found.asked.values, rtol=0, atol=1e-5 * scale)


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    state: dict[str, Any] = {choice.LAYER: "activation-1", choice.MAP: 0, choice.UNIT: "", choice.ALL: True}
    monkeypatch.setattr(st, "session_state", state)
    return state


def test_a_click_is_taken_into_the_controls(session: dict[str, Any]) -> None:
    network = zoo.load("digits")
    session["map"] = {"chosen": {"layer": "convolution_2", "channel": 11, "row": 3, "column": 4}}
    choice.take_map(network, "map")
    assert session[choice.LAYER] == "convolution-2" and session[choice.MAP] == 11 and session[choice.UNIT] == "3, 4"
    assert session[choice.ALL] is False  # all maps were those of another layer
    session["map"] = {"whole": "convolution_3"}
    choice.take_whole(network, "map")
    assert session[choice.LAYER] == "convolution-3" and session[choice.ALL] is True and session[choice.MAP] is None
    session["map"] = {"unit": {"row": 1, "column": 0}}
    choice.take_unit("map")
    assert session[choice.UNIT] == "1, 0"


@pytest.mark.parametrize(
    "sent",
    [
        None,
        3,
        {"layer": "nothing", "channel": 0},
        {"layer": "convolution_2", "channel": 12},
        {"layer": "convolution_2", "channel": -1},
        {"layer": "convolution_2", "channel": True},
        {"layer": "convolution_2", "channel": "1"},
        {"layer": ["convolution_2"], "channel": 1},
    ],
)
def test_what_no_component_sends_changes_nothing(session: dict[str, Any], sent: object) -> None:
    session["map"] = {"chosen": sent}
    choice.take_map(zoo.load("digits"), "map")
    assert session[choice.LAYER] == "activation-1" and session[choice.MAP] == 0


def test_a_place_that_is_none_is_the_strongest(session: dict[str, Any]) -> None:
    session["map"] = {"unit": {"row": "<b>", "column": 1}}
    choice.take_unit("map")
    assert session[choice.UNIT] == ""


def test_choices_are_clamped() -> None:
    network = zoo.load("digits")
    recording = record(network, RNG.normal(size=(1, 1, 28, 28)).astype(np.float32))
    layer = network.description.layer("convolution_2")
    assert choice.channel(network, recording, Choice(layer, 9_999, None, "")) == 11
    last = network.description.layers[-1]
    assert choice.channel(network, recording, Choice(last, None, None, "")) == recording.logits.argmax()
    found = computed(network, RNG.normal(size=(1, 1, 28, 28)).astype(np.float32), "convolution_2", 0)
    height, width = found.asked.values.shape
    assert choice.unit(found, Choice(layer, 0, (999, 0), "")) == (height - 1, 0)
    assert choice.unit(found, Choice(layer, 0, (0, 999), "")) == (0, width - 1)


@pytest.mark.parametrize("name", ["digits", "digits-bn", "squeezenet"])
def test_what_is_shown_at_first_is_on(name: str) -> None:
    network = zoo.load(name)
    transform = network.description.transform
    is_grey = transform.channels == 1
    pixels = load("mnist").test_images[0] if is_grey else shown(transform, photograph("cat"))
    inputs = to_input(transform, pixels).numpy()
    recording = record(network, inputs)
    for layer in choice.layers(network)[:-1] if is_grey else (choice.first(network),):
        chosen = Choice(layer, None, None, "")
        number = choice.channel(network, recording, chosen)
        found = computed(network, inputs, layer.name, number)
        assert found.steps[-1].values[choice.unit(found, chosen)] > 0, layer.title


def test_a_map_that_is_off_everywhere_shows_its_largest_magnitude() -> None:
    values = np.array([[-1, -5], [-2, -3]], np.float32)
    steps = tuple(Step(kind, kind, kind, "", 0, each) for kind, each in (("convolution", values), ("relu", 0 * values)))
    found = Computed("weighted sum", (), 0, None, 0.0, None, steps, 0)
    assert choice.unit(found, Choice(zoo.load("digits").description.layers[0], 0, None, "")) == (0, 1)


@pytest.mark.parametrize(("typed", "unit"), [("3, 4", (3, 4)), (" 3 4 ", (3, 4)), ("3;4", (3, 4)), ("", None)])
def test_units_that_can_be_read(typed: str, unit: tuple[int, int] | None) -> None:
    assert choice._parse(typed) == unit


@pytest.mark.parametrize("typed", ["3", "a, b", "-1, 2", "1.5, 2", "1, 2, 3", "9999999, 1"])
def test_units_that_cannot(typed: str) -> None:
    with pytest.raises(NoUnitError, match="a row and a column"):
        choice._parse(typed)
