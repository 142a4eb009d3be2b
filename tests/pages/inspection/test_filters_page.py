"""The page "Filters": what it says, what its controls do, and that the code it shows computes what it draws."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from streamlit import config
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from explainer.inspection import filters
from explainer.inspection.filter_bank import Bank
from explainer.inspection.filters import Kernels
from explainer.networks.build import build
from explainer.networks.config import NetworkConfig
from explainer.networks.description import Layer
from explainer.networks.weights import to_bytes
from explainer.networks.zoo import load
from explainer.training.config import RunConfig
from explainer.training.film import Frame
from explainer.training.job import Job, State
from explainer.training.recorded_film import recorded_film
from explainer.training.snapshot import Point
from explainer.ui.controls.networks import UPLOAD
from explainer.ui.frame.studio import studio
from pages.inspection.filters import first, words
from pages.inspection.filters import run as film_of_run
from pages.inspection.filters import slices as filter_slices
from pages.inspection.filters.page import DEEPER, FRESH, TRAINING

ROOT = Path(__file__).parents[3]
SQUEEZENET = {"i_net": "squeezenet"}


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No cookies, and messages in error boxes."""
    monkeypatch.setattr(ContextProxy, "cookies", property(lambda _context: {}))
    monkeypatch.setattr("explainer.ui.frame.studio.visitor", lambda: "the visitor of this test")
    monkeypatch.chdir(ROOT)  # the code that is shown reads assets
    before = config.get_option("client.showErrorDetails")
    config.set_option("client.showErrorDetails", "full")
    yield
    config.set_option("client.showErrorDetails", before)
    studio().runs = ()


def _page() -> None:
    from explainer.ui.frame import page
    from explainer.ui.frame.address import part
    from pages.inspection.filters import page as filters

    page.header("Filters", "?")
    with part("page"):
        filters.show()


def opened(**query: str) -> AppTest:
    at = AppTest.from_function(_page, default_timeout=300)
    at.query_params = {"code": "true", **query}
    at.run()
    assert not at.exception, [box.message for box in at.exception]
    return at


def sent(at: AppTest, part: str) -> dict[str, Any]:
    """What the component whose data have ``part`` got."""
    found = [json.loads(each.proto.json) for each in at.main if each.type == "bidi_component" and each.proto.json]
    return next(data for data in found if part in data)


def notice(at: AppTest) -> str:
    return next(text.value for text in at.markdown if "visibility" in text.value)


def computed(at: AppTest) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(at.code[0].value, names)
    return names


def weights(wall: dict[str, Any]) -> np.ndarray:
    values = np.frombuffer(base64.b64decode(wall["weights"]), "<f4")
    return values.reshape(len(wall["numbers"]), *wall["shape"])


@pytest.mark.parametrize("query", [{}, SQUEEZENET, {**SQUEEZENET, "fi_sort": "similarity"}, {"fi_sort": "norm"}])
def test_the_code_gives_the_filters_in_the_order_that_is_drawn(query: dict[str, str]) -> None:
    at = opened(**query, fi_filter="2")
    (wall,) = sent(at, "walls")["walls"]
    names = computed(at)
    assert names["order"].tolist() == wall["numbers"]
    np.testing.assert_array_equal(weights(wall), names["weight"][names["order"]].numpy())
    np.testing.assert_array_equal(names["kernel"].numpy(), names["weight"][2].numpy())


def test_trained_beside_fresh_filters() -> None:
    at = opened(**SQUEEZENET, fi_view=FRESH, fi_seed="5", fi_sort="norm")
    trained, fresh = sent(at, "walls")["walls"]
    names = computed(at)
    np.testing.assert_array_equal(weights(trained), names["weight"][names["order"]].numpy())
    order = [number - 96 for number in fresh["numbers"]]
    np.testing.assert_array_equal(weights(fresh), names["fresh"][order].numpy())
    assert fresh["bias"] is None and fresh["names"][0] == f"Untrained filter {order[0]}"
    assert "0 untrained ones" in notice(at) and "73 of 96 trained filters have stripes" in notice(at)


def test_a_grid_of_slices_and_one_filter() -> None:
    layer = {"fi_view": DEEPER, "fi_layer": "convolution-4", **SQUEEZENET}
    at = opened(**layer, fi_f="3")
    data = sent(at, "walls")
    (wall,) = data["walls"]
    slices = computed(at)["slices"].numpy()
    assert slices.shape == (16, 16, 3, 3)
    np.testing.assert_array_equal(weights(wall), slices.reshape(256, 1, 3, 3))
    assert (wall["across"], wall["rowNames"][0], wall["first"][:3]) == (16, "3", [0, 1, 2])
    assert "256 of 1,024 slices" in notice(at)
    at = opened(**layer, fi_kind="filter", fi_one="9", fi_slices="norm")
    (wall,) = sent(at, "walls")["walls"]
    lengths = np.linalg.norm(weights(wall).reshape(16, -1), axis=1)
    assert (np.diff(lengths) <= 0).all()
    own = computed(at)["slices"].numpy()[0]
    np.testing.assert_array_equal(weights(wall)[:, 0], own[[number - 9 * 16 for number in wall["numbers"]]])


def test_what_is_read_of_too_many_maps_is_left_out_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.inspection.filters.slices.MOST_VALUES", 100)
    at = opened(fi_view=DEEPER)
    assert sent(at, "walls")["given"] is None
    assert "is left out" in at.caption[0].value


def test_filters_that_read_one_map_each_are_no_grid() -> None:
    weights = np.random.default_rng(0).normal(0, 1, (6, 1, 3, 3)).astype(np.float32)
    found = Kernels(weights, np.zeros(6, np.float32), (1, 1), (1, 1), (1, 1), groups=6)
    layer = Layer("depthwise", "Convolution 2", "convolution", (6, 8, 8), ("x",), is_maps=True)
    slices = filter_slices.Slices(found, tuple((row, 0) for row in range(6)))
    wall = filter_slices._laid(layer, slices, range(6), range(1))
    assert (wall.across, list(wall.short)) == (0, ["0", "1", "2", "3", "4", "5"])
    assert wall.names[5] == "Filter 5, map 5"
    np.testing.assert_array_equal(wall.weights, weights)
    assert "depthwise" in filter_slices._said_of_grid(slices)
    assert filter_slices._rows(1) == 256 and filter_slices._rows(3) == 16


@pytest.mark.parametrize("view", [{}, {"fi_view": FRESH}, {"fi_view": DEEPER}])
def test_without_a_network_or_a_picture_the_page_says_what_to_do(view: dict[str, str]) -> None:
    at = opened(**view, i_net=UPLOAD)
    assert "Choose a weights file" in at.info[0].value
    at = opened(**view, i_in="upload")
    assert "Choose a picture file" in at.info[0].value
    assert sent(at, "walls")["given"] is None


def test_a_network_without_convolutions_is_explained() -> None:
    torch.manual_seed(0)
    config = NetworkConfig((), hidden=(4,))
    weights = to_bytes(build(config), config)
    run = studio().keep("flat", Job(RunConfig(config), state=State("finished", weights=weights)))
    for view in ({}, {"fi_view": FRESH}, {"fi_view": DEEPER}):
        at = opened(**view, i_net=run.key)
        assert "no convolution" in at.info[0].value


def test_a_number_too_large_for_another_network_becomes_its_last() -> None:
    at = opened(**SQUEEZENET, fi_filter="95")
    assert at.number_input(key="fi_filter").value == 95
    assert sent(at, "walls")["chosen"] == 95
    at.selectbox(key="i_net").set_value("digits").run()
    assert not at.exception
    assert at.number_input(key="fi_filter").value == 5  # the digit reader has six


def test_a_filter_that_is_clicked_is_chosen_and_a_fresh_one_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    state: dict[str, int] = {}
    monkeypatch.setattr(first.st, "session_state", state)
    for number, expected in ((3, 3), (6, 3), (-1, 3), (5, 5)):  # 6 is the first fresh one
        first._pick(6, number)
        assert state == {"fi_filter": expected}


def test_without_a_run_there_is_a_recorded_film() -> None:
    at = opened(fi_view=TRAINING)
    data = sent(at, "frames")
    assert data["shape"] == [16, 9, 9] and len(data["said"]) == len(recorded_film().state().film)
    assert data["said"][0].startswith("Step 0 · ") and data["said"][-1].startswith("Step 938 · epoch 2.00 · 99.")
    assert at.button[0].label == "Train it here"
    assert "film.append" in at.code[0].value


def _run_with_film() -> Job:
    start = np.random.default_rng(0).normal(0, 1, (4, 3, 3)).astype(np.float16)
    grown = {0: 1.0, 5: 1.6, 10: 2.0}  # times what they were
    film = tuple(Frame(step, step / 10, (start * scale).astype(np.float16)) for step, scale in grown.items())
    points = (Point(0, 0.0, 0.0, 1.0, 0.1, None, None, 2.3, 0.1, 1000), Point(5, 0.5, 0.0, 1.0, 0.1, 1.0, 0.5))
    return Job(RunConfig(NetworkConfig(())), state=State("finished", points, film=film))


def test_the_film_of_a_run_and_its_changes() -> None:
    studio().keep("mine", _run_with_film())
    at = opened(fi_view=TRAINING)
    data = sent(at, "frames")
    assert data["said"] == [
        "Step 0 · epoch 0.00 · 10.0 % test accuracy",
        "Step 5 · epoch 0.50 · 10.0 % test accuracy",
        "Step 10 · epoch 1.00 · 10.0 % test accuracy",
    ]
    assert "moved by 100 % of their length" in notice(at) and "by step 5" in notice(at)
    limit = data["limit"]
    at.selectbox(key="fi_show").set_value("changes").run()
    assert not at.exception
    data = sent(at, "frames")
    assert data["limit"] == pytest.approx(limit / 2, rel=1e-2)
    codes = np.frombuffer(base64.b64decode(data["frames"]), np.uint8).reshape(3, 4, 3, 3)
    assert (codes[0] == 128).all()


def test_a_film_whose_run_ends_while_it_is_drawn_is_asked_after(monkeypatch: pytest.MonkeyPatch) -> None:
    job = _run_with_film()
    going = Job(job.config, state=replace(job.state(), status="running"))
    studio().keep("mine", going)
    monkeypatch.setattr(film_of_run, "filter_film", lambda *_, **__: going.become("stopped"))
    at = opened(fi_view=TRAINING)
    assert not going.going
    assert sent(at, "turn")["going"]


def test_words_of_stripes_lengths_colours_and_twins() -> None:
    flat = np.zeros((4, 3, 5, 5), np.float32)
    flat[0, :, :, 2], flat[1, :, 2, :], flat[2, 0] = 1, 1, 1
    flat[3] = -flat[0]
    bank = Bank(flat)
    assert words.stripes(bank, 0).startswith("Stripes at 90°")
    assert words.stripes(bank, 1).startswith("Stripes at 0°")
    assert words.stripes(bank, 2) == "No clear stripes"
    assert "Filters with stripes or edges: 3 of 4," in words.said_of_stripes(bank)
    assert "1 horizontal, 2 vertical, 0 oblique" in words.said_of_stripes(bank)
    assert "1 of 4 filters are mostly about colour, 3 read" in words.said_of_colour(bank)
    assert words.said_of_colour(bank).endswith("the network has split the work.")
    assert words.said_of_colour(Bank(flat[:2])).endswith("the network has not split the work.")
    assert (bank.twin(0, -1), bank.twin(3, -1)) == (3, 0)
    assert "2 of 4 filters have an opposite" in words.said_of_twins(bank, 0)
    assert "1.29 times the smallest" in words.said_of_lengths(Bank(flat[:3]))
    assert "all zeros" in words.said_of_lengths(Bank(np.zeros((2, 1, 3, 3), np.float32)))
    assert words.facts(Bank(flat[:1]), 0) == "L2 norm 3.87 · 0 % colour · " + words.stripes(bank, 0)


def test_the_movement_of_a_film() -> None:
    film = _run_with_film().state().film
    np.testing.assert_allclose(words.moved(film), [0, 0.6, 1], rtol=2e-3)
    assert "Only the start" in words.said_of_film(film[:1], words.moved(film[:1]))
    broken = (film[0], Frame(5, 0.5, np.full_like(film[0].picture, np.inf)))
    with np.errstate(invalid="ignore"):
        assert "diverged" in words.said_of_film(broken, words.moved(broken))


@pytest.mark.parametrize("name", ["digits", "squeezenet"])
@pytest.mark.parametrize("by", ["norm", "orientation", "similarity", "colour", "number"])
def test_formulas_end_with_the_backends_numbers(name: str, by: Any) -> None:
    network = load(name)
    found = filters.kernels(network, network.description.convolutions[0].name)
    bank = Bank(found.weights)
    pair = [torch.from_numpy(found.weights[i].ravel()) for i in (4, bank.twin(4))]
    expected = {
        "norm": f"{np.linalg.norm(found.weights[4]):.4g}",
        "orientation": f"{filters.orientation(found.weights).angle[4]:.1f}",
        "similarity": f"{torch.cosine_similarity(*pair, 0):.3f}",
        "colour": f"{filters.colour(found.weights)[4]:.3f}",
        "number": f"{found.bias[4]:.3g}",
    }
    assert expected[by] in words.formula(bank, by, 4, float(found.bias[4]))
    assert words.said(bank, by, 4).endswith((".", "signs."))
