"""A unit of a layer on the page: which one, what the page says of it, the code of its map, and the address."""

from __future__ import annotations

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from explainer.data.digits import load
from explainer.inspection.fired import Fired, fired
from explainer.inspection.methods import METHODS, Settings
from explainer.inspection.reach import Box
from explainer.inspection.target import Unit
from explainer.networks import zoo
from explainer.networks.reading import to_input
from explainer.words.book import Said
from pages.inspection.attribution import unit_words
from pages.inspection.attribution.attribution_map import Panel, encode
from tests.pages.opening import in_address, opened

PAGE, UNIT = "inspection/attribution", {"at_of": "unit"}
DIGIT = to_input(zoo.DIGITS, load("mnist").test_images[:1].copy()).numpy()


def said(at: AppTest) -> str:
    assert not at.exception
    return " ".join(each.value for each in (*at.caption, *at.markdown, *at.info)).replace("\u00a0", " ")


def test_the_strongest_unit_is_explained_and_the_code_computes_its_map() -> None:
    at = opened(PAGE, {**UNIT, "at_unit": "activation-3", "at_unit_methods": "guided-backpropagation", "code": "true"})
    found = fired(zoo.load("digits"), DIGIT, "activation_3")
    assert found.unit.at is not None
    row, column = found.unit.at
    assert f"map {found.unit.channel} of Activation 3 is strongest at row {row}, column {column}" in said(at)
    box = found.seen
    assert f"{box.bottom - box.top} × {box.right - box.left} pixels, the frame" in said(at)
    formulas = [each.value for each in at.latex]
    assert any(f"S = A_{{{found.unit.channel}}}({row},\\, {column}) = " in each for each in formulas)
    names: dict[str, np.ndarray] = {}
    exec(at.code[0].value, names)
    method = METHODS["guided-backpropagation"]
    want = method.heat(method.attribute(zoo.load("digits"), DIGIT, found.unit, Settings()))
    assert want.any()
    np.testing.assert_allclose(np.asarray(names["heat"]), want, rtol=1e-4, atol=1e-6)


def test_a_chosen_place_and_one_that_is_not_there() -> None:
    at = opened(PAGE, {**UNIT, "at_unit": "convolution-2", "at_map": "4", "at_row": "3", "at_column": "5"})
    assert "map 4 of Convolution 2 is" in said(at) and "at row 3, column 5" in said(at)
    at = opened(PAGE, {**UNIT, "at_unit": "activation-3", "at_map": "999", "at_row": "-3"})
    assert "of Activation 3 is" in said(at)
    at = opened(PAGE, {**UNIT, "at_unit": "fully-connected-1", "at_map": "7"})
    assert "unit 7 of Fully connected 1 is" in said(at) and "sees the whole picture" in said(at)


def test_another_layer_has_fewer_maps() -> None:
    at = opened(PAGE, {**UNIT, "at_unit": "activation-3", "at_map": "23", "at_row": "6"})
    at.selectbox(key="at_unit").set_value("activation-1").run()
    assert "map 5 of Activation 1 is" in said(at) and "at row 6" in said(at)


def test_only_methods_that_can_are_offered_and_the_others_come_back_with_a_class() -> None:
    at = opened(PAGE, {**UNIT, "at_unit_methods": "occlusion"})
    chosen = at.multiselect(key="at_unit_methods")
    assert "Occlusion" not in chosen.options and "Grad-CAM" not in chosen.options
    assert [key for key, method in METHODS.items() if method.tells_units] == [
        "gradient",
        "gradient-times-input",
        "smoothgrad",
        "integrated-gradients",
        "guided-backpropagation",
        "transposed-convolutions",
    ]
    assert in_address(at)["at_of"] == ["unit"]
    at.radio(key="at_of").set_value("logit").run()
    assert "Occlusion" in at.multiselect(key="at_methods").options and "is read as" in said(at)


@pytest.mark.parametrize("tab", ["random-weights", "remove-pixels"])
def test_tests_of_classes_say_so(tab: str) -> None:
    assert "This test is of classes" in said(opened(PAGE, {**UNIT, "at_view": tab}))


def test_a_silent_unit_says_so() -> None:
    network = zoo.load("digits")
    silent = next(k for k in range(24) if not fired(network, DIGIT, "activation_3", k, row=0, column=0).activation)
    query = {**UNIT, "at_unit": "activation-3", "at_map": str(silent), "at_row": "0", "at_column": "0"}
    text = said(opened(PAGE, query))
    assert f"map {silent} of Activation 3 is 0 at row 0, column 0" in text and "This unit is silent" in text


def test_what_is_said_is_of_the_pixels_inside_of_the_frame() -> None:
    heat = np.zeros((4, 4))
    heat[1:3, 0:2] = [[3, 1], [1, 1]]
    found = Fired(Unit("a", 1, (0, 0)), 2.0, Box(1, 0, 3, 2), is_strongest=True)
    text = str(unit_words.notice(found, 4, [(Said("methods.title.gradient"), heat)])).replace("\u00a0", " ")
    assert "2 × 2 pixels" in text and "25.0 % of the pixels inside" in text
    assert str(unit_words.notice(found, 4, [])).startswith("All that this unit sees")
    assert unit_words.formula(found) == r"S = A_{1}(0,\, 0) = 2"


def test_a_frame_travels_with_its_map() -> None:
    picture = np.zeros((4, 4), np.uint8)
    assert encode(Panel("t", "a", np.ones((4, 4)), signed=False, frame=Box(1, 0, 3, 2)), picture)["frame"] == [
        1,
        0,
        3,
        2,
    ]
    assert encode(Panel("t", "a", np.ones((4, 4)), signed=False), picture)["frame"] is None
