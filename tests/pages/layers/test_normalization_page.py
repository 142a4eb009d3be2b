"""What the page "Normalization" says and offers, without a browser."""

from __future__ import annotations

import numpy as np
import pytest
from opening import in_address, opened

from explainer.data.activations import activations
from explainer.data.grid_text import GridError
from explainer.layers.normalization import Affine, Kind, normalize
from pages.layers.normalization.page import TRY_THIS, VIEWS
from pages.layers.normalization.statistics_grid import encode, set_names
from pages.layers.normalization.tensor import View, notice, per_channel


def view(kind: Kind, shape: tuple[int, int, int, int] = (2, 4, 2, 2), eps: float = 1e-5, equal: bool = False) -> View:
    inputs = activations("equal" if equal else "random", shape)
    affine = Affine(np.ones(shape[1]), np.zeros(shape[1]))
    return View(inputs, kind, 2, eps, affine, normalize(inputs, kind, affine, groups=2, eps=eps))


def test_the_notice_says_what_is_computed() -> None:
    assert "4 in all" in notice(view("batch"))
    assert "from −4.25 to 3.125" in notice(view("batch"))
    assert "depends on the others" not in notice(view("batch", (1, 4, 2, 2)))
    assert "over the one picture of the batch" in notice(view("batch", (1, 4, 2, 2)))
    assert "2 in all" in notice(view("layer"))
    assert "8 in all" in notice(view("instance"))
    assert "4 in all" in notice(view("group"))
    assert "passes as it is" in notice(view("none"))
    assert "one number" in notice(view("batch", (1, 4, 1, 1)))
    assert "PyTorch refuses" in notice(view("instance", (2, 4, 1, 1)))
    for accepted in (view("layer", (1, 1, 1, 1)), view("group", (2, 2, 1, 1))):
        assert "one number" in notice(accepted)
        assert "refuses" not in notice(accepted)
    assert "ε = 10 is not small" in notice(view("batch", eps=10.0))
    assert "32 of 32 numbers are 0 / 0" in notice(view("batch", eps=0.0, equal=True))


def test_a_number_for_every_channel() -> None:
    assert per_channel("γ", " 2 ", 3).tolist() == [2, 2, 2]
    assert per_channel("γ", "1, 2; 3", 3).tolist() == [1, 2, 3]
    for text in ("", " , ", None, "1 2", "1 2 3 4", "two", "nan", "1e9"):
        with pytest.raises(GridError, match="type"):
            per_channel("β", text, 3)


def test_the_preset_undoes_it() -> None:
    query = next(preset.query for preset in TRY_THIS if "undo" in preset.label)
    inputs = activations("random", (2, 4, 2, 2))
    affine = Affine(per_channel("γ", query["n_gamma"], 4), per_channel("β", query["n_beta"], 4))
    np.testing.assert_allclose(normalize(inputs, "batch", affine).output, inputs, rtol=0, atol=1e-5)


def test_what_the_browser_gets() -> None:
    shown = view("batch", eps=0.0, equal=True)
    data = encode(shown.inputs, shown.result, shown.affine, 0.0)
    assert data["output"] == [None] * 32  # JSON has no NaN
    assert data["input"] == [3.0] * 32
    assert data["sets"][:8] == [0, 0, 0, 0, 1, 1, 1, 1]


def test_the_names_of_the_sets() -> None:
    assert set_names("batch", 4, 1, 4) == ["channel 0", "channel 1", "channel 2", "channel 3"]
    assert set_names("layer", 4, 1, 2) == ["picture 0", "picture 1"]
    assert set_names("instance", 2, 1, 4)[2] == "picture 1, channel 0"
    assert set_names("group", 4, 2, 4)[1] == "picture 0, group 1"
    assert set_names("none", 4, 1, 0) == []


@pytest.mark.parametrize(
    ("query", "view"),
    [
        ({}, "tensor"),
        ({"n_kind": "layer"}, "tensor"),
        ({"n_norm": "layer", "n_digits": "8"}, "real-layer"),
        ({"n_batch": "2"}, "evaluation"),
        ({"n_fold_code": "true"}, "folding"),
        ({"n_kind": "layer", "n_batch": "2"}, "tensor"),  # of two views: the first one was on top
        ({"n_batch": "2", "n_view": "tensor"}, "tensor"),
        ({"n_filter": "2", "n_view": "real-layer"}, "real-layer"),
    ],
)
def test_a_link_to_a_part_of_before_opens_the_view_that_it_has_become(query: dict[str, str], view: str) -> None:
    at = opened("layers/normalization", query)
    assert not at.exception
    assert at.session_state["n_view"] == view
    assert in_address(at).get("n_view", []) == ([view] if view != "tensor" else [])


@pytest.mark.parametrize("view", VIEWS)
def test_each_view_has_its_sentence(view: str) -> None:
    at = opened("layers/normalization", {"n_view": view})
    assert not at.exception
    said = [text.value for text in at.markdown if ":material/visibility:" in text.value]
    assert len(said) == (2 if view == "evaluation" else 1)
