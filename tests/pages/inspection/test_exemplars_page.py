"""What the page "What it looks for" says, cuts out and sends to the browser."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from explainer.data.digits import load
from explainer.inspection.exemplars import NOWHERE, Hit, Peaks, Ranking, layers_of_units, rank
from explainer.inspection.patches import squares
from explainer.inspection.picture_sets import Pictures, pictures_for
from explainer.inspection.reach import Box
from explainer.networks import zoo
from explainer.networks.description import Layer
from explainer.ui.frame import page
from pages.inspection.exemplars import embedding, exemplar_gallery, view, words
from pages.inspection.exemplars.exemplar_gallery import Exemplar, ExemplarRow
from pages.inspection.exemplars.pictures import Found, bundled_name
from pages.inspection.exemplars.view import _cut

MAPS = Layer("m", "Activation 3", "activation", (3, 7, 7), (), is_maps=True)
UNITS = Layer("u", "Fully connected 1", "fully connected", (60,), (), is_maps=False)


def decoded(url: str) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(url.split(",")[1]))))


def ranking(values: np.ndarray) -> Ranking:
    return rank(Peaks(values.astype(np.float32), np.zeros(values.shape, np.int32)))


@pytest.fixture(scope="module")
def digits() -> Pictures:
    return pictures_for(zoo.load("digits"))


def test_a_small_picture_arrives_pixel_for_pixel() -> None:
    digit = load("mnist").test_images[0]
    made = exemplar_gallery.encode(ExemplarRow("row", (Exemplar(digit, "7", "a 7", Box(-2, 5, 10, 30)),)))
    (sent,) = made["exemplars"]
    np.testing.assert_array_equal(decoded(sent["source"]), digit)
    assert sent["sharp"] and sent["ratio"] == 1
    assert sent["frame"] == [5 / 28, 0, 23 / 28, 10 / 28]  # without the two rows above the picture


def test_a_large_picture_is_shrunk() -> None:
    photo = np.random.default_rng(0).integers(0, 256, (300, 150, 3), np.uint8)
    alone = exemplar_gallery.encode(ExemplarRow("row", (Exemplar(photo),)))["exemplars"][0]
    chosen = exemplar_gallery.encode(ExemplarRow("row", (Exemplar(photo),), 40, (5,)))["exemplars"][0]
    assert decoded(alone["source"]).shape == (224, 112, 3) and not alone["sharp"] and alone["ratio"] == 0.5
    assert decoded(chosen["source"]).shape == (80, 40, 3) and alone["frame"] is None


def test_a_row_is_checked() -> None:
    with pytest.raises(ValueError, match="24 to 224"):
        exemplar_gallery.encode(ExemplarRow("row", (), 10))
    with pytest.raises(ValueError, match="1 pictures cannot be 2 choices"):
        exemplar_gallery.encode(ExemplarRow("row", (Exemplar(np.zeros((2, 2), np.uint8)),), 40, (1, 2)))


def test_a_patch_over_the_border_is_transparent_there() -> None:
    digit = np.arange(16, dtype=np.uint8).reshape(4, 4)
    made = _cut(digit, Box(0, 2, 2, 4), Box(-1, 2, 2, 5))
    assert made[..., 3].tolist() == [[0, 0, 0], [255, 255, 0], [255, 255, 0]]
    assert made[1:, :2, 0].tolist() == [[2, 3], [6, 7]]


def test_a_patch_larger_than_the_picture_is_the_picture() -> None:
    digit = np.arange(16, dtype=np.uint8).reshape(4, 4)
    made = _cut(digit, Box(0, 0, 4, 2), Box(-3, -1, 9, 2))  # all rows, and two columns with one of padding
    assert made.shape == (4, 3, 4) and made[:, 1:, 1].tolist() == digit[:, :2].tolist()


def test_the_sheet_has_every_digit_in_its_place() -> None:
    data = load("mnist").test_images[: embedding.COLUMNS + 3]
    sheet = decoded(embedding.sheet_of(data))
    assert sheet.shape == (56, 28 * embedding.COLUMNS)
    np.testing.assert_array_equal(sheet[28:, 56:84], data[embedding.COLUMNS + 2] // 16)
    assert not sheet[28:, 84:].any()


def test_points_travel_as_float32() -> None:
    points = np.array([[1.5, -2.25], [3, 4]], np.float32)
    assert np.frombuffer(base64.b64decode(embedding.encode(points)), "<f4").tolist() == [1.5, -2.25, 3, 4]


def test_which_pictures_a_network_chooses_among(digits: Pictures) -> None:
    assert digits.dataset == "mnist" and digits.most == 100 and len(digits.groups) == 10_000
    photos = pictures_for(zoo.load("squeezenet"))
    assert photos.dataset is None and len(photos.groups) == len(squares()) and photos.most == 20
    assert photos.title(0) == "A cat, a crop of 300 × 300 pixels"
    assert len(photos.short_names) == len(photos.names) == 6
    assert bundled_name(digits.network) == "digits"


def test_the_strongest_are_counted_by_class(digits: Pictures) -> None:
    labels = load("mnist").test_labels
    fives = np.flatnonzero(labels == 5)[:70]
    numbers = np.concatenate([fives, np.flatnonzero(labels == 3)[:90]]).astype(np.int32)
    counts, expected, names = digits.groups_of(numbers)
    assert counts.tolist() == [0, 0, 0, 30, 0, 70, 0, 0, 0, 0] and names[5] == "5"
    np.testing.assert_allclose(expected, np.bincount(labels) / 100)


def test_what_is_told_of_a_digit(digits: Pictures) -> None:
    (said,) = digits.told([0])
    assert said.startswith("Test digit 0: 7, read as 7 (")
    detail = words.detail(
        MAPS, digits.network, Hit(0, -1.25, 8), said, box=Box(0, 0, 14, 16), window=Box(-2, 0, 14, 16)
    )
    assert detail.endswith(
        "Activation −1.25 in row 1, column 1, which sees rows 0 to 13 and columns 0 to 15 and padding"
    )
    all_seen = words.detail(
        MAPS, digits.network, Hit(0, 3.0, 8), said, box=Box(0, 0, 28, 28), window=Box(-2, -2, 30, 30)
    )
    assert all_seen.endswith("which sees all of the picture")
    assert words.detail(
        MAPS, digits.network, Hit(0, 0, NOWHERE), said, box=Box(0, 0, 28, 28), window=Box(0, 0, 28, 28)
    ).endswith("0 everywhere")


def test_what_is_nearly_sure_is_not_written_as_sure() -> None:
    told = pictures_for(zoo.load("digits")).told(list(range(40)))
    assert not any("100.0 %" in text for text in told) and any("(> 99.9 %)" in text for text in told)


def test_values_are_short() -> None:
    assert [words.short(value) for value in (0, 5.4, -0.04984, 12.34, 1234.5)] == [
        "0",
        "5.40",
        "−0.0498",
        "12.3",
        "1,234",
    ]


def test_units_have_names() -> None:
    network = zoo.load("squeezenet")
    assert words.name(MAPS, 2, network) == "Map 2" and words.name(UNITS, 2, network) == "Unit 2"
    assert words.name(network.description.layers[-1], 285, network) == "Logit of class Egyptian cat"


def test_the_line_says_how_many_nothing_tried_excites() -> None:
    found = ranking(np.concatenate([np.ones((50, 58)), np.zeros((50, 2))], axis=1))
    assert words.line(UNITS, range(48), found, "50 test digits") == (
        "What excites units 0 to 47 of 60 most; 2 of 60 are not above 0 on any of 50 test digits tried"
    )
    assert words.line(MAPS, range(3), ranking(np.ones((9, 3))), "squares") == "What excites each of the 3 maps most"


def test_where_all_are_equal_none_is_the_strongest() -> None:
    found = ranking(np.stack([np.arange(12.0), np.full(12, 2.5)], axis=1))
    assert words.ranked("Map 0", 0, found, "12 test digits") == "Map 0: the strongest of 12 test digits"
    assert (
        words.ranked("Map 1", 1, found, "12 squares")
        == "Map 1: the same on all of 12 squares, so none is the strongest"
    )


def test_the_sentence(digits: Pictures) -> None:
    labels = load("mnist").test_labels.astype(float)
    rng = np.random.default_rng(0)
    values = np.stack(
        [
            (labels == 5) - 0.5,  # fives alone
            np.isin(labels, (3, 4)) * 1.0 + (labels == 3) * 0.5 * (rng.random(10_000) < 0.08),
            rng.random(10_000),  # no class at all
            np.zeros(10_000),
            -1 - labels,
            np.full(10_000, 2.5),
        ],
        axis=1,
    )
    found, network = ranking(values), digits.network

    def said(channel: int, layer: Layer = MAPS) -> str:
        return words.notice(network, layer, channel, found, digits)

    assert "above 0 on 9 % of the test digits. All of the 100 strongest are **“5”**" in said(0)
    assert "are “3”**" in said(1) and "looks for what these have" in said(1)
    assert "chance would give" in said(2) and "10 of 10 are among them" in said(2)
    assert said(3) == "Map 3 is 0 on all 10,000 test digits tried: it tells none of them apart."
    assert said(4) == "Map 4 is not above 0 on any of 10,000 test digits tried."
    assert said(4, UNITS) == (
        "Unit 4 is not above 0 on any of 10,000 test digits tried: a ReLU behind it would make all of these 0."
    )
    assert "the same, 2.5, on all" in said(5)


def test_one_photograph_says_nothing_of_what_a_unit_looks_for() -> None:
    pictures = pictures_for(zoo.load("squeezenet"))
    cats = (pictures.groups == 0).astype(float)
    strides = np.arange(len(cats)) % 2.0
    found = ranking(np.stack([cats + strides / 10 if cats.sum() >= 20 else 10 * cats, strides], axis=1))
    few = Ranking(**{**vars(found), "strongest": found.strongest[:, : int(cats.sum())]})
    alone, mixed = (words.notice(pictures.network, MAPS, at, few, pictures) for at in (0, 1))
    assert "are of one photograph, **“A cat”**: what of it counts, one photograph cannot say." in alone
    assert "photographs are among them." in mixed
    assert "looks for" not in alone + mixed


def test_nothing_is_concluded_before_all_pictures_are_ranked(monkeypatch: pytest.MonkeyPatch) -> None:
    network = zoo.load("squeezenet")
    pictures, layer = pictures_for(network), layers_of_units(network)[0]
    drawn: list[str] = []
    monkeypatch.setattr(view, "exemplar_gallery", lambda rows, *_: drawn.extend(row.title for row in rows))
    monkeypatch.setattr(page, "notice", drawn.append)
    monkeypatch.setattr(page, "formula", lambda _: None)
    monkeypatch.setattr(page, "pytorch_snippet", lambda _: None)
    monkeypatch.setattr(view, "_view", lambda: view.View(network, layer, 0, None, patch=False))
    values = np.random.default_rng(0).random((111, layer.channels))
    for done in (14, 111):
        drawn.clear()
        monkeypatch.setattr(view, "ranking", lambda *_, done=done: Found(ranking(values[:done]), done, 111))
        view.picture(st.container())
        said = "the first 14 of 111" if done == 14 else "111"
        assert f"Map 0: the strongest of {said} {pictures.what}" in drawn
        assert any("above 0 on" in text for text in drawn) == (done == 111)


def test_a_layer_that_is_0_gets_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    from explainer.inspection import embedding as backend

    monkeypatch.setattr(backend, "features", lambda *_: np.zeros((2_000, 5), np.float32))

    def script() -> None:
        import streamlit as st

        from pages.inspection.exemplars import digit_map

        for key, value in {"i_net": "digits", "ex_space": "activation-fc-1", "ex_method": "pca"}.items():
            st.session_state[key] = value
        digit_map._projection.clear()
        digit_map.picture(st.container())

    at = AppTest.from_function(script, default_timeout=300).run()
    assert not at.exception
    assert [warning.value for warning in at.warning] == [
        "This layer gives every digit the same numbers, so there is nothing to draw."
    ]
