"""The page "Receptive field": its links and their numbers, its controls at both ends, and the code that it shows."""

from __future__ import annotations

from typing import Any

import pytest
from opening import opened, said
from streamlit.testing.v1 import AppTest

from explainer.inspection import widest_path
from pages.networks.receptive_field.page import TRY_THIS

PAGE = "networks/receptive_field"


@pytest.mark.parametrize(
    ("link", "says"),
    [
        ("two", ["could see 5 × 5 pixels", "2 layers hold 18 C² weights", "the same 5 × 5 pixels would hold 25 C²"]),
        ("three", ["could see 7 × 7 pixels", "3 layers hold 27 C² weights", "the same 7 × 7 pixels would hold 49 C²"]),
        ("vgg", ["could see 196 × 196 pixels", "132 + (3 − 1)", "= **196**"]),
        ("proposals", ["could see 228 × 228 pixels", "196 + (3 - 1) \\cdot 1 \\cdot 16 = 228"]),
        ("norb", ["could see 96 × 96 pixels", "36 + (6 - 1) \\cdot 1 \\cdot 12 = 96", "of these 9,216, "]),
        ("dilated", ["could see 31 × 31 pixels", "The dilations leave no hole"]),
        ("holes", ["13 × 13 pixels", "120 of its 169 pixels are never read", "pixels 1, 3, 5, 7, …"]),
        ("causal", ["could see 16 pixels", "4 layers hold 8 C² weights", "8 + (2 - 1) \\cdot 8 \\cdot 1 = 16"]),
        ("digits", ["could see 16 × 16 pixels", "10 + (4 - 1) \\cdot 1 \\cdot 2 = 16"]),
        ("squeezenet", ["could see 155 × 155 pixels", "the narrowest sees 123 pixels along an axis, the widest 155"]),
    ],
)
def test_what_the_links_say(link: str, says: list[str]) -> None:
    preset = next(each for each in TRY_THIS if getattr(each.label, "key", "").endswith(f".{link}"))
    found = said(opened(PAGE, dict(preset.query)))
    for each in says:
        assert each in found


def test_every_link_is_asserted() -> None:
    assert len(TRY_THIS) == 10


def test_the_traps_of_the_first_view() -> None:
    found = said(opened(PAGE))
    assert "without it unit 0 of Convolution 4 would look at pixel 6.5, with it at 0.5. 6 of 16 units" in found
    assert (
        "Max pooling 1 has stride 2 and doubles the jump, from 1 to 2: each kernel of 3 behind it adds 4 pixels"
        in found
    )


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"stack": "c3,x3"}, "Layer 2, “x3”, cannot be read"),
        ({"stack": ""}, "Write at least one layer"),
        ({"stack": "p8,p8"}, "has only 4 units with its padding"),
        ({"stack": "c1p9"}, "could see 1 × 1 pixels"),
        ({"stack": "c1p9", "rf_unit": "0"}, "none of them moves unit 0: its gradient is 0 everywhere"),
        ({"stack": "c1s3", "rf_size": "12"}, "8 of the input's 12 pixels are read by no unit"),
        ({"stack": "c3,c3", "rf_layer": "1"}, "A unit of Convolution 1 could see 3 × 3 pixels"),
        ({"stack": "c3,c3", "rf_layer": "7"}, "A unit of Convolution 2 could see 5 × 5 pixels"),
        ({"stack": "c3,c3", "rf_unit": "999"}, "could see 5 × 5 pixels"),
        ({"rf_size": "8"}, "could see 14 × 14 pixels, 64 of them in the input"),
        ({"rf_size": "320"}, "could see 14 × 14 pixels"),
        ({"rf_axes": "1d", "rf_relu": "false", "rf_seed": "999"}, "could see 14 pixels"),
        ({"rf_of": "network", "i_net": "digits-bn", "rf_map": "convolution-1"}, "could see 6 × 6 pixels"),
        ({"rf_of": "network", "i_net": "squeezenet", "rf_map": "convolution-3"}, "could see 11 × 11 pixels"),
        ({"rf_of": "network", "i_in": "drawing"}, "raw"),
    ],
)
def test_controls_at_their_ends_and_nonsense(query: dict[str, str], says: str) -> None:
    assert says in said(opened(PAGE, query))


def test_a_network_without_a_window_is_answered_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(widest_path, "windowed", lambda network: ())
    assert "This network has no convolution and no pooling" in said(opened(PAGE, {"rf_of": "network"}))


@pytest.mark.parametrize(
    "query",
    [{}, {"stack": "c2l1,c2l2d2,c2l4d4", "rf_axes": "1d"}, {"rf_unit": "0"}, {"rf_of": "network", "rf_map_unit": "1"}],
)
def test_the_code_measures_what_is_shown(query: dict[str, str]) -> None:
    at = opened(PAGE, {**query, "code": "true"})
    assert not at.exception
    made: dict[str, Any] = {}
    exec(at.code[0].value, made)
    shown = _data(at)
    heat = shown["heat"]
    if "box" in made:
        box = made["box"]
        assert [box.top, box.left, list(made["squares"].shape)] == [heat["top"], heat["left"], heat["shape"]]
        along = made["squares"].sum(0)
        assert heat["profile"] == pytest.approx((along / along.max()).tolist(), abs=1e-3)
    else:
        assert made["field"] == (heat["left"], heat["left"] + heat["shape"][1] - 1)


def _data(at: AppTest) -> dict[str, Any]:
    """What the picture was given."""
    import json

    found = [
        json.loads(element.proto.json)
        for element in at.main
        if element.type == "bidi_component" and element.proto.component_name == "explainer.field_picture"
    ]
    assert len(found) == 1
    return dict(found[0])
