"""A photograph of handwriting among the pictures that a network is shown."""

from __future__ import annotations

import numpy as np
import pytest
import streamlit as st
from opening import opened
from photographed import photographed
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from explainer.data.assets import assets_path
from explainer.data.digits import load
from explainer.data.images import read_image
from explainer.training.loaded import loaded_run
from explainer.ui.components.ink_box import box_of
from explainer.ui.frame import studio

SEVEN = load("mnist").test_images[0]
FILE = photographed(SEVEN, "dim", seed=3)


def uploaded_to(view: dict[str, str], data: bytes = FILE) -> AppTest:
    at = opened("inspection/attribution", {"i_in": "upload", **view})
    at.file_uploader(key="upload").set_value(("seven.jpg", data, "image/jpeg")).run()
    assert not at.exception
    return at


def said(at: AppTest) -> str:
    return " ".join(str(each.value) for each in [*at.markdown, *at.info, *at.caption])


def test_a_seven_in_dim_light_is_read_as_a_seven() -> None:
    assert "is read as 7" in said(uploaded_to({}))


@pytest.mark.parametrize(("i_ink_at", "i_ink"), [("5", "true"), ("95", "true"), ("45", "false")])
def test_whatever_the_controls_hold_there_is_a_picture_or_a_sentence(i_ink_at: str, i_ink: str) -> None:
    at = uploaded_to({"i_ink_at": i_ink_at, "i_ink": i_ink})
    assert "is read as" in said(at) or at.warning


def test_paper_without_a_digit_is_a_sentence_that_says_what_to_do() -> None:
    blank = photographed(np.where(np.arange(784).reshape(28, 28) == 400, 1, 0).astype(np.uint8), "plain", seed=1)
    at = uploaded_to({}, blank)
    assert [str(each.value) for each in at.warning] == [
        "No digit was found in this picture: photograph it from nearer, on plain paper, or draw a box around it."
    ]


def test_a_network_of_photographs_is_not_asked_for_a_digit() -> None:
    at = opened("inspection/attribution", {"i_net": "squeezenet", "i_photo": "upload"})
    assert not [each for each in at.checkbox if each.key == "i_ink"]


@pytest.mark.parametrize(
    "box",
    [
        None,
        "x",
        [1, 2, 3],
        [0, 0, 10, 10.5],
        [0, 0, 10, True],
        [0, 0, 5000, 10],
        [5, 5, 5, 9],
        [-1, 0, 5, 5],
        [9, 9, 5, 5],
    ],
)
def test_a_box_that_is_none_is_not_taken(box: object, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = read_image(FILE, "seven.jpg")
    monkeypatch.setattr(st, "session_state", {"b": {"box": {"picture": picture.key, "box": box}}})
    assert box_of(picture, "b") is None


def test_a_box_is_of_its_picture_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    picture, other = read_image(FILE, "seven.jpg"), read_image(photographed(SEVEN, "plain", seed=4), "other.jpg")
    monkeypatch.setattr(st, "session_state", {"b": {"box": {"picture": picture.key, "box": [1, 2, 30, 40]}}})
    assert box_of(picture, "b") == (1, 2, 30, 40)
    assert box_of(other, "b") is None
    del st.session_state["b"]  # another page, which shows no box
    assert box_of(picture, "b") == (1, 2, 30, 40)


def test_a_photograph_is_read_by_the_network_that_was_just_trained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ContextProxy, "cookies", property(lambda _context: {}))
    monkeypatch.setattr(studio, "visitor", lambda: "me")
    job = loaded_run((assets_path() / "readers" / "plain.safetensors").read_bytes())
    mine = studio.Studio("me", runs=(studio.Run("Mine", job, key="run-1"),))
    monkeypatch.setattr(studio, "_studios", {"me": mine})
    at = opened("training/train", {"view": "draw", "own": "upload"})
    assert "Choose a picture file" in at.info[-1].value
    at.file_uploader(key="upload").set_value(("seven.jpg", FILE, "image/jpeg")).run()
    assert "reads **7**" in said(at)
    at.checkbox(key="i_ink").uncheck().run()
    assert "reads **" in said(at)
    at.selectbox(key="own").set_value("drawing").run()
    assert not at.exception and "Draw a digit" in at.info[-1].value
    at.selectbox(key="own").set_value("camera").run()
    assert not at.exception and at.get("camera_input")
